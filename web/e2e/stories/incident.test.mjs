/** One incident from the call to the review, played by all its users through the real pages; then the journal proves itself. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { story } from '../story.mjs'
import { DESK, PHONE, until } from '../users.mjs'

const { step } = story('incident')
/** The people of the story, as they come in. */
const who = {}
/** What they made, by the numbers and ids that the pages show. */
const made = {}

const KEYSTROKES_MAX = 25
const ORDER_SHOWN_MAX_MS = 1_000

step('everybody signs in: desks at their screens, the shift leader and the forces on their phones', async ({ browser }) => {
  const comes = async (account, viewport = DESK) => (await browser.user(account, viewport)).signsIn()
  const onPhone = async (account) => (await browser.user(account, PHONE)).signsInOnPhone();
  [who.dispatcher, who.bureau, who.town, who.shiftLeader] = await Promise.all([comes('dispatcher'), comes('bureau'), comes('town-gangwan'), comes('shift-leader', PHONE)]);
  [who.station, who.depot] = await Promise.all([onPhone('force-002'), onPhone('force-069')])
  await who.dispatcher.shows('01-signed-in')
  await who.station.shows('01-signed-in')
})

step('Plan 4.3.1: a call is taken by the keyboard alone, in 25 keystrokes or fewer', async () => {
  const { dispatcher } = who
  dispatcher.keys = 0
  await dispatcher.presses('n')
  await dispatcher.find('[data-name=hazard] button').first().waitFor()
  await dispatcher.types('sdyk')
  await dispatcher.presses('Enter')
  await dispatcher.find('[data-name=hazard] [tabindex="0"]:focus').waitFor()
  await dispatcher.shows('02-place')
  await dispatcher.presses('h', '2', '2', 'Enter')
  await dispatcher.typesWords('汽油', 'qiyou')
  await dispatcher.shows('02-intake')
  await dispatcher.presses('Enter')
  await dispatcher.page.waitForURL(/\/desk\/brigade\/01/)
  assert.ok(dispatcher.keys <= KEYSTROKES_MAX, `${dispatcher.keys} keystrokes`)
  made.incident = new URL(dispatcher.page.url()).pathname.split('/').at(-1)
  await dispatcher.find('.incidenthead').waitFor()
  await dispatcher.sees('石岛油库', '被困 2 人', '汽油')
  await dispatcher.shows('02-taken')
  const { brief } = await dispatcher.reads(`/incidents/${made.incident}`)
  assert.deepEqual([brief.hazard.code, brief.grade, brief.trapped, brief.substance, brief.place.town.name], ['hazchem', 2, 2, '汽油', '港湾街道'])
  made.number = brief.number
})

step('Plan 4.3.1: a pasted call sheet fills the form, and a second call about the same is offered for merging', async () => {
  const { dispatcher } = who
  const minutesAgo = new Date(Date.now() - 120_000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  await dispatcher.presses('n')
  await dispatcher.find('input[data-field=place]').waitFor()
  await dispatcher.pastes(`接警单编号：JJ0001\n报警时间：${minutesAgo}\n报警来源：110\n报警人：过路群众\n报警电话：0631-0900002\n录音编号：R0041\n地址：荣成市石岛管理区港湾街道石岛油库三号罐区\n灾害类型：危化品泄漏\n物质名称：汽油\n被困人数：2\n情况描述：罐区一侧有人呼救，气味很浓。`)
  await dispatcher.sees('附近有相似警情')
  assert.equal(await dispatcher.find('input[data-field=substance]').inputValue(), '汽油')
  assert.equal(await dispatcher.find('input[data-field=trapped]').inputValue(), '2')
  await dispatcher.shows('03-sheet-and-merge')
  await dispatcher.button('并入此起').click()
  await dispatcher.page.waitForURL(new RegExp(made.incident))
  await dispatcher.find('.incidenthead').getByText(/2 次/).waitFor()
})

step('Plan 4.3.1: the call is verified by its key', async () => {
  const { dispatcher } = who
  await dispatcher.opensByKey('v')
  await dispatcher.presses('Enter')
  await dispatcher.seesNot('核实结果')
  await dispatcher.find('.incidenthead').getByText('已核实').waitFor()
})

step('Plan 4.1.4: an order to a force outside of the brigade is refused with the clause and the lawful next keys', async () => {
  const { dispatcher } = who
  await dispatcher.opensByKey('f')
  await dispatcher.shows('04-first-response')
  await dispatcher.drawer.locator('.ant-select').first().click()
  await dispatcher.page.keyboard.type('化工应急队')
  await dispatcher.page.keyboard.press('Enter')
  const { text, instead } = await dispatcher.isRefused(/^403 .*first-response$/)
  assert.match(text, /4\.1\.4/)
  assert.ok(instead.length > 0, 'what may be done instead')
  await dispatcher.shows('04-refused')
  assert.deepEqual((await dispatcher.reads(`/incidents/${made.incident}`)).orders, [], 'nothing went out')
  await dispatcher.closes()
})

step('Plan 4.3.2: own stations go at once, and the order fills the terminal within a second', async () => {
  const { dispatcher, station } = who
  await dispatcher.opensByKey('f')
  const station2 = dispatcher.drawer.locator('.picklist li').filter({ hasText: '石岛' }).locator('input[type=checkbox]').first()
  await station2.check()
  const shown = station.sees('新出动指令').then(() => Date.now())
  await dispatcher.page.getByTestId('act-submit').click()
  const pressed = Date.now()
  const took = (await shown) - pressed
  assert.ok(took <= ORDER_SHOWN_MAX_MS, `the order filled the terminal after ${took} ms`)
  await dispatcher.page.getByTestId('act-submit').waitFor({ state: 'detached' })
  await dispatcher.order('石岛站').waitFor()
  await dispatcher.shows('05-first-response-out')
  await station.shows('05-order')
})

step('Plan 4.3.1: linkage notices, stand-by and the call to the town go out by one key each; the town answers by name', async () => {
  const { dispatcher, town, depot } = who
  for (const key of ['l', 'b', 'j']) {
    await dispatcher.opensByKey(key)
    await dispatcher.shows(`06-form-${key}`)
    await dispatcher.submits()
  }
  for (const org of ['市公安局', '120急救中心', '交警大队', '供电', '热电燃气', '水务']) await dispatcher.line(org).waitFor()
  await dispatcher.shows('06-told')
  await town.goes('/desk/town')
  await town.sees('带班')
  await town.shows('06-called')
  await town.opens('answer_town_call')
  await town.fills({ 答复内容: '带班领导已到岗，正在组织疏散' })
  await town.submits()
  await dispatcher.line('带班领导已到岗').waitFor()
  await depot.sees('待命通知')
  await depot.shows('06-stand-by')
  await depot.button('确认待命').click()
  await dispatcher.line('油库专职队').getByText('已待命').waitFor()
})
