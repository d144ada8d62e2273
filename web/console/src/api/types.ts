/**
 * The shapes of the node's answers, as `docs/api/openapi.json` describes them.
 * Everything in the console takes its types from here; nothing here knows a component.
 */
export type Time = string
export type Id = string
export type Point = [number, number]

/** Whether an act may be done now: the node's own answer, with the clause when it may not. */
/** `on_behalf`: yes, typed in for its owner; the body must then say for whom and through what (代录). */
export type May = true | 'on_behalf' | MayNot
export interface MayNot { code: string; clause?: string; detail: string; instead?: Instead[] }
export interface Instead { act: string; text: string }
export type Mays = Partial<Record<string, May>>

export interface Ref { id: Id; name: string }
export type Through = 'phone' | 'radio' | 'in_person' | 'paper'
export interface Reported { at: Time; recorded_at: Time; by: string; through?: Through; on_behalf_of?: string }

export type PlaceQuality = 'exact' | 'map' | 'place' | 'town_seat'
export interface Place { text: string; point: Point | null; town: Ref | null; quality: PlaceQuality }

export type Role =
  | 'dispatcher' | 'commander' | 'bureau' | 'shift_leader' | 'deputy' | 'govt' | 'leader' | 'post'
  | 'force' | 'dept' | 'town' | 'admin' | 'auditor' | 'system' | 'integration'

export type CallSource = '119' | '110' | '120' | '12345' | 'department'
export type IncidentStatus = 'reported' | 'verified' | 'responding' | 'controlled' | 'closed' | 'false_alarm' | 'merged'
export type SeverityValue = 'ungraded' | 'general' | 'serious' | 'major' | 'extraordinary'
export type SeverityStage = 'preliminary' | 'confirmed'
export type Holder = 'brigade' | 'post' | 'superior'

export interface IncidentSummary {
  id: Id; number: string; drill: boolean; status: IncidentStatus
  hazard: { code: string; name: string } | null
  grade: number | null
  severity: { value: SeverityValue; stage: SeverityStage } | null
  place: Place; opened_at: Time; trapped: number | null; substance: string | null; calls: number
  orders: { total: number; waiting: number; under_way: number; on_scene: number; declined: number; overdue: number }
  plans_waiting: number
  command: { holder: Holder; name: string } | null
  next: { act: string; text: string; clause?: string } | null
  merged_into?: Id; reviewed?: boolean; distance_m?: number; minutes?: number
}

export interface IncidentFile extends Omit<IncidentSummary, 'command' | 'orders'> {
  revision: number
  headline: string
  call_list: Call[]
  narrative: string | null
  verified: Reported | null; controlled: Reported | null; closed: Reported | null
  /** Why it can't be closed yet, line by line. */
  blockers: string[]
  casualties: Casualties | null; confirmed_casualties: Casualties | null
  plans: Plan[]; orders: Order[]; stand_bys: StandBy[]; notices: Notice[]; letters: Letter[]; filings: Filing[]
  town_calls: TownCall[]; instructions: Instruction[]; command: Command; scene: Scene
  withdrawals: Withdrawal[]; reinforcements: Reinforcement[]; reports: Report[]; situation_reports: SituationReport[]
  notes: Note[]; review: Review | null; deadlines: Deadline[]
  /** What the composition asks for and nobody fills. */
  uncovered: string[]
  may: Mays
}
/** As the node sends it: the brief stands apart. */
export type IncidentView = Omit<IncidentFile, keyof Omit<IncidentSummary, 'orders' | 'command' | 'next'>> & { brief: IncidentSummary }

export interface Call {
  source: CallSource; caller: string | null; caller_number: string | null; recording: string | null
  received_at: Time; place: Place; text: string | null; reported: Reported
}

