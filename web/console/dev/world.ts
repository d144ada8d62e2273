/** A small jurisdiction in memory: what the pages are drawn and tested against without a node. Typed by the API; it holds no rule. */
import { zh } from '../src/locales/zh-CN.ts'
import type {
  Arrangements, CallSheet, Desk, Force, ForceBrief, ForceView, Hit, IncidentFile, IncidentSummary, Notifications, IncidentView, Me, Order, OrderStep, Place, Plan, Proposal, Reference, Reported, ReviewFacts, Role, Slot, Task,
  TimelineItem,
} from '../src/api/types.ts'

const START = Date.now()
export const at = (minutes: number, seconds = 0): string => {
  const local = new Date(START + 8 * 3_600_000 + minutes * 60_000 + seconds * 1000)
  return `${local.toISOString().slice(0, 23)}+08:00`
}
const by = (who: string, minutes: number, extra: Partial<Reported> = {}): Reported => ({ at: at(minutes), recorded_at: at(minutes), by: who, ...extra })
const told = (who: string, minutes: number): Reported => ({ at: at(minutes - 2), recorded_at: at(minutes), by: '指挥中心值班调度员', on_behalf_of: who, through: 'phone' })

const town = { id: '371082002', name: '港湾街道' }
export const depot: Place = { text: '石岛油库', point: [122.4205, 36.8862], town, quality: 'place' }
const hazards = [
  ['hazchem', '危化品和工贸事故', '危化品', 'h'], ['fire', '火灾', '火灾', 'f'], ['traffic', '交通事故', '交通', 't'], ['flood', '洪涝', '洪涝', 'l'], ['forest_fire', '森林火灾', '森林', 'm'],
  ['eq_geo', '地震和地质灾害', '地震地质', 'd'], ['mine', '非煤矿山事故', '矿山', 'k'], ['water_rescue', '水上救援', '水上', 's'],
] as const

const FORCES: [string, string, ForceBrief['kind'], string, string, number, string, [number, number]][] = [
  ['force-001', '崖头消防救援站', 'government', 'own_station', '消防大队', 32, '崖头01', [122.4391, 37.1534]], ['force-002', '石岛消防救援站', 'government', 'own_station', '消防大队', 28, '石岛01', [122.4302, 36.8921]],
  ['force-003', '成山消防救援站', 'government', 'own_station', '消防大队', 18, '成山01', [122.5523, 37.3689]], ['force-004', '石岛管理区专职消防队', 'government', 'town_brigade', '石岛管理区', 16, '石专01', [122.4188, 36.901]],
  ['force-021', '荣成化工应急救援队', 'enterprise', 'professional', '华泰化工', 22, '化工01', [122.4701, 37.121]], ['force-022', '石岛油库企业消防队', 'enterprise', 'enterprise_brigade', '石岛油库', 12, '油库01', [122.4199, 36.8871]],
  ['force-031', '市人民医院急救队', 'government', 'medical', '市卫健局', 14, '急救01', [122.4298, 37.1602]], ['force-032', '石岛人民医院急救队', 'government', 'medical', '市卫健局', 10, '急救02', [122.4265, 36.8955]],
  ['force-041', '生态环境监测应急组', 'government', 'environment', '生态环境分局', 6, '环监01', [122.4402, 37.1651]], ['force-051', '蓝天救援荣成队', 'social', 'volunteer', '市应急局', 25, '蓝天01', [122.4422, 37.1481]],
  ['force-061', '海上搜救分队', 'government', 'maritime', '石岛海事处', 12, '海搜01', [122.4381, 36.8772]], ['force-071', '石岛公路养护机械队', 'enterprise', 'machinery', '市交通局', 15, '机械01', [122.4042, 36.9154]],
]
const brief = ([id, name, kind, type, org, strength, call_sign, point]: (typeof FORCES)[number]): ForceBrief => ({
  id, name, kind, type, org: { id: `org-${org}`, name: org }, town, point, strength, call_sign, engaged: null, marks: id === 'force-051' ? [{ code: 'unverified', text: '台账超过核验期' }] : [],
})
export const forces: Force[] = FORCES.map((row) => ({
  ...brief(row), full_name: `荣成市${row[1]}`, authority: { id: 'org-yingji', name: '市应急局' }, basis: row[3] === 'own_station' ? 'direct' : 'after_approval', mobilisation_s: 120, duty_mode: '24h',
  capabilities: [{ code: 'foam', name: '泡沫消防车', unit: '辆', quantity: 2 }], vehicles: ['泡沫消防车 示K0102 ×2'], on_duty: `${row[1]}值班员01`, distance_m: null,
}))
const force = (id: string): ForceBrief => forces.find((one) => one.id === id) as ForceBrief

