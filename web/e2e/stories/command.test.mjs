/** Command after the city's decision (Plan 4.1.5): orders of the post, its delegation, help from outside until it goes home, a report corrected. */
import assert from 'node:assert/strict'
import { story } from '../story.mjs'
import { DESK, until } from '../users.mjs'

const { step } = story('command')
const who = {}
let incident
const file = () => who.dispatcher.reads(`/incidents/${incident}`)

step('Plan 4.1.5: own stations are out, then the city founds its command post', async ({ browser }) => {
  const comes = async (account) => (await browser.user(account, DESK)).signsIn();
  [who.dispatcher, who.bureau, who.shiftLeader, who.leader, who.post] = await Promise.all(['dispatcher', 'bureau', 'shift-leader', 'leader', 'post'].map(comes))
  const { dispatcher, leader } = who
  incident = await dispatcher.takesCallAt(() => dispatcher.typesPlace('sdyk'), '危化', '2')
  await dispatcher.opensByKey('f')
  await dispatcher.drawer.locator('.picklist li').filter({ hasText: '石岛站' }).locator('input[type=checkbox]').first().check()
  await dispatcher.submits()
  await leader.page.getByTestId('act-establish_post').first().waitFor()
  await leader.opens('establish_post')
  await leader.fills({ 决定文号或口头决定: '口头，市长', '指挥长（职务）': '分管副市长', 通信频道: '指挥 1 频道' })
  await leader.submits()
  await dispatcher.find('.incidenthead .commander').getByText('现场指挥部').waitFor()
})

step('Plan 4.1.4, 4.1.5: the post orders a force by its own plan, approved and filed like every other', async () => {
  const { dispatcher, post, shiftLeader } = who
  await post.goes(`/desk/post/${incident}`)
  await post.follows('奉指挥部令增调')
  await post.submitsOnly('化工应急队')
  await shiftLeader.page.getByTestId('act-approve_plan').first().waitFor()
  await shiftLeader.sees('奉现场指挥部令')
  await shiftLeader.shows('60-by-order')
  await shiftLeader.does('approve_plan')
  await post.order('化工应急队').waitFor()
  const { plans, orders } = await file()
  assert.equal(plans[0].by_order_of_post, true)
  assert.equal(orders.find((one) => one.force_ref.name === '化工应急队').filing.authority.name, '市工信局')
  await dispatcher.find('.card').getByText('奉现场指挥部令').first().waitFor()
})

step('Plan 4.1.5: by the post’s delegation the brigade commands its stations again', async () => {
  const { dispatcher, post } = who
  await dispatcher.opensByKey('f')
  assert.match(await dispatcher.drawer.locator('.refusal').innerText(), /4\.1\.5/)
  await dispatcher.closes()
  await post.opens('delegate_command')
  await post.chooses('消防大队')
  await post.fills({ 授权范围: '现场救援力量的调整' })
  await post.shows('61-delegate')
  await post.submits()
  await dispatcher.opensByKey('f')
  await dispatcher.drawer.locator('.picklist li').filter({ hasText: '崖头站' }).locator('input[type=checkbox]').first().check()
  await dispatcher.submits()
  await dispatcher.order('崖头站').waitFor()
  await dispatcher.goes(`/incidents/${incident}/command`)
  await dispatcher.sees('现场救援力量的调整')
  await dispatcher.shows('61-delegated')
})

step('Plan 4.1.2: forces attached from outside stand on the page until they go home', async () => {
  const { dispatcher, bureau } = who
  await bureau.goes('/desk/bureau/incidents')
  await bureau.opens('request_reinforcement')
  await bureau.picks('向谁请求', '威海')
  await bureau.fills({ 需要什么: '泡沫消防车 4 辆', 录音编号: 'R20261124-0120' })
  await bureau.submits()
  await bureau.opens('answer_reinforcement')
  await bureau.fills({ 答复人: '支队值班首长', 原话: '同意，调经区大队' })
  await bureau.submits()
  await bureau.opens('attach_force')
  await bureau.fills({ 队伍名称: '经区大队编队', 来自: '威海经济技术开发区', 人数: '20', 带队人: '经区大队副大队长', 呼号: '经区01', 联系电话: '0631-0900020' })
  await bureau.shows('62-attach')
  await bureau.submits()
  await bureau.sees('经区大队编队')
  const attached = async () => (await file()).reinforcements[0].attached[0]
  await until('it is attached', async () => (await attached())?.name === '经区大队编队')
  assert.equal((await attached()).released, null)
  await dispatcher.goes(`/incidents/${incident}/board`)
  await dispatcher.sees('经区大队编队')
  await bureau.does('release_attached')
  await dispatcher.sees('归建')
  await bureau.shows('62-released')
})

step('Plan 4.3.1: a corrected report keeps its first text', async () => {
  const { dispatcher } = who
  await dispatcher.goes(`/desk/brigade/${incident}`)
  await dispatcher.opensByKey('r')
  await dispatcher.fills({ 正文: '石岛油库汽油泄漏，3 人被困。' })
  await dispatcher.submits()
  await dispatcher.goes(`/incidents/${incident}/information`)
  await dispatcher.opens('correct_report')
  await dispatcher.fills({ 正文: '石岛油库汽油泄漏，2 人被困。', 更正原因: '现场核实为 2 人' })
  await dispatcher.submits()
  await dispatcher.sees('石岛油库汽油泄漏，2 人被困。')
  await dispatcher.button(/稿|版/, dispatcher.find('[data-report]').first()).click()
  await dispatcher.sees('石岛油库汽油泄漏，3 人被困。', '现场核实为 2 人')
  await dispatcher.shows('63-corrected')
})
