/** What one force lives through on its phone: it is rung, reads what it needs on the way, declines or goes, reports without a network, comes home. */
import assert from 'node:assert/strict'
import { story } from '../story.mjs'
import { DESK, PHONE } from '../users.mjs'

const { step } = story('force')
const who = {}
let incident

const STATION = '石岛站'
const DEPOT = '油库专职队'
/** Beyond the common planes: U+36C3 and U+20BB7, as they stand in names. */
const RARE = '㛃师傅与𠮷田'
const GIVEN = { 通信频道: '消防 7 频道', 防护: '二级防化服，空气呼吸器', 携带: '抗溶性泡沫 6 吨' }

const orderOf = async (force) => (await who.dispatcher.reads(`/incidents/${incident}`)).orders.find((order) => order.force_ref.name === force)
/** The next step by its large key; a second tap within a moment would be the same finger. */
const taps = (user, name) => user.page.locator('.keys button:enabled', { hasText: name }).first().click()
/** A line of the order's face: its name and what stands beside it. */
const fact = (user, name) => user.find('.facts .fact').filter({ has: user.page.getByRole('heading', { name, exact: true }) }).locator('div').first()
async function gives(within) {
  for (const [label, words] of Object.entries(GIVEN)) await within.getByLabel(label, { exact: false }).first().fill(words)
}
async function sees(user, facts) {
  for (const [name, words] of Object.entries(facts)) await fact(user, name).getByText(words).waitFor()
}

step('Plan 4.3.1: a call is taken, and rare characters in its narrative are read back', async ({ browser }) => {
  const comes = async (account, viewport = DESK) => (await browser.user(account, viewport)).signsIn()
  const onPhone = async (account) => (await browser.user(account, PHONE)).signsInOnPhone();
  [who.dispatcher, who.bureau, who.shiftLeader] = await Promise.all([comes('dispatcher'), comes('bureau'), comes('shift-leader', PHONE)]);
  [who.station, who.depot] = await Promise.all(['force-002', 'force-069'].map(onPhone))
  const { dispatcher } = who
  await dispatcher.presses('n')
  await dispatcher.find('[data-name=hazard] button').first().waitFor()
  await dispatcher.types('sdyk')
  await dispatcher.presses('Enter', 'h', '2')
  await dispatcher.text('来源、报警人、演练、粘贴接警单').click()
  await dispatcher.page.getByLabel('情况描述').fill(`${RARE}被困`)
  await dispatcher.page.getByTestId('take-call').click()
  await dispatcher.page.waitForURL(/\/desk\/brigade\/01/)
  incident = new URL(dispatcher.page.url()).pathname.split('/').at(-1)
  await dispatcher.find('.incidenthead').waitFor()
  await dispatcher.opensByKey('v')
  await dispatcher.submits()
  await dispatcher.goes(`/incidents/${incident}`)
  await dispatcher.find('.prose').getByText(`${RARE}被困`).first().waitFor()
  await dispatcher.goes(`/desk/brigade/${incident}`)
})

step('Plan 4.3.2: an order rings the phone, fills its screen, and says channel, protection and what to bring', async () => {
  const { dispatcher, station } = who
  await dispatcher.opensByKey('f')
  await dispatcher.drawer.locator('.picklist li').filter({ hasText: STATION }).locator('input[type=checkbox]').first().check()
  await gives(dispatcher.drawer)
  await station.isRungBy(() => dispatcher.submits())
  await station.sees('新出动指令')
  await station.isCoveredBy('.order')
  await sees(station, GIVEN)
  await station.shows('40-order')
})

