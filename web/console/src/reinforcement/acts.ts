import type { ActSpec } from '../acts/index.ts'
import { t } from '../locales/index.ts'

export const reinforcementActs = {
  request_reinforcement: {
    path: (s) => `/incidents/${s.incident}/reinforcements`, hotkey: 'e',
    fields: [
      { kind: 'org', only: 'superior', name: 'to', label: 'reinforcement.to', required: true }, { kind: 'long', name: 'need', label: 'reinforcement.need', required: true },
      { kind: 'choice', name: 'means', label: 'reinforcement.means', required: true, initial: () => 'phone', options: () => [{ value: 'phone', text: t('reinforcement.means.phone') }, { value: 'platform', text: t('reinforcement.means.platform') }] },
      { kind: 'text', name: 'recording', label: 'field.recording' },
    ],
  },
  answer_reinforcement: {
    path: (s) => `/reinforcements/${s.id}/answer`, kind: 'primary', reported: true, teller: (ctx) => (ctx.target as { to?: { name: string } } | undefined)?.to?.name,
    fields: [
      { kind: 'yesno', name: 'approved', label: 'reinforcement.answer', required: true, yes: 'reinforcement.approved', no: 'reinforcement.not_approved', initial: () => true },
      { kind: 'text', name: 'officer', label: 'reinforcement.officer', required: true }, { kind: 'text', name: 'words', label: 'reinforcement.words', required: true },
      { kind: 'org', only: 'superior', name: 'executed_by', label: 'reinforcement.executed_by' },
    ],
  },
  attach_force: {
    path: (s) => `/reinforcements/${s.id}/attach`,
    fields: [
      { kind: 'text', name: 'name', label: 'reinforcement.name', required: true }, { kind: 'text', name: 'from', label: 'reinforcement.from', required: true },
      { kind: 'int', name: 'strength', label: 'order.strength', required: true }, { kind: 'text', name: 'leader', label: 'reinforcement.leader', required: true },
      { kind: 'text', name: 'call_sign', label: 'reinforcement.call_sign' }, { kind: 'text', name: 'contact', label: 'reinforcement.contact' },
    ],
  },
  release_attached: { path: (s) => `/reinforcements/${s.id}/release`, reported: true, teller: () => undefined, extra: (ctx) => ({ attached: ctx.initial.attached }) },
} satisfies Record<string, ActSpec>