const arrangements: Arrangements = {
  assembly_point: { ...depot, text: '油库东门外 200 米停车场' }, report_to: { position: '消防大队现场指挥员', phone: '0631-0100110' }, radio_channel: '消防 3 频道', protection: '二级防化，佩戴空呼',
  wind: '东北风 3 级，从油库东侧进入', bring: '泡沫液 6 吨、移动炮', plates: ['示K0102', '示K0103'], note: null,
}
const STEPS: OrderStep[] = ['issued', 'received', 'acknowledged', 'departed', 'arrived', 'deployed', 'released', 'returned']

let counter = 0
function order(forceId: string, step: OrderStep, task: string, issued: number, extra: Partial<Order> = {}): Order {
  counter += 1
  const reached = step === 'declined' ? ['issued', 'received'] as OrderStep[] : STEPS.slice(0, STEPS.indexOf(step) + 1)
  const who = force(forceId)
  return {
    id: `order-${counter}`, number: `荣消调〔2026〕${counter}号`, incident: 'incident-1', incident_number: '荣警 2026-0317', drill: false, plan: null, basis: 'first_response', force: who,
    force_ref: { id: who.id, name: who.name }, task, arrangements, step,
    steps: [...reached.map((one, i) => ({ step: one, reported: i === 2 && forceId === 'force-022' ? told('石岛油库企业消防队值班员', issued + i) : by(i === 0 ? '消防大队值班指挥长' : `${who.name}值班员`, Math.min(issued + i, -1)), note: null })),
      ...(step === 'declined' ? [{ step, reported: told(`${who.name}值班员`, issued + 3), note: '两辆泡沫车均在检修' }] : [])],
    issued_by: '消防大队值班指挥长', issued_at: at(issued), due: ['issued', 'received', 'acknowledged', 'departed'].includes(step) ? at(3, counter * 40) : null, overdue: null,
    contacts: [{ position: '消防大队指挥中心', phone: '0631-0100119' }], force_contacts: [{ position: '值班室', phone: '0631-0100101' }, { position: '队长', phone: '0631-0100102' }], strength: null, eta_min: null, position: null, position_at: null, slot: null, capability: null, quantity: null,
    place: depot, hazard: { code: 'hazchem', name: '危化品和工贸事故' }, substance: '汽油', progress: [], return_form: null, withdrawal: null,
    filing: { id: `filing-${counter}`, authority: { id: 'org-weijian', name: '市卫健局' }, signed: counter % 2 === 0 }, short_text: `${who.name}：请立即赶赴石岛油库，${task}，集结点油库东门外停车场，频道消防 3。`,
    may: step === 'issued' || step === 'received' ? { acknowledge_order: 'on_behalf', decline_order: 'on_behalf', cancel_order: true } : step === 'acknowledged' ? { depart_order: 'on_behalf', cancel_order: true, report_progress: 'on_behalf' }
      : step === 'departed' ? { arrive_order: 'on_behalf', cancel_order: true, report_progress: 'on_behalf' } : step === 'arrived' || step === 'deployed' ? { deploy_order: 'on_behalf', report_progress: 'on_behalf', release_order: true } : { return_order: 'on_behalf' },
    ...extra,
  }
}
const orders: Order[] = [
  order('force-002', 'deployed', '泡沫覆盖流淌火，冷却 2 号罐', -21, { progress: [{ text: '流淌火已控制在防火堤内，2 号罐罐壁冷却有效。', files: [], position: null, reported: by('石岛消防救援站带队指挥员', -4) }] }),
  order('force-001', 'departed', '增援泡沫与供水', -21), order('force-022', 'arrived', '关阀断料，引导消防车进入', -20),
  order('force-031', 'received', '现场急救与转运', -6, { basis: 'approved_plan', plan: 'plan-1', overdue: { since: at(-2), level: 'telephone', text: '接令超时 2 分钟，第二联系人未应答，请电话联系', instead: null }, due: at(-2) }),
  order('force-021', 'acknowledged', '堵漏与输转', -6, { basis: 'approved_plan', plan: 'plan-1' }), order('force-004', 'declined', '泡沫补给', -6, { basis: 'approved_plan', plan: 'plan-1' }),
  order('force-041', 'issued', '下风向有毒气体监测', -1, { basis: 'approved_plan', plan: 'plan-1', due: at(0, 48) }),
]
const task = (id: string, what: string, agreed: boolean | null): Task => ({ force: force(id), force_ref: { id, name: force(id).name }, task: what, slot: 'foam', capability: { code: 'foam', name: '泡沫消防车' }, quantity: 2, basis: 'after_approval', marks: [], agreed })
const plan = (id: string, n: number, status: Plan['status'], tasks: Task[], extra: Partial<Plan> = {}): Plan => ({
  id, incident: 'incident-1', incident_number: '荣警 2026-0317', place: depot, hazard: { code: 'hazchem', name: '危化品和工贸事故' }, grade: 3, number: `荣消方案〔2026〕${n}号`, revision: 2, status, drill: false, tasks, arrangements,
  proposal: 'hash', supplement_to: null, by_order_of_post: false, signed_by: '消防大队值班指挥长', drafted: by('指挥中心值班调度员', -6), submitted: by('指挥中心值班调度员', -4), asked: ['应急值守处置科值班员', '带班领导'], answer_due: at(1, 12), unanswered: false, approval: null, reasons: null,
  uncovered: ['泡沫消防车缺 2 辆：辖区内 25 分钟可到的均已出动', '石岛片区 30 分钟内无第二梯队'], may: {}, ...extra,
})
export const plans: Plan[] = [
  plan('plan-1', 11, 'partly_approved', [task('force-031', '现场急救与转运', true), task('force-021', '堵漏与输转', true), task('force-051', '外围警戒', false)], {
    uncovered: [], approval: { means: 'telephone', officer: '带班领导', words: '同意，志愿队先不动', recording: '1102-0356', at: told('应急局带班领导', -6), written: 'due', written_due: at(110), remark: null }, may: { confirm_in_writing: true } }),
  plan('plan-2', 12, 'submitted', [task('force-061', '封控港池水面，围油栏布设', null), task('force-032', '现场急救第二梯队', null), task('force-071', '修筑临时围堰', null), task('force-051', '群众疏散引导', null)], {
    supplement_to: 'plan-1', may: { approve_plan: true, send_back_plan: true, record_telephone_approval: true, withdraw_plan: true } }),
]

