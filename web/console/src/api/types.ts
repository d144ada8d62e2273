/**
 * The shapes of the node's answers. They come from `docs/api/openapi.json` (`npm run gen` makes `schema.d.ts`);
 * here they get the console's names, and the few that the description does not hold are written out.
 */
import type { components } from './schema.d.ts'

type Schemas = components['schemas']
/** The node sends every field, `null` where there is nothing: optional in the description is never left out, but for a few words. */
type Whole<T> = T extends number[] ? Point : T extends (infer One)[] ? Whole<One>[] : T extends object ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> } : T
type Of<Name extends keyof Schemas> = Whole<Schemas[Name]>

export type Time = string
export type Id = string
export type Point = [number, number]

/** `on_behalf`: yes, typed in for its owner; the body must then say for whom and through what (代录). */
export type May = true | 'on_behalf' | MayNot
export interface MayNot { code: string; clause?: string | null; detail: string; instead?: Instead[] }
export interface Instead { act: string; text: string }
export type Mays = Partial<Record<string, May>>

export type Ref = Of<'Ref'>
export type CodeName = Of<'CodeName'>
export type Contact = Of<'ContactView'>
export type Through = Schemas['Through']
export interface Reported { at: Time; recorded_at: Time; by: string; through?: Through | null; on_behalf_of?: string | null }
export type Place = Of<'PlaceView'>
export type PlaceQuality = Schemas['PlaceQuality']

export type Channel = Schemas['ChannelKind']
export type Way = Of<'WayView'>
export type Contacts = Omit<Of<'ContactsView'>, 'may'> & WithMay
export type Channels = Of<'ChannelsView'>
export type Message = Of<'MessageView'>
export type NotificationState = Schemas['NotificationState']
export type Notification = Of<'NotificationView'>
export type NotificationCosts = Of<'CostsView'>
export type Notifications = Of<'NotificationsView'>

export type Role = Schemas['Role']
export type CallSource = Schemas['Source']
export type IncidentStatus = Schemas['Status']
export type SeverityValue = Schemas['Severity']
export type Holder = Schemas['Holder']

/** An incident in a list. Some lists add how far and how long ago. */
export type IncidentSummary = Omit<Of<'IncidentBrief'>, 'merged_into' | 'distance_m' | 'minutes' | 'command' | 'next'> & {
  command: { holder: Holder; name: string } | null
  next: { act: string; text: string; clause?: string | null } | null
  merged_into?: Id | null; distance_m?: number | null; minutes?: number | null
}
/** As the node sends it: the brief stands apart. */
export type IncidentView = With<'IncidentView', {
  brief: IncidentSummary; plans: Plan[]; orders: Order[]; stand_bys: StandBy[]; notices: Notice[]; letters: Letter[]; filings: Filing[]; town_calls: TownCall[]
  instructions: Instruction[]; withdrawals: Withdrawal[]; reinforcements: Reinforcement[]; reports: Report[]; call_list: Call[]; notes: Note[]
  situation_reports: SituationReport[]; next: IncidentSummary['next']; may: Mays; command: Command
  verified: Reported | null; controlled: Reported | null; closed: Reported | null; casualties: Casualties | null; confirmed_casualties: Casualties | null; review: Review | null
}>
/** The incident whole, as the pages use it. */
export type IncidentFile = Omit<IncidentSummary, 'command' | 'orders'> & Omit<IncidentView, 'brief'>

/** The schema's fields, some of them with the console's own types. */
type With<Name extends keyof Schemas, Own> = Omit<Of<Name>, keyof Own> & Own
interface WithMay { may: Mays }

export type Call = With<'CallView', { reported: Reported }>
export type PlanStatus = Schemas['PlanStatus']
export type Arrangements = Of<'ArrangementsView'>
export type Approval = With<'ApprovalView', { at: Reported }>
export type Plan = With<'PlanView', WithMay & { tasks: Task[]; drafted: Reported; submitted: Reported | null; approval: Approval | null }>
export type Task = With<'TaskView', { force: ForceBrief | null }>
export type ForceBrief = Of<'ForceBrief'>
export type Mark = Of<'MarkView'>
export type MarkCode = Schemas['Mark']