export type PlanStatus = 'draft' | 'submitted' | 'approved' | 'partly_approved' | 'sent_back' | 'withdrawn'
export interface Arrangements {
  assembly_point: Place; report_to: Contact
  radio_channel: string | null; protection: string | null; wind: string | null; bring: string | null; plates: string[]; note: string | null
}
export interface Contact { position: string; phone: string | null }
export interface Plan {
  id: Id; incident: Id; incident_number: string; place: Place; hazard: CodeName | null; grade: number | null; number: string; revision: number; status: PlanStatus; drill: boolean
  tasks: Task[]; arrangements: Arrangements; proposal: string | null; supplement_to?: Id | null; by_order_of_post: boolean
  signed_by: string; submitted?: Reported | null; asked: string[]; answer_due: Time | null; unanswered: boolean
  approval?: {
    means: 'platform' | 'telephone' | 'preauthorised'; officer: string; words?: string | null; recording?: string | null
    at: Reported; written: 'not_needed' | 'due' | 'overdue' | 'done'; written_due?: Time | null; remark?: string | null
  } | null
  reasons?: string | null; uncovered: string[]; may: Mays
}
export interface CodeName { code: string; name: string }
export interface Task {
  force: ForceBrief | null; force_ref: Ref; task: string; slot: string | null; capability: CodeName | null; quantity?: number | null
  basis: string; marks: Mark[]; agreed: boolean | null
}
export type ForceKind = string
export interface ForceBrief {
  id: Id; name: string; kind: ForceKind; type: string; org: Ref; town: Ref | null; point: Point | null; strength: number
  call_sign: string | null; engaged: { incident: Id; number: string; step: OrderStep } | null; marks: Mark[]
}
export type MarkCode = 'engaged' | 'off_duty' | 'uninsured' | 'unverified' | 'no_contact' | 'approximate'
export interface Mark { code: MarkCode; text: string }

export type OrderStep =
  | 'issued' | 'received' | 'acknowledged' | 'declined' | 'departed' | 'arrived' | 'deployed' | 'released' | 'returned' | 'cancelled'
export type OrderBasis = 'approved_plan' | 'first_response' | 'preauthorised'
export interface Order {
  id: Id; number: string; incident: Id; incident_number: string; drill: boolean; plan: Id | null; basis: OrderBasis
  force: ForceBrief | null; force_ref: Ref; task: string; arrangements: Arrangements; step: OrderStep
  steps: { step: OrderStep; reported: Reported; note?: string | null }[]
  issued_by: string; issued_at: Time; due: Time | null
  overdue: null | { since: Time; level: 'second_contact' | 'telephone' | 'next_force'; text: string; instead: Ref | null }
  contacts: Contact[]; force_contacts: Contact[]; strength: number | null; eta_min: number | null; position: Point | null
  place: Place; hazard: { code: string; name: string } | null; substance: string | null
  progress: { text: string; files: string[]; position: Point | null; reported: Reported }[]
  return_form?: ReturnForm | null
  withdrawal: { id: Id; reason: string | null; confirmed: boolean } | null
  filing: { id: Id; authority: Ref; signed: boolean } | null
  short_text: string; may: Mays
}
export interface FileRef { id: Id; name: string; size: number; media_type: string }
export interface ReturnForm {
  worked_min: number | null; consumables: { name: string; quantity: number; unit: string }[]; confirmed_by: string | null
}
export interface StandBy {
  id: Id; incident: Id; incident_number: string; drill: boolean; force: ForceBrief | null; force_ref: Ref; text: string; pushed_at: Time; due: Time
  confirmed: { ready: boolean; note: string | null; reported: Reported } | null; overdue: boolean; lifted: boolean; may: Mays
}
export interface Notice {
  id: Id; incident: Id; incident_number: string; drill: boolean; org: Ref; text: string; sent_at: Time; due: Time; acknowledged: Reported | null
  overdue: boolean; may: Mays
}
export interface Letter {
  id: Id; number: string; incident: Id; incident_number: string; drill: boolean; org: Ref; forces: Ref[]; ask: string; urgent: boolean; sent_at: Time; due: Time
  answer: { agreed: boolean; words: string; reported: Reported } | null; overdue: boolean; may: Mays
}
export interface Filing {
  id: Id; incident: Id; incident_number: string; drill: boolean; order: Id; order_number: string; task: string; step: OrderStep | null; force: Ref; authority: Ref
  sent_at: Time; due: Time; signed: Reported | null; overdue: boolean; may: Mays
}
export interface TownCall {
  id: Id; incident: Id; incident_number: string; drill: boolean; text: string; town: Ref; asked: string; called_at: Time; due: Time
  answered: { words: string | null; reported: Reported } | null; overdue: boolean; may: Mays
}
export interface Instruction {
  id: Id; incident: Id; incident_number: string; drill: boolean; text: string; from: string; reported: Reported; due: Time
  assigned: { to: Ref; task: string; due_at: Time | null } | null
  feedback: { text: string; done: boolean; reported: Reported }[]; done: boolean; overdue: boolean; may: Mays
}
export interface Command {
  holder: Holder; name: string; since: Time; is_mine: boolean
  forward_headquarters: {
    commander: string; place: string; groups: { name: string; leader: string; forces: Ref[] }[]; channel: string; formed: Reported
  } | null
  post: {
    commander: string; place: string; decision: string; members: string[]; channel: string | null; established: Reported
    briefing_due: Time; briefing_overdue: boolean; briefing: Reported | null; briefing_text: string | null
  } | null
  delegations: { to: string; scope: string; since: Time }[]
  history: { holder: Holder; name: string; commander: string | null; from: Time; to: Time | null }[]
}
export interface Scene { safety_officer: string | null; inside: { group: string; order: Id | null; force: Ref | null; count: number; since: Time }[]; people: number }
export interface Withdrawal {
  id: Id; reason: string | null; ordered: Reported; due: Time; overdue: boolean
  confirmed: { order: Id | null; force: string; everyone_out: boolean; missing: number | null; reported: Reported }[]
  waiting: { order: Id | null; attached: Id | null; name: string }[]; may: Mays
}
export interface Reinforcement {
  id: Id; incident: Id; incident_number: string; drill: boolean; to: Ref; need: string; means: 'platform' | 'phone'; recording: string | null
  status: 'waiting' | 'approved' | 'declined'; requested: Reported; answer_due: Time; overdue: boolean
  answer: { approved: boolean; officer: string; words: string; executed_by: Ref | null; reported: Reported } | null
  attached: {
    id: Id; name: string; from: string; strength: number; leader: string; call_sign: string | null; contact: string | null; since: Reported
    released: Reported | null
  }[]
  may: Mays
}
export type ReportStage = 'first' | 'follow_up' | 'final'
export interface Report {
  id: Id; incident: Id; incident_number: string; drill: boolean; stage: ReportStage; version: number; text: string; casualties: Figures | null
  versions: { version: number; text: string; casualties: Figures | null; why: string | null; reported: Reported }[]
  addressed_to: Ref; copied_to: Ref[]; filed_by: Ref; by_phone: boolean; due: Time | null; late: boolean
  /** Not yet read by who looks. */
  unread: boolean
  reported: Reported | null; read_by: { position: string; org: Ref; version: number; at: Time }[]; may: Mays
}
export interface SituationReport { id: Id; number: number; text: string; casualties: Figures | null; compiled: Reported }
export interface Note { text: string; files: Id[]; reported: Reported }
export interface Figures { dead: number; missing: number; badly_hurt: number; hurt: number; trapped: number; moved: number }
export interface Casualties { revision: number; figures: Figures; source: string; as_of: Time; reported: Reported; confirmed: Reported | null }
export interface Deadline { kind: string; due: Time; overdue: boolean; incident: Id; subject: Id; text: string }