export const summaries: IncidentSummary[] = [
  { id: 'incident-1', number: '荣警 2026-0317', drill: false, status: 'responding', hazard: { code: 'hazchem', name: '危化品和工贸事故' }, grade: 3, severity: { value: 'serious', stage: 'preliminary' }, place: depot, opened_at: at(-24), trapped: 2, substance: '汽油', calls: 2,
    orders: { total: 7, waiting: 2, under_way: 2, on_scene: 2, declined: 1, overdue: 1 }, reviewed: false, short: [], unreached: 0, plans_waiting: 1, command: { holder: 'brigade', name: '消防救援大队' }, next: { act: 'record_telephone_approval', text: '电话请示应急局', clause: '4.1.4' } },
  { id: 'incident-2', number: '荣警 2026-0318', drill: false, status: 'reported', hazard: { code: 'traffic', name: '交通事故' }, grade: 1, severity: null, place: { text: '宁津街道东墩村北 G308', point: [122.52, 37.0], town: { id: '371082001', name: '宁津街道' }, quality: 'town_seat' }, opened_at: at(-2), trapped: 1, substance: null, calls: 1,
    orders: { total: 0, waiting: 0, under_way: 0, on_scene: 0, declined: 0, overdue: 0 }, reviewed: false, short: [], unreached: 0, plans_waiting: 0, command: { holder: 'brigade', name: '消防救援大队' }, next: { act: 'verify_call', text: '核实警情' } },
  { id: 'incident-3', number: '荣警 演2026-0021', drill: true, status: 'controlled', hazard: { code: 'forest_fire', name: '森林火灾' }, grade: 2, severity: null, place: { text: '铁槎山北坡', point: [122.35, 36.9], town, quality: 'map' }, opened_at: at(-180), trapped: null, substance: null, calls: 1,
    orders: { total: 4, waiting: 0, under_way: 0, on_scene: 3, declined: 0, overdue: 0 }, reviewed: false, short: [], unreached: 0, plans_waiting: 0, command: { holder: 'post', name: '现场指挥部' }, next: { act: 'file_report', text: '报终报', clause: '4.3.1' } },
]

const ALL_MAY = Object.fromEntries([
  'classify_incident', 'raise_grade', 'grade_severity', 'merge_incident', 'order_first_response', 'send_linkage_notices', 'push_stand_by', 'call_town', 'draft_plan', 'send_letter', 'form_forward_headquarters', 'establish_post',
  'appoint_safety_officer', 'order_withdrawal', 'file_report', 'count_casualties', 'add_note', 'control_incident', 'give_instruction', 'confirm_casualties', 'compile_situation_report', 'enter_scene', 'leave_scene', 'delegate_command',
].map((act) => [act, true as const]))

