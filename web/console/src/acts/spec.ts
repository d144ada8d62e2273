import type { ComponentType, ReactNode } from 'react'
import type { IncidentFile, May, Me, Proposal, Receipt, Reference } from '../api/index.ts'
import type { TextKey } from '../locales/index.ts'
import type { ActName } from './names.ts'

/** What an act is about: an incident, and inside it perhaps a plan, an order, a report. */
export interface Subject { incident?: string; id?: string }

export interface ActContext {
  subject: Subject
  me: Me
  file: IncidentFile | undefined
  reference: Reference | undefined
  /** The thing itself, found in the file by its id. */
  target: { may?: Partial<Record<string, May>> } | undefined
  /** What the caller of the form knew already. */
  initial: Values
  may: May | undefined
  /** What the node proposes, where the act starts from it. */
  proposal: Proposal | undefined
}

export type Values = Record<string, unknown>

interface FieldBase {
  name: string
  label: TextKey
  required?: boolean
  hint?: TextKey
  initial?: (ctx: ActContext) => unknown
}
export type FieldSpec =
  | (FieldBase & { kind: 'text' | 'long'; suggest?: (ctx: ActContext) => string[]; rows?: number })
  | (FieldBase & { kind: 'int'; min?: number; max?: number })
  | (FieldBase & { kind: 'choice'; options: Option[] | ((ctx: ActContext) => Option[]) })
  | (FieldBase & { kind: 'check' })
  | (FieldBase & { kind: 'pick'; options: (ctx: ActContext) => Option[] })
  | (FieldBase & { kind: 'yesno'; yes: TextKey; no: TextKey })
  | (FieldBase & { kind: 'org' | 'orgs'; only?: 'town' | 'linkage' | 'superior' | 'letter' })
  | (FieldBase & { kind: 'forces' | 'incident' | 'order' | 'position' })
  | (FieldBase & { kind: 'place' })
  | (FieldBase & { kind: 'date' | 'datetime' })
  | (FieldBase & { kind: 'strings' })
  | (FieldBase & { kind: 'files' })
  | (FieldBase & { kind: 'rows'; fields: FieldSpec[] })
export interface Option { value: string | number; text: string; hotkey?: string; tone?: 'bad' }

export interface ActSpec {
  path: (subject: Subject) => string
  hotkey?: string
  kind?: 'primary' | 'good' | 'danger' | 'alarm'
  fields?: FieldSpec[]
  /** Carries `occurred_at` and `on_behalf_of`: may be typed in for someone who told it by phone or radio (代录). */
  reported?: boolean
  /** Who is likely to have said it, when a desk types it in; it follows what is chosen in the fields. */
  teller?: (ctx: ActContext, values: Values) => string | undefined
  /** What goes out beside the fields, such as the revision that was seen; read when the form opens. */
  extra?: (ctx: ActContext) => Values
  /** The last word on what goes out. */
  finish?: (values: Values, ctx: ActContext) => Values
  /** One line above the button: what will happen. */
  consequence?: (ctx: ActContext) => ReactNode
  /** Done by the press itself, without a form. `own`: only for those who do it for themselves, not for the desks. */
  instant?: boolean | 'own'
  /** The form starts from the proposal: it is read first. */
  needs?: 'proposal'
  /** A form of its own instead of fields. */
  form?: ComponentType<ActFormProps>
  /** The act has a page of its own: it is opened instead. */
  page?: (subject: Subject) => string
  /** Where to go afterwards. */
  after?: (receipt: Receipt, subject: Subject) => string | undefined
}

export interface ActFormProps { ctx: ActContext; perform: (body: Values) => Promise<Receipt | undefined>; busy: boolean; reason: string | undefined }
export type ActRegistry = Record<ActName, ActSpec>