step('Plan 4.1.4: a plan rings the bureau; the order that follows rings the force, which declines on its own phone', async () => {
  const { dispatcher, bureau, shiftLeader, depot } = who
  await dispatcher.presses('p')
  await dispatcher.find('.slot').first().waitFor()
  for (const force of await dispatcher.find('.tasks li b').allInnerTexts()) {
    if (force !== DEPOT) await dispatcher.button(`去掉${force}`).click()
  }
  if ((await dispatcher.find('.tasks li').count()) === 0) {
    await dispatcher.find('#add-force').click()
    await dispatcher.page.keyboard.type(DEPOT)
    await dispatcher.page.keyboard.press('Enter')
  }
  await gives(dispatcher.find('.arrangements'))
  await bureau.isRungBy(() => dispatcher.button(/^提交方案/).click())
  await bureau.find('.lastring[data-ring=approval]').waitFor()
  await shiftLeader.page.getByTestId('act-approve_plan').first().waitFor()
  await depot.isRungBy(() => shiftLeader.does('approve_plan'))
  await depot.isCoveredBy('.order')
  await sees(depot, GIVEN)
  await taps(depot, '不能出动')
  const form = depot.page.getByRole('dialog')
  await form.getByRole('radio', { name: '装备故障' }).click()
  await form.getByLabel('补充说明（可不填）').fill('泡沫泵漏油')
  await depot.shows('41-decline')
  await depot.button(/^不能出动$/, form).click()
  await dispatcher.page.waitForURL(/\/desk\/brigade\//)
  await dispatcher.order(DEPOT).getByText('装备故障：泡沫泵漏油').first().waitFor()
  assert.equal((await orderOf(DEPOT)).step, 'declined')
})

step('Plan 4.1.4: what was tapped and typed without a network arrives as it was, also in rare characters', async () => {
  const { dispatcher, station } = who
  await taps(station, '确认出动')
  await station.button('确认出动', station.page.getByRole('dialog')).click()
  await dispatcher.order(STATION).getByText('已接令').waitFor()
  station.offline = true
  await station.context.setOffline(true)
  await taps(station, '已出动')
  await taps(station, '已到场')
  await taps(station, '报告进展')
  await station.page.getByLabel('现场情况').fill(`${RARE}已救出`)
  await station.button(/^报告$/, station.page.getByRole('dialog')).click()
  await station.find('.progress').getByText(`${RARE}已救出`).waitFor()
  await station.sees('已保存，待发送')
  await station.context.setOffline(false)
  await dispatcher.order(STATION).locator('button.line').click()
  await dispatcher.order(STATION).locator('.quote').getByText(`${RARE}已救出`).waitFor()
  station.offline = false
  await station.seesNot('已保存，待发送')
  assert.equal(await station.find('.progress li').count(), 1, 'the report stands once')
  await station.find('.progress').getByText(`${RARE}已救出`).waitFor()
  await station.shows('42-progress')
})

step('Plan 4.1.5: released, the force is rung; hours and consumables of its return form are read back', async () => {
  const { dispatcher, station } = who
  await station.isRungBy(() => dispatcher.does('release_order', dispatcher.order(STATION)))
  await station.find('.changed').getByText('可以归队').waitFor()
  await station.shows('43-released')
  await station.button('知道了', station.find('.changed')).click()
  await station.find('.changed').waitFor({ state: 'detached' })
  await taps(station, '归队登记')
  const form = station.page.getByRole('dialog')
  const hours = form.locator('.stepper output')
  const before = Number.parseFloat(await hours.innerText())
  for (let press = 0; press < 3; press += 1) await station.button('增加作业时长', form).click()
  assert.equal(await hours.innerText(), `${before + 1.5} 小时`)
  await station.button('+ 泡沫液', form).click()
  await form.getByLabel('数量').first().fill('600')
  await form.getByLabel('现场确认人').fill('现场指挥部后勤组')
  await station.shows('43-return')
  await station.button('登记归队', form).click()
  await dispatcher.order(STATION).getByText('已归队').first().waitFor()
  await sees(station, { 归队登记: `${before + 1.5} 小时` })
  await sees(station, { 归队登记: '泡沫液 600 升' })
  await sees(station, { 归队登记: '现场确认人：现场指挥部后勤组' })
  const { return_form } = await orderOf(STATION)
  assert.deepEqual([return_form.worked_min, return_form.consumables, return_form.confirmed_by], [(before + 1.5) * 60, [{ name: '泡沫液', quantity: 600, unit: '升' }], '现场指挥部后勤组'])
  await station.shows('43-returned')
})

step('the journal that the story wrote is whole, and keeps the plan’s rules', async ({ node, browser }) => {
  await browser.leave()
  await node.stop()
  const [clean, told] = node.verify('--rules')
  assert.ok(clean, told)
})
