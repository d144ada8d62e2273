import type { ActContext, ActSpec } from '../acts/index.ts'
import type { Letter, Notice, Order, Plan, StandBy } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { to } from '../routes.ts'
import { ApproveForm } from './ApproveForm.tsx'
import { FirstResponseForm } from './FirstResponseForm.tsx'
import { TelephoneApprovalForm } from './TelephoneApprovalForm.tsx'

const at = (verb: string) => (subject: { incident?: string }) => `/incidents/${subject.incident}/${verb}`
const plan = (verb: string) => (subject: { id?: string }) => `/plans/${subject.id}/${verb}`
const order = (verb: string) => (subject: { id?: string }) => `/orders/${subject.id}/${verb}`

const seenRevision = (ctx: ActContext) => ({ revision: ctx.initial.revision ?? (ctx.target as Plan | undefined)?.revision })
const forceTells = (ctx: ActContext) => t('order.teller', { force: (ctx.target as Order | undefined)?.force_ref.name ?? '' })

export const dispatchActs = {
  order_first_response: { path: at('first-response'), hotkey: 'f', kind: 'primary', needs: 'proposal', form: FirstResponseForm },
  send_linkage_notices: {
    path: at('linkage-notices'), hotkey: 'l', needs: 'proposal',
    fields: [
      { kind: 'orgs', only: 'linkage', name: 'orgs', label: 'notice.orgs', required: true, initial: (ctx) => ctx.proposal?.linkage ?? unsent(ctx, (ctx.reference?.linkages ?? []).map((one) => one.org)) },
      { kind: 'long', name: 'text', label: 'notice.text', hint: 'notice.text.hint', rows: 3 },
    ],
  },
  acknowledge_notice: { path: (s) => `/linkage-notices/${s.id}/acknowledge`, kind: 'primary', reported: true, instant: 'own', teller: (ctx) => (ctx.target as Notice | undefined)?.org.name ?? '' },
  push_stand_by: {
    path: at('stand-by'), hotkey: 'b', needs: 'proposal',
    fields: [{ kind: 'forces', name: 'forces', label: 'stand_by.forces', required: true, initial: (ctx) => ctx.proposal?.stand_by }, { kind: 'long', name: 'text', label: 'stand_by.text', hint: 'stand_by.text.hint', rows: 3 }],
    consequence: () => t('stand_by.consequence'),
  },
  confirm_stand_by: {
    path: (s) => `/stand-bys/${s.id}/confirm`, kind: 'primary', reported: true, teller: (ctx) => (ctx.target as StandBy | undefined)?.force_ref.name ?? '',
    fields: [
      { kind: 'yesno', name: 'ready', label: 'stand_by.ready', required: true, yes: 'stand_by.ready.yes', no: 'stand_by.ready.no', initial: () => true },
      { kind: 'text', name: 'note', label: 'field.note' },
    ],
  },
  lift_stand_by: { path: (s) => `/stand-bys/${s.id}/lift`, instant: true },
  send_letter: {
    path: at('requests'), hotkey: 'q',
    fields: [
      { kind: 'org', only: 'letter', name: 'org', label: 'letter.org', required: true }, { kind: 'forces', name: 'forces', label: 'letter.forces' },
      { kind: 'long', name: 'ask', label: 'letter.ask', required: true }, { kind: 'check', name: 'urgent', label: 'letter.urgent', hint: 'letter.urgent.hint' },
    ],
    extra: () => ({ urgent: false }),
  },
  answer_letter: {
    path: (s) => `/requests/${s.id}/answer`, kind: 'primary', reported: true, teller: (ctx) => (ctx.target as Letter | undefined)?.org.name ?? '',
    fields: [
      { kind: 'yesno', name: 'agreed', label: 'letter.answer', required: true, yes: 'letter.agreed', no: 'letter.not_agreed', initial: () => true },
      { kind: 'text', name: 'words', label: 'letter.words', required: true },
    ],
  },
  draft_plan: { path: at('plans'), hotkey: 'p', kind: 'primary', page: (s) => to.proposal(s.incident ?? '') },
  revise_plan: { path: plan('revise'), page: (s) => to.proposal(s.incident ?? '', { revise: s.id }) },
  submit_plan: { path: plan('submit'), hotkey: 's', kind: 'primary', extra: seenRevision, consequence: () => t('plan.submit.consequence') },
  withdraw_plan: { path: plan('withdraw'), kind: 'danger', fields: [{ kind: 'text', name: 'reason', label: 'field.reason' }] },
  approve_plan: { path: plan('approve'), hotkey: 'a', kind: 'good', form: ApproveForm },
  send_back_plan: {
    path: plan('send-back'), kind: 'danger', extra: seenRevision,
    fields: [{ kind: 'long', name: 'reasons', label: 'plan.send_back.reasons', required: true }],
  },
  record_telephone_approval: { path: plan('record-telephone-approval'), hotkey: 't', form: TelephoneApprovalForm },
  confirm_in_writing: { path: plan('confirm-in-writing'), kind: 'good', fields: [{ kind: 'text', name: 'remark', label: 'plan.remark' }] },
  receive_order: { path: order('receive'), instant: true },
  acknowledge_order: {
    path: order('acknowledge'), hotkey: '1', kind: 'good', reported: true, teller: forceTells,
    fields: [
      { kind: 'int', name: 'strength', label: 'order.strength', initial: (ctx) => (ctx.target as Order | undefined)?.force?.strength },
      { kind: 'int', name: 'eta_min', label: 'order.eta_min', max: 1440 },
    ],
  },
  decline_order: { path: order('decline'), hotkey: '2', kind: 'danger', reported: true, teller: forceTells, fields: [{ kind: 'text', name: 'reason', label: 'field.reason', required: true }] },
  depart_order: { path: order('depart'), hotkey: '3', kind: 'primary', reported: true, teller: forceTells, fields: [{ kind: 'int', name: 'strength', label: 'order.strength' }] },
  arrive_order: { path: order('arrive'), hotkey: '4', kind: 'primary', reported: true, teller: forceTells, fields: [{ kind: 'int', name: 'strength', label: 'order.strength' }] },
  deploy_order: { path: order('deploy'), hotkey: '5', kind: 'primary', reported: true, teller: forceTells, fields: [] },
  report_progress: {
    path: order('progress'), hotkey: '6', reported: true, teller: forceTells,
    fields: [{ kind: 'long', name: 'text', label: 'order.progress', required: true, rows: 3 }, { kind: 'files', name: 'files', label: 'note.files' }],
  },
  release_order: { path: order('release'), hotkey: '7', reported: true, teller: () => undefined, fields: [{ kind: 'text', name: 'note', label: 'field.note' }] },
  return_order: {
    path: order('return'), hotkey: '8', reported: true, teller: forceTells,
    fields: [
      { kind: 'int', name: 'worked_min', label: 'order.return.minutes' },
      { kind: 'rows', name: 'consumables', label: 'order.return.consumables', initial: () => [], fields: [
        { kind: 'text', name: 'name', label: 'order.return.name' }, { kind: 'int', name: 'quantity', label: 'order.return.quantity' }, { kind: 'text', name: 'unit', label: 'order.return.unit' }] },
      { kind: 'position', name: 'confirmed_by', label: 'order.return.confirmed_by' }, { kind: 'text', name: 'note', label: 'field.note' },
    ],
    consequence: () => t('order.return.consequence'),
  },
  cancel_order: { path: order('cancel'), hotkey: '9', kind: 'danger', fields: [{ kind: 'text', name: 'reason', label: 'field.reason', required: true }], consequence: () => t('order.cancel.consequence') },
  sign_filing: { path: (s) => `/filings/${s.id}/sign`, kind: 'primary', reported: true, instant: 'own', fields: [{ kind: 'text', name: 'remark', label: 'plan.remark' }], teller: (ctx) => (ctx.target as { authority?: { name: string } } | undefined)?.authority?.name ?? '' },
} satisfies Record<string, ActSpec>

/** Of these, who has not been told yet. */
function unsent(ctx: ActContext, orgs: string[]): string[] {
  const told = new Set(ctx.file?.notices.map((notice) => notice.org.id))
  return orgs.filter((org) => !told.has(org))
}