export function file(id: string): IncidentFile | undefined {
  const summary = summaries.find((one) => one.id === id)
  if (!summary) return undefined
  const { orders: _counts, command: _holder, ...head } = summary
  const first = id === 'incident-1'
  const reports: IncidentFile['reports'] = first ? [{
    id: 'report-1', incident: id, incident_number: summary.number, stage: 'first', version: 2, filed_by: { id: 'org-xiaofang', name: '消防救援大队' }, by_phone: true, due: at(6), unread: true,
    versions: [{ version: 1, text: '石岛油库起火。', casualties: null, reported: by('指挥中心值班调度员', -18), why: null }, { version: 2, text: '今日接报，石岛油库 2 号汽油罐区发生泄漏起火。', casualties: null, reported: by('指挥中心值班调度员', -12), why: '补充被困人数' }],
    text: '今日接报，石岛油库 2 号汽油罐区发生泄漏起火，2 人被困。消防大队 3 个站已出动，现场火势控制在防火堤内。', casualties: null, addressed_to: { id: 'org-zongzhiban', name: '市委市政府总值班室' }, copied_to: [{ id: 'org-yingji', name: '市应急局' }, { id: 'org-xiaofang', name: '市消防救援大队' }], late: false, reported: by('指挥中心值班调度员', -12),
    read_by: [{ position: '总值班室值班员', org: { id: 'org-zongzhiban', name: '总值班室' }, version: 2, at: at(-10) }], drill: false, may: { correct_report: true, read_report: true } }] : []
  return {
    ...head, revision: 9, headline: `${summary.place.text}${summary.hazard?.name ?? ''}`, blockers: first ? ['还有 5 支力量未归队', '未报终报'] : [], uncovered: first ? ['泡沫消防车缺 2 辆'] : [], narrative: first ? '报警人称 2 号罐卸油时管线破裂，地面流淌火，有两名工人没跑出来。' : null,
    call_list: [{ source: '119', caller: '张××', caller_number: '138****0001', recording: '1102-0341', received_at: summary.opened_at, place: summary.place, text: '油库着火了，火很大，有人没出来。', reported: by('指挥中心值班调度员', -24) }],
    verified: summary.status === 'reported' ? null : by('指挥中心值班调度员', -23), controlled: null, closed: null,
    casualties: first ? { revision: 3, figures: { dead: 0, missing: 2, badly_hurt: 1, hurt: 3, trapped: 2, moved: 46 }, source: '现场指挥员', as_of: at(-5), reported: told('石岛站带队指挥员', -5), confirmed: null } : null, confirmed_casualties: null,
    plans: first ? plans : [], orders: first ? orders : [],
    stand_bys: first ? [{ id: 'sb-1', incident: id, incident_number: summary.number, drill: false, force: force('force-051'), force_ref: { id: 'force-051', name: '蓝天救援荣成队' }, text: '待命', place: depot, pushed_at: at(-18), due: at(-8), confirmed: { ready: true, note: '18 人集结完毕', reported: by('蓝天救援荣成队值班员', -12) }, overdue: false, lifted: false, may: { lift_stand_by: true } }] : [],
    notices: first ? ['110 公安指挥中心', '120 急救中心', '122 交警', '供电公司', '水务集团'].map((name, i) => ({ id: `n-${i}`, incident: id, incident_number: summary.number, org: { id: `org-${i}`, name }, text: '石岛油库泄漏起火，请按职责联动。', sent_at: at(-20), due: at(i > 3 ? -5 : 4), acknowledged: i < 3 ? by(`${name}值班员`, -17 + i) : null, overdue: i > 3, drill: false, may: i < 3 ? {} : { acknowledge_notice: 'on_behalf' as const } })) : [],
    letters: first ? [{ id: 'l-1', number: '荣商〔2026〕1号', incident: id, incident_number: summary.number, org: { id: 'org-haishi', name: '石岛海事处' }, forces: [], ask: '请派清污船 2 艘布设围油栏', urgent: true, sent_at: at(-9), due: at(21), overdue: false, answer: null, drill: false, may: { answer_letter: 'on_behalf' } }] : [],
    filings: first ? orders.slice(3, 6).map((one, i) => ({ id: `filing-${i}`, incident: id, incident_number: summary.number, order: one.id, order_number: one.number, task: one.task, step: one.step, force: one.force_ref, authority: { id: 'org-weijian', name: i === 0 ? '市卫健局' : '市工信局' }, sent_at: at(-6), due: at(24), signed: i === 0 ? by('市卫健局值班员', -3) : null, overdue: false, drill: false, may: i === 0 ? {} : { sign_filing: 'on_behalf' as const } })) : [],
    town_calls: first ? [{ id: 'tc-1', incident: id, incident_number: summary.number, town: { id: 'org-town-gangwan', name: '港湾街道' }, asked: '带班领导 街道带班领导01', text: '石岛油库泄漏起火，请组织周边 500 米群众转移。', called_at: at(-19), due: at(-14), answered: { words: '收到，正在组织转移', reported: by('港湾街道带班领导', -17) }, overdue: false, drill: false, may: {} }] : [],
    instructions: first ? [{ id: 'i-1', incident: id, incident_number: summary.number, drill: false, due: at(40), done: false, overdue: false, text: '全力搜救被困人员，严防次生灾害，做好环境监测。', from: '市长', reported: told('市长', -8), assigned: { to: { id: 'org-huanjing', name: '生态环境分局' }, task: '下风向布点监测，每 30 分钟报一次', due_at: at(22) }, feedback: [], may: { feed_back: true, assign_task: true } }] : [],
    command: summary.command?.holder === 'post' ? {
      holder: 'post', name: '现场指挥部', since: at(-90), is_mine: false, forward_headquarters: null, delegations: [{ to: '抢险救援组', scope: '北坡火线力量调派', since: at(-80) }],
      post: { commander: '副市长', place: summary.place.text, decision: '荣政办〔2026〕3号', established: by('总值班室值班员', -90), briefing_due: at(-60), briefing_overdue: true, briefing: null, briefing_text: null, members: ['应急局局长', '消防大队大队长', '宣传部副部长'], channel: '指挥 1 频道' },
      history: [{ holder: 'brigade', name: '消防救援大队', commander: null, from: at(-180), to: at(-90) }, { holder: 'post', name: '现场指挥部', commander: '副市长', from: at(-90), to: null }],
    } : { holder: 'brigade', name: '消防救援大队', since: at(-24), is_mine: true, forward_headquarters: first ? { commander: '大队长', place: '油库办公楼前', formed: by('消防大队值班指挥长', -13), groups: [{ name: '灭火组', leader: '石岛站站长', forces: [{ id: 'force-002', name: '石岛消防救援站' }] }, { name: '堵漏组', leader: '化工队队长', forces: [{ id: 'force-021', name: '荣成化工应急救援队' }] }], channel: '消防 3 频道' } : null, post: null, delegations: [], history: [{ holder: 'brigade', name: '消防救援大队', commander: null, from: at(-24), to: null }] },
    scene: { safety_officer: first ? '石岛站副站长' : null, people: first ? 10 : 0, inside: first ? [{ group: '灭火一组', order: 'order-1', force: { id: 'force-002', name: '石岛消防救援站' }, count: 6, since: at(-15) }, { group: '堵漏组', order: 'order-5', force: { id: 'force-021', name: '荣成化工应急救援队' }, count: 4, since: at(-3) }] : [] },
    withdrawals: first ? [{ id: 'w-1', due: at(-8), overdue: false, reason: '2 号罐有沸溢危险', ordered: by('消防大队现场指挥员', -11), confirmed: [{ order: 'order-1', force: '石岛消防救援站', everyone_out: true, missing: null, reported: by('石岛站带队指挥员', -9) }], waiting: [], may: {} }] : [],
    reinforcements: first ? [{ id: 'r-1', incident: id, incident_number: summary.number, drill: false, recording: '1102-0361', status: 'approved', answer_due: at(-2), overdue: false, to: { id: 'org-weihai-yingji', name: '威海市应急管理局' }, need: '泡沫消防车 4 辆、泡沫液 20 吨', means: 'phone', requested: by('应急值守处置科值班员', -7), answer: { reported: by('应急值守处置科值班员', -4), executed_by: { id: 'org-weihai-xiaofang', name: '威海市消防救援支队' }, approved: true, officer: '威海市应急局值班处长', words: '同意，由威海支队派石油化工编队' }, attached: [{ id: 'a-1', name: '威海支队石化编队', from: '威海市消防救援支队', strength: 36, leader: '支队副支队长', call_sign: '威石01', contact: null, since: by('应急值守处置科值班员', -2), released: null }], may: { attach_force: true, release_attached: true } }] : [],
    reports, situation_reports: first ? [{ id: 's-1', number: 1, casualties: null, text: '石岛油库泄漏起火情况：……', compiled: by('应急值守处置科值班员', -5) }] : [], notes: first ? [{ text: '油库技术员已到现场，提供管线图。', files: [], reported: told('石岛站带队指挥员', -13) }] : [],
    strength: first ? { due: null, plan: 'plan-1', supplement: [slot(0, '泡沫消防车', '辆', 1, 0, [['force-022', 4, '距现场 2.1 公里，预计 4 分钟到场（直线距离估算），泡沫消防车 1 辆；备勤中']], [], '要 4、已接令 3，补足所缺')], lines: [{ capability: { code: 'foam_tanker', name: '泡沫消防车' }, unit: '辆', wanted: 4, acknowledged: 3, missing: 1, text: '泡沫消防车 4 辆，已接令 3 辆' }, { capability: { code: 'ambulance', name: '救护车' }, unit: '辆', wanted: 2, acknowledged: 2, missing: 0, text: '救护车 2 辆，已接令 2 辆' }] } : { due: null, plan: null, supplement: [], lines: [] },
    review: null, deadlines: first ? [{ kind: 'follow_up_report', due: at(36), overdue: false, subject: id, text: '续报', incident: id, incident_number: '20260412-0001', drill: false }, { kind: 'order_step', due: at(-2), overdue: true, subject: 'order-4', text: '出动指令下一步：市人民医院急救队', incident: id, incident_number: '20260412-0001', drill: false }] : [],
    may: summary.status === 'reported' ? { verify_call: true, classify_incident: true, order_first_response: true, merge_incident: true, close_incident: { code: 'not_verified', detail: '警情尚未核实，不能结案', clause: '4.3.1' } } : { ...ALL_MAY, close_incident: { code: 'orders_open', detail: '还有 5 支力量未归队，不能结案', instead: [{ act: 'release_order', text: '通知归队' }] } },
  }
}