export interface Proposal {
  hash: string | null; incident: Id
  composition: { id: Id; version: number; hazard: string; grade: number; source: string; preauthorised: boolean } | null
  travel_basis: string; slots: Slot[]; text: string[]
  /** What the next keys would send: own stations at once, who is readied, who is told, the plan. */
  first_response: TaskInput[]; stand_by: Id[]; linkage: Id[]; tasks: TaskInput[]
}
export interface Slot {
  index: number; slot: string; capability: CodeName; unit: string; quantity: number; standing: number; planned: number; filled: number
  within_min: number; why: string; picks: Pick[]; alternatives: Pick[]; gap: { missing: number; text: string } | null
}
export interface Pick {
  force: ForceBrief | null; force_ref: Ref; quantity: number; eta_s: number; travel_s: number; mobilisation_s: number; distance_m: number; basis: string
  in_time: boolean; held: boolean; marks: Mark[]; reason: string
}

export interface Desk {
  role: Role; me: string; now: Time; seq: string
  incidents: IncidentSummary[]; approvals: Plan[]; orders: Order[]; stand_bys: StandBy[]; filings: Filing[]; notices: Notice[]
  letters: Letter[]; town_calls: TownCall[]; reports: Report[]; instructions: Instruction[]
  withdrawals: { incident: Id; incident_number: string; drill: boolean; withdrawal: Withdrawal }[]
  reinforcements: Reinforcement[]; deadlines: Deadline[]
  duty: { officer: string; leader: string; since: Time | null } | null
  /** Closed, and the review not yet written. */
  to_review: IncidentSummary[]
}
export interface Me {
  account: string; role: Role; position: string; org: Ref; force: Ref | null
  jurisdiction: { code: string; name: string; superior: string }
  demo: boolean; lang: string; readiness: ReadinessState
}
export interface TimelineItem {
  seq: number; kind: string; at: Time; recorded_at: Time; by: string | null; through: Through | null; on_behalf_of: string | null
  text: string; drill: boolean
}
export interface Review {
  revision: number; measures: string | null; lessons: string | null; proposals: string | null
  improvements: { what: string; owner: Ref; due: string }[]; written: Reported[]; overdue: boolean
}
export interface ReviewFacts {
  incident: IncidentSummary; composition: string | null
  intervals: { code: string; text: string; seconds: number | null }[]
  deviations: { code: string; text: string; slot: string | null }[]
  forces: {
    force: Ref; ordered: Time; acknowledged: Time | null; departed: Time | null; arrived: Time | null; released: Time | null; returned: Time | null
    on_scene_min: number | null
  }[]
  /** First, follow-up, final, and how many of them late. */
  reports: number[]
  review: Review | null; may: Mays
}

