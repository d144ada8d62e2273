//! The node's views as far as this page reads them (API contract, `/api/v1`), and the acts it sends.
//! Answers may grow: fields that are not here are ignored, an unknown step is shown as its code.

/** RFC 3339 with offset. */
export type Time = string
/** `[lon, lat]`, WGS-84 degrees. */
export type Point = [number, number]
export type Through = 'phone' | 'radio' | 'in_person' | 'paper'

export interface Ref {
  id: string
  name: string
}

export interface Problem {
  title: string
  detail: string
  status: number
  code: string
  clause?: string
  instead?: { act: string; text: string }[]
  errors?: { pointer: string; detail: string }[]
}

/** One way to a contact. */
export interface ContactWay { channel: string; address: string | null }
export interface ContactEntry { title: string; name: string; phone: string; ways: ContactWay[] }
/** How a force is reached. */
export interface Contacts { contacts: ContactEntry[]; may: Record<string, May | undefined> }
/** A contact that could not be reached because the register is wrong. */
export interface Correction { title: string; channel_name: string; reason: string | null; since: Time }
/** Whether messages reach this session's browser. */
export interface PushOffer { key: string | null; rehearsal: boolean; subscribed: boolean }

/** The node's own answer to "may I?": no rule is written a second time here. `on_behalf` is for desks that type for others. */
export type May = true | 'on_behalf' | { code: string; clause?: string; detail: string; instead?: { act: string; text: string }[] }

export interface Reported {
  at: Time
  recorded_at: Time
  by: string
  through?: Through
  on_behalf_of?: string
}

export interface Place {
  text: string
  point?: Point | null
  town?: Ref | null
  quality?: 'exact' | 'map' | 'place' | 'town_seat'
}

export interface Arrangements {
  assembly_point: Place
  report_to: { position: string; phone?: string | null }
  radio_channel?: string | null
  protection?: string | null
  wind?: string | null
  bring?: string | null
  plates?: string[] | null
  note?: string | null
}

export interface ForceBrief {
  id: string
  name: string
  kind: string
  type: string
  org: Ref
  town: Ref | null
  strength: number
  call_sign?: string | null
}

export type OrderStep =
  | 'issued'
  | 'received'
  | 'acknowledged'
  | 'declined'
  | 'departed'
  | 'arrived'
  | 'deployed'
  | 'released'
  | 'returned'
  | 'cancelled'

export interface Order {
  id: string
  number: string
  incident: string
  incident_number: string
  drill: boolean
  basis: 'approved_plan' | 'first_response' | 'preauthorised'
  /** Null when the ledger no longer has the force; `force_ref` always names it. */
  force: ForceBrief | null
  force_ref: Ref
  task: string
  arrangements: Arrangements
  step: OrderStep
  steps: { step: OrderStep; reported: Reported; note?: string | null }[]
  issued_by: string
  issued_at: Time
  due: Time | null
  /** Set while the next step is late; each lateness has its own beginning. */
  overdue?: { since: Time } | null
  strength?: number | null
  contacts: { position: string; phone?: string | null }[]
  place: Place
  hazard: { code: string; name: string } | null
  substance?: string | null
  progress: { text: string; files: string[]; position?: Point | null; reported: Reported }[]
  return_form?: { worked_min?: number | null; consumables: Consumable[]; confirmed_by?: string | null } | null
  withdrawal: { id: string; reason?: string | null; confirmed: boolean } | null
  short_text: string
  may: Partial<Record<string, May>>
}

export interface Consumable {
  name: string
  quantity: number
  unit: string
}

export interface StandBy {
  id: string
  incident: string
  incident_number: string
  drill: boolean
  text: string
  place?: Place | null
  pushed_at: Time
  due: Time | null
  confirmed?: { ready: boolean; note?: string | null; reported: Reported } | null
  lifted: boolean
  may: Partial<Record<string, May>>
}

export interface Desk {
  now: Time
  seq: string
  orders: Order[]
  stand_bys: StandBy[]
}

export interface Me {
  account: string
  role: string
  position: string
  org: Ref
  force: Ref | null
  jurisdiction: { code: string; name: string }
  demo: boolean
  lang?: string | null
}

/** Answer to an act that was accepted. */
export interface Receipt {
  kind: string
  id: string
  incident: string | null
  seq: string
}

/** One change of the live stream. */
export interface Change {
  seq: string
  at: Time
  kind: string
  incident?: string | null
  drill?: boolean
  ring: null | 'call' | 'approval' | 'order' | 'answer' | 'withdrawal' | 'failure'
  text?: string | null
  order?: Order | null
  stand_by?: StandBy | null
}

/** The acts a force gives from its phone, by the node's names. */
export type ActName =
  | 'receive_order'
  | 'acknowledge_order'
  | 'decline_order'
  | 'depart_order'
  | 'arrive_order'
  | 'deploy_order'
  | 'report_progress'
  | 'return_order'
  | 'confirm_stand_by'
  | 'confirm_withdrawal'