export type OrderStep = Schemas['OrderStep']
export type OrderBasis = Schemas['OrderBasis']
export type Order = With<'OrderView', WithMay & {
  force: ForceBrief | null
  steps: { step: OrderStep; reported: Reported; note: string | null }[]
  progress: { text: string; files: string[]; position: Point | null; reported: Reported }[]
}>
export type StandBy = With<'StandByView', WithMay & { force: ForceBrief | null; confirmed: { ready: boolean; note: string | null; reported: Reported } | null }>
export type Notice = With<'NoticeView', WithMay & { acknowledged: Reported | null }>
export type Letter = With<'LetterView', WithMay & { answer: { agreed: boolean; words: string; reported: Reported } | null }>
export type Filing = With<'FilingView', WithMay & { signed: Reported | null }>
export type TownCall = With<'TownCallView', WithMay & { answered: { words: string | null; reported: Reported } | null }>
export type Instruction = With<'InstructionView', WithMay & { reported: Reported; feedback: { text: string; done: boolean; reported: Reported }[] }>
export type Command = With<'CommandView', {
  forward_headquarters: With<'ForwardHeadquartersView', { formed: Reported }> | null
  post: With<'PostView', { established: Reported; briefing: Reported | null }> | null
}>
export type Scene = Of<'SceneView'>
export type Withdrawal = With<'WithdrawalView', WithMay & {
  ordered: Reported; confirmed: { order: Id | null; force: string; everyone_out: boolean; missing: number | null; reported: Reported }[]
}>
export type Reinforcement = With<'ReinforcementView', WithMay & {
  requested: Reported; answer: With<'ReinforcementAnswerView', { reported: Reported }> | null
  attached: With<'AttachedView', { since: Reported; released: Reported | null }>[]
}>
export type ReportStage = Schemas['Stage']
export type Figures = Of<'Figures'>
export type Report = With<'ReportView', WithMay & { reported: Reported | null; versions: With<'VersionView', { reported: Reported }>[] }>
export type SituationReport = With<'SituationReportView', { compiled: Reported }>
export type Note = With<'NoteView', { reported: Reported }>
export type Casualties = With<'CasualtiesView', { reported: Reported; confirmed: Reported | null }>
export type Deadline = Of<'DeadlineView'>
export type Review = With<'ReviewView', { written: Reported[] }>
export type ReviewFacts = With<'ReviewFacts', WithMay & { incident: IncidentSummary; review: Review | null; reports: number[] }>
export type TimelineItem = Of<'TimelineItem'>

export type Proposal = With<'ProposalView', { first_response: TaskInput[]; tasks: TaskInput[]; slots: Slot[] }>
export type Slot = With<'SlotView', { picks: Pick[]; alternatives: Pick[] }>
export type Pick = With<'PickView', { force: ForceBrief | null }>

export type Desk = With<'DeskView', {
  incidents: IncidentSummary[]; approvals: Plan[]; orders: Order[]; stand_bys: StandBy[]; filings: Filing[]; notices: Notice[]; letters: Letter[]
  town_calls: TownCall[]; reports: Report[]; instructions: Instruction[]; reinforcements: Reinforcement[]; to_review: IncidentSummary[]
  withdrawals: { incident: Id; incident_number: string; drill: boolean; withdrawal: Withdrawal }[]
}>
export type Me = Of<'Me'>
export type ReadinessState = Schemas['ReadinessState']
export type Hazard = Of<'Hazard'>
export type Capability = Of<'Capability'>
export type Reference = Of<'Reference'>
export type Force = ForceBrief & Omit<ForceView, 'brief'>
/** As the node sends it: the brief stands apart. */
export type ForceView = With<'ForceView', { brief: ForceBrief }>
export type DutyEntry = Of<'DutyView'>
export type ShiftSheet = With<'ShiftSheet', { incidents: IncidentSummary[]; forces_out: Order[]; instructions: Instruction[]; plans: Plan[] }>
export type Composition = Of<'CompositionView'>
export type Receipt = Of<'Receipt'>

export type ProblemBody = Partial<Schemas['ProblemDocument']>

/** A hit of the search box: a place, a town, a village, a force, an organisation. */
export type Hit = Schemas['Hit'] & { point?: Point | null }

/** An event of the live stream, which the description of the interface can't hold. */
export type Ring = 'call' | 'approval' | 'order' | 'answer' | 'withdrawal' | 'failure'
export interface Change {
  seq: string; at: Time; kind: string; stream: string; incident: Id | null; drill: boolean; ring: Ring | null; text: string
}

export interface PlaceInput { text: string; point?: Point; datum?: Schemas['Datum']; town?: string; place?: string }
export interface TaskInput { force: Id; task: string; slot?: string; quantity?: number; capability?: string }
/** What was read from a pasted call sheet. */
export type CallSheet = Of<'CallSheet'>