export interface Hazard { code: string; name_zh: string; name_en: string; short_zh: string; letter: string; colour: string; symbol: string; plan: boolean; cn_ep: string[] }
export interface Capability { code: string; name_zh: string; name_en: string; unit: string; unit_zh: string; group: string }
export interface Reference {
  hazards: Hazard[]; capabilities: Capability[]
  towns: { code: string; name: string; org: Id; point: Point }[]
  linkages: { code: string; name_zh: string; name_en: string; number: string; org: Id; hazards: string[] }[]
  bases: { kinds: string[]; types: string[]; hazards: string[]; basis: string; source: string; clause: string }[]
  readiness: ReadinessState
  /** Of the present readiness state, each in seconds. */
  limits: Record<string, number>
  signers: { account: string; position: string }[]
  asked_by_letter: Ref[]; superiors: Ref[]; orgs: Ref[]
}
export type ReadinessState = 'routine' | 'heightened' | 'emergency'

/** A hit of the search box: a place, a town, a force, an incident. */
export interface Hit { kind: string; id: Id; name: string; detail?: string | null; point?: Point | null; town?: Ref | null; quality?: PlaceQuality }

export type Org = Ref
export interface Force extends ForceBrief {
  full_name: string; authority: Ref; basis: string; mobilisation_s: number; duty_mode: string
  capabilities: { code: string; name: string; quantity: number; unit: string }[]
  vehicles: string[]; on_duty: string | null; distance_m: number | null
}
/** As the node sends it: the brief stands apart. */
export type ForceView = Omit<Force, keyof ForceBrief> & { brief: ForceBrief }
export interface DutyEntry { org: Ref; officer: string; leader: string; deputies: string[] }
export interface ShiftSheet {
  desk: 'brigade' | 'bureau' | 'govt'; officer: string; since: Time | null; next_officer: string | null; as_of: Time
  incidents: IncidentSummary[]; forces_out: Order[]; instructions: Instruction[]; plans: Plan[]; deadlines: Deadline[]
}
export interface Composition {
  composition: {
    id: Id; version: number; hazard: string; grade: number; source_zh: string; source_en: string
    slots: { id: string; capability: string; quantity: number; within_min: number; own_station_first: boolean; known_gap: boolean; min_strength: number | null; why_zh: string; why_en: string }[]
  }
  preauthorised: { officer: string; why: string; until: Time | null } | null
}

export interface Receipt { kind: string; id: Id; incident: Id | null; seq: string }
export interface ProblemBody {
  type?: string; title?: string; detail?: string; status?: number; code?: string; clause?: string
  instead?: Instead[]; errors?: { pointer: string; detail: string }[]
}

export type Ring = 'call' | 'approval' | 'order' | 'answer' | 'withdrawal' | 'failure'
export interface Change {
  seq: string; at: Time; kind: string; stream: string; incident: Id | null; drill: boolean; ring: Ring | null; text: string
}

export interface PlaceInput { text: string; point?: Point; datum?: 'wgs84' | 'gcj02' | 'bd09' | 'cgcs2000'; town?: string; place?: string }
export interface TaskInput { force: Id; task: string; slot?: string; quantity?: number; capability?: string }
/** What a pasted 119 call sheet held. */
export interface CallSheet {
  source?: CallSource; caller?: string; caller_number?: string; recording?: string; place?: PlaceInput; hazard?: string; grade?: number
  trapped?: number; substance?: string; narrative?: string; received_at?: Time
}
