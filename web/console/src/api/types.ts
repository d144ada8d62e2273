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
  call_list: Call[]
  narrative: string | null
  verified?: Reported | null; controlled?: Reported | null; closed?: Reported | null
  casualties: Casualties | null; confirmed_casualties: Casualties | null
  plans: Plan[]; orders: Order[]; stand_bys: StandBy[]; notices: Notice[]; letters: Letter[]; filings: Filing[]
  town_calls: TownCall[]; instructions: Instruction[]; command: Command; scene: Scene
  withdrawals: Withdrawal[]; reinforcements: Reinforcement[]; reports: Report[]; situation_reports: SituationReport[]
  notes: Note[]; review: Review | null; deadlines: Deadline[]; may: Mays
}

export interface Call {
  source: CallSource; caller?: string | null; caller_number?: string | null; recording?: string | null
  received_at: Time; text: string
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
  id: Id; incident: Id; org: Ref; text: string; sent_at: Time; due: Time; acknowledged?: Reported | null
  overdue: boolean; drill: boolean; may: Mays
}
export interface Letter {
  id: Id; incident: Id; org: Ref; forces: Ref[]; ask: string; urgent: boolean; sent_at: Time
  answer: { agreed: boolean; words: string; reported: Reported } | null; due: Time; overdue: boolean; drill: boolean; may: Mays
}
export interface Filing {
  id: Id; incident: Id; incident_number: string; order: Id; force: Ref; authority: Ref; sent_at: Time; due: Time
  signed?: Reported | null; overdue: boolean; drill: boolean; may: Mays
}
export interface TownCall {
  id: Id; incident: Id; town: Ref; asked: string; text: string; called_at: Time; due: Time
  answered?: (Reported & { words?: string | null }) | null; overdue: boolean; drill: boolean; may: Mays
}
export interface Instruction {
  id: Id; incident: Id; text: string; from: string; reported: Reported
  assigned?: { to: Ref; task: string; due_at?: Time | null } | null
  feedback: { text: string; done: boolean; reported: Reported }[]; may: Mays
}
export interface Command {
  holder: Holder; name: string; since: Time
  forward_headquarters?: {
    commander: string; place: Place; groups: { name: string; leader: string; forces: Ref[] }[]; channel: string; formed?: Reported
  } | null
  post?: {
    commander: string; place: Place; decision: string; established: Reported; briefing?: Reported | null; members: string[]
    post_channel?: string | null
  } | null
  delegations: { to: string; scope: string; since: Time }[]
  history: { holder: Holder; name: string; from: Time; to?: Time | null }[]
  may: Mays
}
export interface Scene { safety_officer?: string | null; inside: { group: string; order?: Id | null; count: number; since: Time }[] }
export interface Withdrawal {
  id: Id; incident: Id; reason: string; ordered: Reported
  confirmed: { order: Id; force: Ref; everyone_out: boolean; missing?: number | null; reported: Reported }[]
  waiting: Ref[]; may: Mays
}
export interface Reinforcement {
  id: Id; incident: Id; to: Ref; need: string; means: 'platform' | 'phone'; requested: Reported
  answer?: (Reported & { approved: boolean; officer: string; words: string }) | null
  attached: {
    id: Id; name: string; from: string; strength: number; leader: string; call_sign?: string | null; since: Time; released?: Reported | null
  }[]
  may: Mays
}
export type ReportStage = 'first' | 'follow_up' | 'final'
export interface Report {
  id: Id; incident: Id; stage: ReportStage; version: number
  versions: { version: number; text: string; reported: Reported; why?: string | null }[]
  text: string; casualties: Casualties | null; addressed_to: string; copied_to: string[]; due?: Time | null; late: boolean
  reported: Reported; read_by: { position: string; at: Time }[]; drill: boolean; may: Mays
}
export interface SituationReport { id: Id; number: string; text: string; compiled: Reported }
export interface Note { id: Id; text: string; files: FileRef[]; reported: Reported }
export interface Casualties {
  revision: number; dead: number; missing: number; badly_hurt: number; hurt: number; trapped: number; moved: number
  source: string; as_of: Time; stage: 'reported' | 'confirmed'; confirmed_by?: string | null
}
export interface Deadline { kind: string; due: Time; overdue: boolean; subject: { kind: string; id: Id }; text: string; incident?: Id }

export interface Proposal {
  hash: string; incident: Id
  composition: { id: Id; hazard: string; grade: number; version: number; source: string; preauthorised: boolean } | null
  travel_basis: 'straight_line'; slots: Slot[]; text: string[]
}
export interface Slot {
  index: number; capability: { code: string; name: string; unit: string }; quantity: number; standing: number; filled: number
  within_min: number; why: string; picks: Pick[]; alternatives: Pick[]; gap: { missing: number; text: string } | null
}
export interface Pick {
  force: ForceBrief; quantity: number; eta_s: number; travel_s: number; mobilisation_s: number; distance_m: number; basis: string
  in_time: boolean; marks: Mark[]; reason: string
}

