/**
 * One incident from the call to the review, played by all its users through the real pages; then the journal proves itself.
 * As a drill (演练) it is the same story, in which every screen, text and paper says so.
 */
import assert from 'node:assert/strict'
import { availableParallelism, loadavg } from 'node:os'
import { wordsOf } from './docx.mjs'
import { story } from './story.mjs'
import { DESK, PHONE, until } from './users.mjs'

const PLANNED = ['油库专职队', '化工应急队', '环境监测队']
const LABORATORY = 'force-042'
const KEYSTROKES_MAX = 25
const DRILL = /演练/

/** A second from the press to the terminal's screen; three where the machine is busy with other work than this story. */
function inASecond(took) {
  const busy = loadavg()[0] > 2 * availableParallelism()
  const most = busy ? 3_000 : 1_000
  assert.ok(took <= most, `the order filled the terminal after ${took} ms; at most ${most} ms${busy ? ', as the machine is busy' : ''}`)
}
/** The next step by its large key; a second tap within a moment would be the same finger. */
async function taps(user, name) {
  await user.page.locator('button:enabled', { hasText: name }).first().click()
}
const picture = (user) => user.page.evaluate(async () => {
  const canvas = new OffscreenCanvas(1600, 1200)
  const paint = canvas.getContext('2d')
  paint.fillStyle = '#c30'
  paint.fillRect(0, 0, 800, 600)
  return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())]
}).then((bytes) => Buffer.from(bytes))

/** 演练警情 is behind the call's further fields: nobody starts a drill by a slip of the hand. */
async function ticksDrill(user) {
  const box = user.page.getByLabel('演练警情')
  if (!(await box.isVisible())) await user.text('来源、报警人、演练、粘贴接警单').click()
  await box.check()
}
/** The minute that it is in Rongcheng, as four digits. */
const clockNow = () => new Date().toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).replace(':', '')

