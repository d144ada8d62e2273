/** What may happen to a plan on its way (Plan 4.1.4): agreed to in part, taken back, agreed to in advance, asked for by letter. */
import assert from 'node:assert/strict'
import { story } from '../story.mjs'
import { DESK, PHONE, until } from '../users.mjs'

const { step } = story('plan')
const who = {}
const made = {}
const fileOf = (incident) => who.dispatcher.reads(`/incidents/${incident}`)

step('Plan 4.3.1: a place is pointed at on the map, whose boundaries say that they are approximate', async ({ browser }) => {
  const comes = async (account, viewport = DESK) => (await browser.user(account, viewport)).signsIn();
  [who.dispatcher, who.bureau, who.shiftLeader] = await Promise.all([comes('dispatcher'), comes('bureau'), comes('shift-leader', PHONE)])
  const { dispatcher } = who
  const onMap = async () => {
    await dispatcher.find('.mapnotice').getByText('示意').waitFor()
    const map = dispatcher.find('[data-pointing] canvas').first()
    await map.waitFor()
    const { width, height } = await map.boundingBox()
    await map.click({ position: { x: width / 2, y: height / 2 } })
    await until('the place is the map’s', async () => (await dispatcher.find('input[data-field=place]').inputValue()).includes('地图选点'))
  }
  made.pointed = await dispatcher.takesCallAt(onMap, '火灾', '1')
  const { brief } = await fileOf(made.pointed)
  assert.ok(brief.place.point[0] > 121.9 && brief.place.point[0] < 122.8, `${brief.place.point} is in Rongcheng`)
  assert.ok(brief.place.town?.name, 'the town of the point is found')
  await dispatcher.shows('40-pointed')
})

step('Plan 4.3.2: a force that is on one incident is marked wherever it can be chosen for another', async () => {
  const { dispatcher } = who
  await dispatcher.opensByKey('f')
  await dispatcher.drawer.locator('.picklist li').filter({ hasText: '石岛站' }).locator('input[type=checkbox]').first().check()
  await dispatcher.submits()
  await dispatcher.order('石岛站').waitFor()
  const { number } = (await fileOf(made.pointed)).brief
  made.depot = await dispatcher.takesCallAt(() => dispatcher.typesPlace('sdyk'), '危化', '2')
  await dispatcher.opensByKey('f')
  await dispatcher.drawer.locator('.picklist li').filter({ hasText: '石岛站' }).getByText(number, { exact: false }).first().waitFor()
  await dispatcher.shows('41-engaged')
  await dispatcher.closes()
  await dispatcher.presses('p')
  await dispatcher.find('#add-force').click()
  await dispatcher.page.keyboard.type('石岛站')
  await dispatcher.page.locator('.ant-select-item-option').filter({ hasText: number }).first().waitFor()
  await dispatcher.presses('Escape')
  await dispatcher.goes(`/desk/brigade/${made.depot}`)
})

step('Plan 4.1.4: a plan is taken back before anyone answered, and nobody is asked any more', async () => {
  const { dispatcher, bureau } = who
  await dispatcher.plansFor('化工应急队', '公交运输队')
  await bureau.page.getByTestId('act-send_back_plan').first().waitFor()
  await dispatcher.opens('withdraw_plan')
  await dispatcher.fills({ 理由: '力量有误' })
  await dispatcher.submits()
  await dispatcher.find('.card').getByText('已撤回').first().waitFor()
  await bureau.page.getByTestId('act-send_back_plan').first().waitFor({ state: 'detached' })
  assert.deepEqual((await fileOf(made.depot)).orders, [])
})

step('Plan 4.1.4: the shift leader agrees to a part; only that part is ordered', async () => {
  const { dispatcher, shiftLeader } = who
  await dispatcher.plansFor('化工应急队', '公交运输队')
  await shiftLeader.opens('approve_plan')
  await shiftLeader.find('.picklist li').filter({ hasText: '公交运输队' }).locator('input').uncheck()
  await shiftLeader.sees('同意所选 1 支（共 2 支）')
  await shiftLeader.shows('42-part')
  await shiftLeader.submits()
  await dispatcher.order('化工应急队').waitFor()
  const { orders, plans } = await fileOf(made.depot)
  assert.deepEqual(orders.map((one) => one.force_ref.name), ['化工应急队'])
  assert.equal(plans[0].status, 'partly_approved')
  await dispatcher.find('.card').getByText('部分同意').first().waitFor()
})

step('Plan 4.1.4: agreement by telephone is typed in at the bureau’s desk as well', async () => {
  const { dispatcher, bureau } = who
  await dispatcher.plansFor('公交运输队')
  await bureau.page.getByTestId('act-record_telephone_approval').first().waitFor()
  await bureau.opens('record_telephone_approval')
  await bureau.fills({ 原话: '同意', 录音编号: 'R20261124-0103' })
  await bureau.submits()
  await dispatcher.order('公交运输队').waitFor()
  assert.equal((await fileOf(made.depot)).plans[0].approval.means, 'telephone')
})

step('Plan 4.1.4: a composition agreed to in advance goes at once, and the record says so', async () => {
  const { dispatcher, shiftLeader } = who
  const { composition } = await dispatcher.reads(`/incidents/${made.depot}/proposal`)
  await shiftLeader.goes('/readiness')
  const row = shiftLeader.page.getByRole('row').filter({ hasText: '危化' }).filter({ hasText: `${composition.grade} 级` }).first()
  await shiftLeader.opens('preauthorise_composition', row)
  await shiftLeader.fills({ 理由: '汛期危化品泄漏先行出动' })
  await shiftLeader.shows('43-preauthorise')
  await shiftLeader.submits()
  await row.getByText(/预先?授权/).first().waitFor()
  await dispatcher.presses('p')
  await dispatcher.find('.proposalhead').getByText(/预先?授权/).waitFor()
  const [first] = await dispatcher.find('.tasks li b').allInnerTexts()
  await dispatcher.submitsOnly(first)
  await dispatcher.order(first).waitFor()
  const { orders, plans } = await fileOf(made.depot)
  assert.equal(orders.find((one) => one.force_ref.name === first).basis, 'preauthorised')
  assert.equal(plans[0].approval.means, 'preauthorised')
  await dispatcher.sees('汛期危化品泄漏先行出动')
  await dispatcher.shows('43-went-at-once')
})

step('Plan 4.1.4: armed police are asked by letter, whose answer stands on the same board', async ({ browser }) => {
  const { dispatcher } = who
  const police = who.police = await (await browser.user('dept-wujing')).signsIn()
  await dispatcher.opensByKey('q')
  await dispatcher.picks('商请谁', '武警中队')
  await dispatcher.fills({ 商请事项: '协助外围警戒' })
  await dispatcher.shows('44-letter')
  await dispatcher.submits()
  await police.goes('/desk/dept')
  await police.sees('协助外围警戒')
  await police.opens('answer_letter')
  await police.fills({ 原话: '同意，20 分钟到' })
  await police.shows('44-answer')
  await police.submits()
  await dispatcher.line('武警中队').getByText('同意，20 分钟到').waitFor()
  await dispatcher.shows('44-answered')
})

step('the journal keeps the plan’s rules', async ({ node, browser }) => {
  await browser.leave()
  await node.stop()
  const [clean, told] = node.verify('--rules')
  assert.ok(clean, told)
})