const slot = (index: number, name: string, unit: string, quantity: number, standing: number, picks: [string, number, string][], alternatives: [string, number, string][], why: string, gap?: string): Slot => ({
  index, slot: `slot-${index}`, capability: { code: `cap-${index}`, name }, unit, quantity, standing, planned: 0, filled: standing + picks.length * 2, within_min: 25, why,
  picks: picks.map(([id, min, reason]) => ({ force: force(id), force_ref: { id, name: force(id).name }, held: false, quantity: 2, eta_s: min * 60, travel_s: min * 60 - 120, mobilisation_s: 120, distance_m: min * 900, basis: force(id).type === 'own_station' ? 'direct' : 'after_approval', in_time: min <= 25, marks: [], reason })),
  alternatives: alternatives.map(([id, min, reason]) => ({ force: force(id), force_ref: { id, name: force(id).name }, held: false, quantity: 1, eta_s: min * 60, travel_s: min * 60 - 120, mobilisation_s: 120, distance_m: min * 900, basis: 'after_approval', in_time: min <= 25, marks: [], reason })),
  gap: gap ? { missing: 2, text: gap } : null,
})
export const proposal = (id: string): Proposal => ({
  hash: `hash-${id}`, incident: id, composition: { id: 'c-1', hazard: 'hazchem', grade: 3, version: 2, source: '示例，须经本地批准', preauthorised: false }, travel_basis: 'straight_line', first_response: [{ force: 'force-003', task: '赶赴现场先期处置' }], stand_by: ['force-051', 'force-071'], linkage: ['org-4'],
  tasks: [['force-022', '控制流淌火，冷却邻近储罐'], ['force-004', '泡沫补给'], ['force-021', '带压堵漏、输转'], ['force-032', '伤员救治转运'], ['force-031', '伤员转运第二梯队'], ['force-041', '有毒气体监测，划定警戒范围']].map(([id, what]) => ({ force: id as string, task: what as string, slot: 'slot-0', quantity: 2 })), text: ['已出动 3 支，本次提出还缺的 6 个编成单元。'],
  slots: [
    slot(0, '泡沫消防车', '辆', 6, 2, [['force-022', 4, '距现场最近，自有泡沫液 4 吨'], ['force-004', 9, '次近，15 分钟内可到']], [['force-071', 31, '超时 6 分钟，装备不全']], '控制流淌火，冷却邻近储罐', '泡沫消防车缺 2 辆：25 分钟可到的均已出动，建议请求增援'),
    slot(1, '堵漏输转', '套', 2, 0, [['force-021', 22, '唯一具备带压堵漏能力，22 分钟可到']], [], '切断泄漏源'), slot(2, '救护车', '辆', 4, 0, [['force-032', 5, '石岛片区最近'], ['force-031', 24, '市区第二梯队']], [], '伤员救治转运'),
    slot(3, '环境监测', '组', 1, 0, [['force-041', 23, '唯一具备有毒气体监测能力']], [], '划定警戒范围'), slot(4, '围油栏', '米', 400, 0, [], [['force-061', 12, '须商请海事']], '防止入海', '围油栏缺 400 米：本辖区力量须商请石岛海事处'),
  ],
})