export function playsIncident({ drill = false } = {}) {
  const { step } = story(drill ? 'drill' : 'incident')
  /** The people of the story, as they come in. */
  const who = {}
  /** What they made, by the numbers and ids that the pages show. */
  const made = {}
  const orderOf = async (force) => (await who.dispatcher.reads(`/incidents/${made.incident}`)).orders.find((order) => order.force_ref.name === force)

  step('everybody signs in: desks at their screens, the shift leader and the forces on their phones', async ({ browser }) => {
    const comes = async (account, viewport = DESK) => (await browser.user(account, viewport)).signsIn()
    const onPhone = async (account) => (await browser.user(account, PHONE)).signsInOnPhone();
    [who.dispatcher, who.bureau, who.town, who.shiftLeader] = await Promise.all([comes('dispatcher'), comes('bureau'), comes('town-gangwan'), comes('shift-leader', PHONE)]);
    [who.station, who.depot, who.laboratory] = await Promise.all(['force-002', 'force-069', LABORATORY].map(onPhone))
    await who.dispatcher.shows('01-signed-in')
    await who.station.shows('01-signed-in')
  })

  step('Plan 4.3.1: a call is taken by the keyboard alone, in 25 keystrokes or fewer', async ({ browser }) => {
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
    if (drill) await ticksDrill(dispatcher)
    await dispatcher.shows('02-intake')
    if (drill) await dispatcher.page.getByTestId('take-call').click()
    else await dispatcher.presses('Enter')
    await dispatcher.page.waitForURL(/\/desk\/brigade\/01/)
    assert.ok(dispatcher.keys <= KEYSTROKES_MAX, `${dispatcher.keys} keystrokes`)
    browser.drill = drill
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
    await dispatcher.sees('已按接警单填写')
    if (drill) await ticksDrill(dispatcher)
    await dispatcher.sees('附近有相似警情')
    assert.equal(await dispatcher.find('input[data-field=substance]').inputValue(), '汽油')
    assert.equal(await dispatcher.find('input[data-field=trapped]').inputValue(), '2')
    await dispatcher.shows('03-sheet-and-merge')
    await dispatcher.button('并入此起').click()
    await dispatcher.page.waitForURL(new RegExp(made.incident))
    await dispatcher.find('.incidenthead').getByText(/2 次/).waitFor()
    const second = (await dispatcher.reads(`/incidents/${made.incident}`)).call_list[1]
    assert.deepEqual([second.source, second.caller, second.caller_number, second.recording], ['110', '过路群众', '0631-0900002', 'R0041'])
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
    const shown = station.sawAt('新出动指令')
    const took = await dispatcher.pressesAt('act-submit').then(async (pressed) => (await shown) - pressed)
    inASecond(took)
    await dispatcher.page.getByTestId('act-submit').waitFor({ state: 'detached' })
    await dispatcher.order('石岛站').waitFor()
    await dispatcher.shows('05-first-response-out')
    await station.shows('05-order')
  })

  step('Plan 4.3.1: linkage notices, stand-by and the call to the town go out by one key each; the town answers by name', async () => {
    const { dispatcher, town, laboratory } = who
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
    await laboratory.sees('待命通知')
    await laboratory.shows('06-stand-by')
    await laboratory.button('确认待命').click()
    await dispatcher.line('环境监测队').getByText('已待命').waitFor()
  })

  step('Plan 4.2.4: the composition opens as slots with reasons and gaps; a raised grade proposes only what is missing', async () => {
    const { dispatcher } = who
    await dispatcher.presses('p')
    await dispatcher.find('.slot').first().waitFor()
    const [slots, reasons, standing] = await Promise.all(['.slot', '.pick .reason', '.slot .badge'].map((what) => dispatcher.find(what).count()))
    assert.ok(slots >= 5 && reasons > 0 && standing > 0, `${slots} slots, ${reasons} reasons, ${standing} badges`)
    await dispatcher.sees('行车时间按直线距离估算', '已调派')
    await dispatcher.shows('07-proposal')
    await dispatcher.follows('返回')
    await dispatcher.find('.incidenthead').waitFor()
    await dispatcher.opensByKey('+')
    await dispatcher.shows('07-grade')
    await dispatcher.submits()
    await dispatcher.find('.proposalhead').getByText('3 级编成').waitFor()
    const gaps = await dispatcher.find('.slot .gap').allInnerTexts()
    assert.ok(gaps.every((gap) => /[\u4e00-\u9fff]{4}/.test(gap)), 'each gap is explained')
    assert.equal(await dispatcher.find('.tasks').getByText('石岛站', { exact: true }).count(), 0, 'who is out already is not asked again')
    await dispatcher.shows('07-raised')
  })

  step('Plan 4.1.4: the plan is submitted; the bureau is rung and sends it back with reasons', async () => {
    const { dispatcher, bureau, shiftLeader } = who
    await dispatcher.presses('s')
    await dispatcher.page.waitForURL(/\/desk\/brigade\//)
    await bureau.find('.lastring[data-ring=approval]').waitFor()
    await shiftLeader.find('article.approval').waitFor()
    await bureau.shows('08-asked')
    await shiftLeader.shows('08-asked')
    await bureau.opens('send_back_plan')
    await bureau.fills({ 退回理由: '先调油库、化工两队和监测队，其余待命' })
    await bureau.submits()
    await dispatcher.find('.card').getByText('先调油库、化工两队和监测队，其余待命').waitFor()
    await dispatcher.shows('08-sent-back')
  })

  step('Plan 4.1.4: revised and submitted again, the shift leader agrees on his phone in two taps, and the order fills the terminal within a second', async () => {
    const { dispatcher, shiftLeader, depot } = who
    await dispatcher.opens('revise_plan')
    await dispatcher.find('#add-force').waitFor()
    for (const force of await dispatcher.find('.tasks li b').allInnerTexts()) {
      if (!PLANNED.includes(force)) await dispatcher.button(`去掉${force}`).click()
    }
    assert.deepEqual((await dispatcher.find('.tasks li b').allInnerTexts()).sort(), [...PLANNED].sort())
    await dispatcher.shows('09-revised')
    await dispatcher.button(/^提交方案/).click()
    await dispatcher.page.waitForURL(/\/desk\/brigade\//)
    await shiftLeader.page.getByTestId('act-approve_plan').first().waitFor()
    await shiftLeader.shows('09-approve')
    await shiftLeader.opens('approve_plan')
    await shiftLeader.page.getByTestId('act-submit').waitFor()
    await shiftLeader.shows('09-approve-form')
    const shown = depot.sawAt('新出动指令')
    const took = await shiftLeader.pressesAt('act-submit').then(async (pressed) => (await shown) - pressed)
    inASecond(took)
    await dispatcher.order('油库专职队').waitFor()
    await dispatcher.shows('09-approved')
    await depot.shows('09-order')
  })

  step('Plan 4.1.4: agreement by telephone is one key, and is confirmed in writing', async () => {
    const { dispatcher, shiftLeader } = who
    await dispatcher.presses('p')
    await dispatcher.find('#add-force').waitFor()
    for (const force of await dispatcher.find('.tasks li b').allInnerTexts()) await dispatcher.button(`去掉${force}`).click()
    await dispatcher.find('#add-force').click()
    await dispatcher.page.keyboard.type('公交运输队')
    await dispatcher.page.keyboard.press('Enter')
    await dispatcher.find('.tasks').getByText('公交运输队', { exact: true }).waitFor()
    await dispatcher.button(/^提交方案/).click()
    await dispatcher.page.waitForURL(/\/desk\/brigade\//)
    await dispatcher.find('.card').getByText('待同意').waitFor()
    await dispatcher.opensByKey('t')
    await dispatcher.fills({ 原话: '同意，先去人', 录音编号: 'R20261124-0099' })
    await dispatcher.shows('10-telephone')
    await dispatcher.submits()
    await dispatcher.order('公交运输队').waitFor()
    await dispatcher.sees('待补书面同意')
    await shiftLeader.page.getByTestId('act-confirm_in_writing').first().waitFor()
    await shiftLeader.does('confirm_in_writing')
    await dispatcher.sees('书面同意已补')
  })

  step('Plan 4.3.2: a force acknowledges, departs, arrives and works, tells how it goes with a photo, and what it tapped offline arrives once', async () => {
    const { dispatcher, depot } = who
    await depot.button('确认出动').click()
    await depot.shows('11-acknowledge')
    await depot.button('确认出动', depot.page.getByRole('dialog')).click()
    await dispatcher.order('油库专职队').getByText('已接令').waitFor()
    await taps(depot, '已出动')
    await dispatcher.order('油库专职队').getByText('已出动').waitFor()
    depot.offline = true
    await depot.context.setOffline(true)
    await taps(depot, '已到场')
    await taps(depot, '已展开作业')
    await depot.sees('已保存，待发送')
    await depot.button('报告进展').click()
    await depot.find('input[type=file]').setInputFiles({ name: 'scene.png', mimeType: 'image/png', buffer: await picture(depot) })
    await depot.find('.photos img').waitFor()
    await depot.button('人员安全').click()
    await depot.shows('11-progress')
    await depot.button(/^报告$/, depot.page.getByRole('dialog')).click()
    await depot.shows('11-offline')
    const before = (await orderOf('油库专职队')).steps.length
    await depot.context.setOffline(false)
    await dispatcher.order('油库专职队').getByText('已展开').waitFor()
    await until('the progress with its photo is there', async () => (await orderOf('油库专职队')).progress.some((one) => one.text.includes('人员安全') && one.files.length === 1))
    depot.offline = false
    const order = await orderOf('油库专职队')
    assert.deepEqual(order.steps.slice(before).map((one) => one.step), ['arrived', 'deployed'], 'each tap arrived once')
    assert.equal(order.progress.length, 1)
    await dispatcher.shows('11-board')
    await depot.shows('11-working')
  })

  step('Plan 4.1.4: who answers by radio is typed in with one key each, with when it happened; who cannot come says why', async () => {
    const { dispatcher } = who
    await dispatcher.order('化工应急队').locator('button.line').click()
    for (const [key, told] of [['1', '已接令'], ['3', '已出动'], ['4', '已到场'], ['5', '已展开']]) {
      await dispatcher.opensByKey(key)
      await dispatcher.chooses('电台')
      if (key === '1') {
        await dispatcher.fills({ 发生时间: clockNow() })
        await dispatcher.shows('12-typed-in')
      }
      await dispatcher.submits()
      await dispatcher.order('化工应急队').locator('button.line').getByText(told).waitFor()
    }
    await dispatcher.order('化工应急队').getByText('电台告知').first().waitFor()
    await dispatcher.shows('12-board')
    const told = (await orderOf('化工应急队')).steps.find((one) => one.step === 'acknowledged').reported
    assert.deepEqual([told.through, told.on_behalf_of], ['radio', '化工应急队值班员'])
    assert.ok(Date.parse(told.at) < Date.parse(told.recorded_at), `it happened at ${told.at} and was typed in at ${told.recorded_at}`)
    await dispatcher.order('公交运输队').locator('button.line').click()
    await dispatcher.opensByKey('2')
    await dispatcher.fills({ 理由: '车辆年检' })
    await dispatcher.submits()
    await dispatcher.order('公交运输队').getByText('改派').waitFor()
    await dispatcher.shows('12-declined')
    await dispatcher.presses('Escape')
  })

  step('Plan 4.1.4: the industry authority signs for its filing; the other forces answer on their phones', async ({ browser }) => {
    const { dispatcher, station, laboratory } = who
    const authority = who.authority = await (await browser.user('dept-shangwu')).signsIn()
    await authority.line('油库专职队').waitFor()
    await authority.shows('13-filing')
    await authority.opens('sign_filing')
    await dispatcher.line('市商务局').getByText('已签收').waitFor()
    for (const force of [station, laboratory]) {
      await force.button('确认出动').click()
      await force.button('确认出动', force.page.getByRole('dialog')).click()
      for (const tap of ['已出动', '已到场', '已展开作业']) await taps(force, tap)
    }
    await dispatcher.order('石岛站').getByText('已展开').waitFor()
    await dispatcher.order('环境监测队').getByText('已展开').waitFor()
  })

  step('Plan 4.1.5: the brigade forms its forward headquarters and keeps the scene register', async () => {
    const { dispatcher } = who
    await dispatcher.opensByKey('g')
    await dispatcher.fills({ '指挥员（职务）': '消防大队大队长', 通信频道: '消防 2 频道' })
    await dispatcher.shows('14-forward')
    await dispatcher.submits()
    await dispatcher.follows('警情全页')
    await dispatcher.find('nav.tabs').getByText('指挥').click()
    await dispatcher.opens('appoint_safety_officer')
    await dispatcher.fills({ 安全员: '石岛站副站长' })
    await dispatcher.submits()
    await dispatcher.opens('enter_scene')
    await dispatcher.fills({ 组别: '堵漏组', 人数: '4' })
    await dispatcher.submits()
    await dispatcher.sees('石岛站副站长', '堵漏组', '消防大队大队长')
    await dispatcher.shows('14-command')
  })

  step('Plan 4.1.5: the city founds a command post, which commands at once; the brigade briefs it from the state', async ({ browser }) => {
    const { dispatcher } = who
    const [leader, post] = [who.leader, who.post] = await Promise.all(['leader', 'post'].map(async (account) => (await browser.user(account)).signsIn()))
    await leader.page.getByTestId('act-establish_post').first().waitFor()
    await leader.shows('15-leader')
    await leader.opens('establish_post')
    await leader.fills({ 决定文号或口头决定: '荣指〔2026〕1号', '指挥长（职务）': '分管副市长', 通信频道: '指挥 1 频道' })
    await leader.shows('15-establish')
    await leader.submits()
    await dispatcher.goes(`/desk/brigade/${made.incident}`)
    await dispatcher.find('.incidenthead .commander').getByText('现场指挥部').waitFor()
    await dispatcher.opens('hand_in_briefing')
    await dispatcher.fills({ 补充说明: '东侧道路可进大型车辆' })
    await dispatcher.submits()
    await post.find('.incidenthead').waitFor()
    await post.shows('15-post')
    await dispatcher.opensByKey('f')
    assert.match(await dispatcher.drawer.locator('.refusal').innerText(), /4\.1\.5/, 'who does not command any more is told so before he asks')
    await dispatcher.closes()
  })

  step('Plan 4.1.5: 紧急撤离 goes through at once and every force confirms it', async () => {
    const { dispatcher, post, station, depot, laboratory } = who
    await post.opens('order_withdrawal')
    await post.fills({ 撤离原因: '罐体温度骤升' })
    await post.submits()
    for (const force of [station, depot, laboratory]) {
      await force.sees('立即停止作业，全部撤出')
      if (force === depot) await depot.shows('16-withdraw')
      await force.button('全部撤出').click()
      await force.page.getByRole('alertdialog').waitFor({ state: 'detached' })
    }
    await post.opens('leave_scene')
    await post.fills({ 组别: '堵漏组', 人数: '4' })
    await post.submits()
    await dispatcher.page.getByTestId('act-confirm_withdrawal').first().waitFor()
    await dispatcher.shows('16-waiting')
    await dispatcher.opens('confirm_withdrawal')
    await dispatcher.shows('16-confirm')
    await dispatcher.submits()
    await until('everybody is out', async () => (await dispatcher.reads(`/incidents/${made.incident}`)).withdrawals.every((one) => one.waiting.length === 0 && one.confirmed.length === 4))
  })

  step('Plan 4.1.2: help from outside is requested upward by the bureau, and what was answered stands on its desk', async () => {
    const { bureau } = who
    await bureau.goes('/desk/bureau/incidents')
    await bureau.opens('request_reinforcement')
    await bureau.picks('向谁请求', '威海')
    await bureau.fills({ 需要什么: '重型泡沫消防车 2 辆', 录音编号: 'R20261124-0107' })
    await bureau.shows('17-reinforcement')
    await bureau.submits()
    await bureau.opens('answer_reinforcement')
    await bureau.fills({ 答复人: '支队值班首长', 原话: '同意，文登站前往' })
    await bureau.submits()
    await bureau.sees('同意，文登站前往')
    await bureau.shows('17-answered')
  })

  step('Plan 4.3.1: the first report goes to the government, whose reading is seen; only confirmed casualties go up', async ({ browser }) => {
    const { dispatcher, bureau } = who
    const govt = who.govt = await (await browser.user('govt')).signsIn()
    await dispatcher.goes(`/desk/brigade/${made.incident}`)
    await dispatcher.opensByKey('r')
    await dispatcher.fills({ 正文: '石岛油库三号罐区汽油泄漏，2 人被困，正在堵漏。' })
    await dispatcher.shows('18-report')
    await dispatcher.submits()
    await govt.goes('/desk/govt/reports')
    await govt.sees('正在堵漏')
    await govt.shows('18-unread')
    await govt.opens('read_report')
    await dispatcher.find('[data-report]').getByText('总值班室值班员').waitFor()
    await dispatcher.opensByKey('u')
    await dispatcher.fills({ 轻伤: '2', 转移: '40', 来源: '现场指挥员' })
    await dispatcher.shows('18-casualties')
    await dispatcher.submits()
    await bureau.goes('/desk/bureau/incidents')
    await bureau.does('confirm_casualties')
    await dispatcher.find('.incidenthead .vital').getByText('轻伤 2 人').waitFor()
    await bureau.shows('18-bureau')
    await dispatcher.opensByKey('r')
    await dispatcher.fills({ 正文: '泄漏点已封堵，正在洗消。' })
    await dispatcher.submits()
    const { reports } = await dispatcher.reads(`/incidents/${made.incident}`)
    assert.deepEqual(reports.map((one) => [one.stage, one.casualties?.figures?.hurt ?? one.casualties?.hurt ?? null]).sort(), [['first', null], ['follow_up', 2]])
  })

  step('Plan 4.1.5: an instruction becomes a task and is fed back; the bureau compiles the situation; one key copies the short text', async ({ browser }) => {
    const { dispatcher, bureau, leader, govt } = who
    const ocean = who.ocean = await (await browser.user('dept-haiyang')).signsIn()
    await leader.opens('give_instruction')
    await leader.fills({ 批示内容: '全力搜救，防止油品入海' })
    await leader.submits()
    await govt.goes('/desk/govt/instructions')
    await govt.opens('assign_task')
    await govt.picks('交办单位', '市海洋局')
    await govt.fills({ 任务: '布设围油栏' })
    await govt.submits()
    await govt.shows('19-instruction')
    await ocean.goes('/desk/dept/tasks')
    await ocean.sees('布设围油栏')
    await ocean.shows('19-task')
    await ocean.opens('feed_back')
    await ocean.fills({ 反馈: '布设完成，未见油品入海' })
    await ocean.submits()
    await leader.sees('布设完成，未见油品入海')
    await bureau.opens('compile_situation_report')
    await bureau.fills({ 专报正文: '泄漏点已封堵，2 人轻伤，正在洗消。' })
    await bureau.submits()
    await bureau.sees('第 1 期')
    await dispatcher.goes(`/incidents/${made.incident}/information`)
    await dispatcher.button('复制短文本').click()
    await until('the short text is copied', () => dispatcher.page.evaluate((number) => navigator.clipboard.readText().then((text) => text.includes(number) && text.includes('石岛油库') && /轻伤 ?2/.test(text)), made.number))
    if (drill) await until('the short text says that it is a drill', () => dispatcher.page.evaluate(() => navigator.clipboard.readText().then((text) => text.includes('演练'))))
    await dispatcher.shows('19-information')
    await leader.shows('19-leader')
  })

  step('Plan 4.2.3: the shift hands over with a sheet that wrote itself', async () => {
    const { dispatcher } = who
    await dispatcher.goes('/hand-over/brigade')
    await dispatcher.sees(made.number, '石岛站')
    await dispatcher.shows('20-sheet')
    await dispatcher.opens('hand_over_shift')
    await dispatcher.fills({ '接班人（职务）': '指挥中心值班员02', 交班事项: '油库泄漏正在处置' })
    await dispatcher.submits()
    await dispatcher.sees('指挥中心值班员02')
  })

  step('Plan 4.3.3: under control, forces are released and return with hours and consumables; the incident closes by its rule', async () => {
    const { dispatcher, post, depot } = who
    await dispatcher.goes(`/desk/brigade/${made.incident}`)
    await post.goes('/desk/post')
    await post.opens('control_incident')
    await post.submits()
    await until('it is under control', async () => (await dispatcher.reads(`/incidents/${made.incident}`)).brief.status === 'controlled')
    for (const force of ['石岛站', ...PLANNED]) {
      await post.order(force).locator('button.line').click()
      await post.opens('release_order', post.order(force))
      await post.submits()
      await post.order(force).locator('button.line').getByText('可归队').waitFor()
      await post.order(force).locator('button.line').click()
    }
    await post.shows('21-released')
    await depot.sees('可以归队')
    await depot.button('归队登记').click()
    await depot.button('+ 泡沫液').click()
    await depot.page.getByLabel('数量').first().fill('600')
    await depot.page.getByLabel('现场确认人').fill('现场指挥部后勤组')
    await depot.shows('21-return')
    await depot.button('登记归队').click()
    await dispatcher.order('油库专职队').getByText('已归队').waitFor()
    await depot.shows('21-returned')
    const liftable = dispatcher.page.locator('[data-testid=act-lift_stand_by]:not([aria-disabled])')
    for (let left = await liftable.count(); left > 0; left -= 1) {
      await liftable.first().click()
      await until('a stand-by is lifted', async () => (await liftable.count()) < left)
    }
    await dispatcher.opensByKey('r')
    await dispatcher.fills({ 正文: '险情排除，无人死亡，2 人轻伤。' })
    await dispatcher.submits()
    await until('nothing hinders closing', async () => (made.blockers = (await dispatcher.reads(`/incidents/${made.incident}`)).blockers).length === 0).catch((error) => { throw new Error(`${error.message}: ${made.blockers.join('；')}`) })
    await dispatcher.opensByKey('x')
    await dispatcher.fills({ 说明: '移交辖区' })
    await dispatcher.submits()
    await until('it is closed', async () => (await dispatcher.reads(`/incidents/${made.incident}`)).brief.status === 'closed')
  })

  step('Plan 4.3.3: the review stands on intervals and deviations; its documents open', async ({ browser }) => {
    const commander = who.commander = await (await browser.user('commander')).signsIn()
    await commander.goes(`/incidents/${made.incident}/review`)
    await commander.find('.intervals li').first().waitFor()
    assert.ok((await commander.find('.intervals li').count()) >= 6)
    const deviations = commander.find('.panel').filter({ hasText: '与编成的差别' }).locator('li')
    await deviations.first().waitFor()
    assert.ok((await deviations.allInnerTexts()).every((line) => /[\u4e00-\u9fff]{4}/.test(line)), 'each deviation is said in words')
    await commander.opens('write_review')
    await commander.fills({ 处置措施: '先期处置，堵漏洗消', 经验教训: '泡沫储备不足', 意见建议: '增配围油栏' })
    await commander.submits()
    await commander.sees('泡沫储备不足')
    await commander.shows('22-review')
    await commander.goes(`/incidents/${made.incident}/documents`)
    await commander.shows('22-documents')
    for (const name of ['战评总结', '调用方案', '出动指令', '报备', '首报', '情况专报', '移交指挥']) {
      const row = commander.page.getByRole('row', { name }).first()
      const { path, name: file } = await commander.downloads(() => row.getByRole('button', { name: '下载' }).click())
      assert.match(file, /\.docx$/)
      assert.match(wordsOf(path), /[\u4e00-\u9fff]{4}/, name)
      assert.equal(DRILL.test(wordsOf(path)), drill, `${name}: a drill’s papers say so, a real incident’s do not`)
    }
    await commander.goes(`/incidents/${made.incident}/timeline`)
    await commander.sees('电台')
    await commander.shows('22-timeline')
  })

  if (drill) {
    step('Plan 4.2.3: every page of the incident says that it is a drill, and so does the wall', async () => {
      const { dispatcher } = who
      for (const tab of ['', '/board', '/command', '/information', '/timeline', '/documents', '/review']) {
        await dispatcher.goes(`/incidents/${made.incident}${tab}`)
        await dispatcher.find('.drillribbon').waitFor()
        await dispatcher.shows(`23-page${tab.replace('/', '-')}`)
      }
    })
  }

  step('the journal that the story wrote is whole, and keeps the plan’s rules', async ({ node, browser }) => {
    await browser.leave()
    await node.stop()
    const [clean, told] = node.verify('--rules')
    assert.ok(clean, told)
    assert.match(told, /the chain is whole/)
    assert.match(told, /the rules hold/)
  })
}