export interface Desk {
  role: Role; me: string; now: Time; seq: string
  incidents: IncidentSummary[]; approvals: Plan[]; orders: Order[]; stand_bys: StandBy[]; filings: Filing[]; notices: Notice[]
  letters: Letter[]; town_calls: TownCall[]; reports: Report[]; instructions: Instruction[]; withdrawals: Withdrawal[]
  reinforcements: Reinforcement[]; deadlines: Deadline[]
  duty: { officer: string | null; leader: string | null; since: Time | null } | null
  may?: Mays
}
export interface Me {
  account: string; role: Role; position: string; org: Ref; force: Ref | null
  jurisdiction: { code: string; name: string; name_en: string; superior: Ref }
  drill_only: boolean; demo: boolean; lang: string
}
export interface TimelineItem {
  seq: string; kind: string; at: Time; recorded_at: Time; by: string; through?: Through | null; on_behalf_of?: string | null
  text: string; subject: { kind: string; id: Id }; drill: boolean
}
export interface Review {
  revision: number; measures: string; lessons: string; proposals: string
  improvements: { what: string; owner: Ref; due: string }[]; reported?: Reported
}
export interface ReviewFacts {
  incident: IncidentSummary
  intervals: { code: string; text: string; seconds: number | null }[]
  deviations: { text: string; slot?: number | null }[]
  forces: {
    force: Ref; ordered: Time; acknowledged?: Time | null; departed?: Time | null; arrived?: Time | null; released?: Time | null
    minutes_on_scene?: number | null
  }[]
  review: Review | null; may: Mays
}

export interface Reference {
  hazards: { code: string; name: string; short?: string; letter?: string; colour?: string; symbol?: string }[]
  capabilities: { code: string; name: string; unit: string }[]
  grades: { grade: number; name: string }[]
  towns: { code: string; name: string; org?: Id | null; point?: Point | null }[]
  bases: { id?: string; kinds?: string[]; types?: string[]; basis: string; clause?: string; source?: string }[]
  linkage: { org: Id; name: string; code?: string; number?: string }[]
  limits: { code: string; name: string; seconds: number }[]
  readiness: { state: ReadinessState; name?: string; since?: Time | null; why?: string | null }
  offices: Record<string, Ref>
  signers?: { account: string; position: string }[]
}
export type ReadinessState = 'routine' | 'heightened' | 'emergency'

/** A hit of the search box: a place, a town, a force, an incident. */
export interface Hit { kind: string; id: Id; name: string; detail?: string | null; point?: Point | null; town?: Ref | null; quality?: PlaceQuality }

export interface Org { id: Id; name: string; short?: string; kind?: string; town?: Ref | null; linkage?: string | null; phone?: string | null }
export interface Force extends ForceBrief {
  duty_mode?: string; mobilisation_s?: number; capabilities?: { code: string; name: string; unit?: string; quantity: number }[]
  vehicles?: { name: string; plate?: string | null; count: number }[]
  contacts?: { position: string; phone: string | null }[]; industry_authority?: Ref | null; basis?: string
  insured_until?: string | null; verified_at?: string | null; distance_m?: number; note?: string | null
}
export interface DutyEntry { org: Ref; position: string; title: string; officer: string; from: Time; to: Time; phone?: string | null }
export interface ShiftSheet {
  desk: string; made_at: Time; from?: string | null
  open_incidents: IncidentSummary[]; forces_out: Order[]; pending: Deadline[]; instructions: Instruction[]; text?: string
  plans_waiting?: Plan[]; last?: { to: string; remarks: string; at: Time } | null; may?: Mays
}
export interface Composition {
  id: Id; hazard: { code: string; name: string }; grade: number; version: number; name?: string; source: string
  preauthorised: boolean; preauthorised_until?: string | null
  slots: { id?: string; capability: { code: string; name: string; unit: string }; quantity: number; within_min: number; why: string; known_gap?: boolean }[]
  may?: Mays
}

export interface Receipt { kind: string; id: Id; incident: Id | null; seq: string }
export interface ProblemBody {
  type?: string; title?: string; detail?: string; status?: number; code?: string; clause?: string
  instead?: Instead[]; errors?: { pointer: string; detail: string }[]
}

export type Ring = 'call' | 'approval' | 'order' | 'answer' | 'withdrawal' | 'failure'
export interface Change {
  seq: string; at: Time; kind: string; stream?: string; incident?: Id | null; drill?: boolean
  subject: { kind: string; id: Id }; ring: Ring | null; text?: string | null
}

export interface PlaceInput { text: string; point?: Point; datum?: 'wgs84' | 'gcj02' | 'bd09' | 'cgcs2000'; town?: string; place?: string }
export interface TaskInput { force: Id; task: string; slot?: string; quantity?: number; capability?: string }
/** What a pasted 119 call sheet held. */
export interface CallSheet {
  source?: CallSource; caller?: string; caller_number?: string; recording?: string; place?: PlaceInput; hazard?: string; grade?: number
  trapped?: number; substance?: string; narrative?: string; received_at?: Time
}