export const reference: Reference = {
  hazards: hazards.map(([code, name, short, letter]) => ({ code, name_zh: name, name_en: code, short_zh: short, letter, colour: '#8a6a00', symbol: code, plan: true, cn_ep: [] })),
  capabilities: [{ code: 'foam', name_zh: '泡沫消防车', name_en: 'foam tanker', unit: 'vehicle', unit_zh: '辆', group: 'fire' }],
  towns: [{ code: '371082002', name: '港湾街道', org: 'org-town-gangwan', point: [122.4245, 36.8803] }, { code: '371082001', name: '宁津街道', org: 'org-town-ningjin', point: [122.502, 36.9863] }], bases: [],
  linkages: ['公安 110', '急救 120', '交警 122', '供电', '燃气', '供水'].map((name, i) => ({ code: `l${i}`, name_zh: name, name_en: name, number: '', org: `org-${i}`, hazards: ['any'] })),
  limits: Object.fromEntries(Object.keys(zh).filter((key) => key.startsWith('limit.')).map((key, i) => [key.slice('limit.'.length), 60 * (i + 1)])) as Reference['limits'], readiness: 'routine',
  signers: [{ account: 'commander', position: '消防大队值班指挥长' }], asked_by_letter: [{ id: 'org-haishi', name: '石岛海事处' }], superiors: [{ id: 'org-weihai-yingji', name: '威海市应急管理局' }],
  orgs: [{ id: 'org-yingji', name: '市应急局' }, { id: 'org-huanjing', name: '生态环境分局' }],
}
export const hits: (Hit & { initials: string })[] = [
  { kind: 'place', id: 'place-shidao', name: '石岛', point: [122.4245, 36.8803], town, quality: 'place', initials: 'sd' }, { kind: 'place', id: 'place-shidao-youku', name: '石岛油库', point: [122.4205, 36.8862], town, quality: 'place', initials: 'sdyk' },
  { kind: 'town', id: '371082002', name: '港湾街道', town, initials: 'gwjd' }, { kind: 'village', id: '371082001203', name: '渠隔村', town: { id: '371082001', name: '宁津街道' }, quality: 'town_seat', point: [122.502, 36.9863], initials: 'qgc' },
]
export const timeline: TimelineItem[] = [
  ['incident.reported', -24, '接警：石岛油库泄漏起火，2 人被困'], ['incident.verified', -23, '核实属实'], ['order.issued', -21, '先期处置：命石岛、崖头消防救援站出动'], ['notice.sent', -20, '联动通知 110、120、122、供电、水务'], ['order.acknowledged', -19, '石岛消防救援站接令，28 人'],
  ['report.filed', -18, '首报总值班室，抄报应急局、消防大队'], ['order.arrived', -14, '石岛消防救援站到场'], ['plan.approved', -8, '应急局带班领导电话同意调用方案荣消方案〔2026〕11号（部分）'], ['withdrawal.ordered', -11, '紧急撤离：2 号罐有沸溢危险'],
].map(([kind, minutes, text], i) => ({ seq: i + 1, kind: kind as string, at: at(minutes as number), recorded_at: at((minutes as number) + (i === 7 ? 2 : 0)), by: '指挥中心值班调度员', through: i === 7 ? 'phone' : null, on_behalf_of: i === 7 ? '应急局带班领导' : null, text: text as string, drill: false }))

export const review = (id: string): ReviewFacts => ({
  incident: summaries.find((one) => one.id === id) as IncidentSummary,
  intervals: [['接警→首个出动指令', 180], ['首个指令→提交方案', 660], ['提交→同意', 240], ['同意→首个接令', 42], ['接警→首支到场', 600], ['到场→控制', null]].map(([text, seconds], i) => ({ code: `i${i}`, text: text as string, seconds: seconds as number | null })),
  deviations: [{ code: 'short', slot: 'foam', text: '泡沫消防车少 2 辆（编成 6 辆，实到 4 辆）' }, { code: 'late', slot: null, text: '环境监测组晚到 6 分钟' }],
  forces: orders.slice(0, 4).map((one) => ({ force: one.force_ref, ordered: one.issued_at, acknowledged: at(-19), departed: at(-18), arrived: at(-14), released: null, returned: null, on_scene_min: 14 })), composition: '危化品三级编成（第 2 版）', reports: [1, 0, 0, 0], review: null, may: { write_review: true },
})

const ACCOUNTS: Record<string, [Role, string, string]> = {
  dispatcher: ['dispatcher', '指挥中心值班调度员', '消防救援大队'], commander: ['commander', '值班指挥长', '消防救援大队'], bureau: ['bureau', '应急值守处置科值班员', '应急管理局'], 'shift-leader': ['shift_leader', '带班领导', '应急管理局'], deputy: ['deputy', '第一备岗', '应急管理局'],
  govt: ['govt', '总值班室值班员', '市政府办公室'], leader: ['leader', '副市长', '市政府'], post: ['post', '现场指挥部值班员', '现场指挥部'],
}
export function me(account: string): Me {
  const [role, position, org] = ACCOUNTS[account] ?? (account.startsWith('town') ? ['town', '港湾街道值班员', '港湾街道'] as const : account.startsWith('dept') ? ['dept', '市卫健局值班员', '市卫健局'] as const : ['force', '值班员', '石岛消防救援站'] as const)
  return { account, role, position, org: { id: `org-${org}`, name: org }, force: null, jurisdiction: { code: '371082', name: '荣成市', superior: '威海市' }, demo: true, lang: 'zh-CN', readiness: 'routine' }
}
export function desk(account: string): Desk {
  const who = me(account)
  const all = file('incident-1') as IncidentFile
  const dept = who.role === 'dept'
  return {
    role: who.role, me: who.position, now: at(0), seq: '1.9', incidents: summaries, approvals: [plans[1] as Plan, plans[0] as Plan], orders, stand_bys: all.stand_bys, filings: dept ? all.filings.map((one) => ({ ...one, may: one.signed ? {} : { sign_filing: true } })) : all.filings,
    notices: dept ? all.notices.slice(3).map((one) => ({ ...one, may: { acknowledge_notice: true } })) : all.notices, letters: all.letters, town_calls: who.role === 'town' ? [{ ...(all.town_calls[0] as never as IncidentFile['town_calls'][number]), answered: null, due: at(0, 50), may: { answer_town_call: true } }] : all.town_calls,
    reports: all.reports, instructions: all.instructions, withdrawals: [], reinforcements: all.reinforcements, deadlines: all.deadlines, duty: { officer: '应急局值班员02', leader: '应急局带班领导01', since: at(-300) }, to_review: [],
  }
}

/** As the node sends them: the brief apart. */
export const incidentView = (whole: IncidentFile): IncidentView => ({ ...whole, brief: summaries.find((one) => one.id === whole.id) as IncidentSummary })
export const forceView = ({ full_name, authority, basis, mobilisation_s, duty_mode, capabilities, vehicles, on_duty, distance_m, ...brief }: Force): ForceView => ({ full_name, authority, basis, mobilisation_s, duty_mode, capabilities, vehicles, on_duty, distance_m, brief })

export const sheet = (text: string): CallSheet => ({
  source: '119', caller: '群众', caller_number: '0631-0900001', recording: 'R20260412-0037', received_at: null, place_text: '荣成市石岛管理区港湾街道石岛油库三号罐区', point: null, datum: null, hazard_hint: 'fire', grade: 2, trapped: 3,
  substance: null, narrative: text.slice(0, 80), guessed: ['trapped'], unread: ['接警单编号：JJ20260412083107001'],
})

export const notifications: Notifications = {
  rehearsal: false, parts: 3, costs: {
    total: '0.135', by_channel: [{ code: 'sms', name: '短信', messages: 1, parts: 3, cost: '0.135' }],
    by_campaign: [{ code: 'order', name: '出动指令', messages: 1, parts: 3, cost: '0.135' }],
  },
  items: [{
    id: 'told-1', about: 'order', about_name: '出动指令', subject: 'order-4', to: { id: 'force-032', name: '石岛人民医院急救队' }, code: '4821', state: 'waiting', state_name: '等待答复', next_at: at(0, 20), cost: '0.135',
    messages: [{ id: 'message-1', title: '值班员', channel: 'sms', channel_name: '短信', status: 'handed_over', status_name: '已交网关', at: at(-1), attempts: 1, parts: 3, cost: '0.135', failed: null, failed_text: null, detail: null, reason: null }], answers: [],
  }],
}
