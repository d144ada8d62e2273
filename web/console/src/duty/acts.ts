import type { ActSpec, Values } from '../acts/index.ts'
import type { ReadinessState } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { GRADES, gradeName, named, shortNamed, unitOf } from '../locales/pick.ts'
import { SHIFT_DESK, SIDE, to } from '../routes.ts'

const STATES: ReadinessState[] = ['routine', 'heightened', 'emergency']

export const dutyActs = {
  hand_over_shift: {
    path: () => '/shifts/hand-over', hotkey: 'h', kind: 'primary', page: undefined,
    fields: [{ kind: 'position', name: 'to', label: 'hand_over.to', required: true }, { kind: 'long', name: 'remarks', label: 'hand_over.remarks', hint: 'hand_over.remarks.hint' }],
    extra: (ctx) => ({ desk: SHIFT_DESK[SIDE[ctx.me.role]] }),
    after: (_receipt, subject) => (subject.id ? to.handOver(subject.id) : undefined),
  },
  change_readiness: {
    path: () => '/readiness', kind: 'primary',
    fields: [
      { kind: 'choice', name: 'state', label: 'readiness.state', required: true, initial: (ctx) => ctx.reference?.readiness, options: () => STATES.map((state) => ({ value: state, text: t(`readiness.${state}`) })) },
      { kind: 'long', name: 'why', label: 'readiness.why', required: true, rows: 3 },
    ],
    consequence: () => t('readiness.consequence'),
  },
  preauthorise_composition: {
    path: (s) => `/compositions/${s.id}/preauthorise`, kind: 'primary',
    fields: [{ kind: 'long', name: 'why', label: 'composition.why', required: true, rows: 3 }, { kind: 'datetime', name: 'until', label: 'composition.until' }],
    consequence: () => t('composition.preauthorise.consequence'),
  },
  revoke_preauthorisation: { path: (s) => `/compositions/${s.id}/revoke`, kind: 'danger' },
  adopt_composition: {
    path: () => '/compositions', kind: 'primary',
    fields: [
      { kind: 'choice', name: 'hazard', label: 'incident.hazard', required: true, options: (ctx) => (ctx.reference?.hazards ?? []).map((one) => ({ value: one.code, text: shortNamed(one), hotkey: one.letter })) },
      { kind: 'choice', name: 'grade', label: 'incident.grade', required: true, options: () => GRADES.map((grade) => ({ value: grade, text: gradeName(grade) })) },
      { kind: 'text', name: 'source', label: 'composition.source', required: true }, { kind: 'text', name: 'approved_by', label: 'composition.approved_by', required: true },
      { kind: 'rows', name: 'slots', label: 'composition.slots', required: true, initial: () => [], fields: [
        { kind: 'pick', name: 'capability', label: 'composition.capability', options: (ctx) => (ctx.reference?.capabilities ?? []).map((one) => ({ value: one.code, text: `${named(one)}（${unitOf(one)}）` })) },
        { kind: 'int', name: 'quantity', label: 'composition.quantity' }, { kind: 'int', name: 'within_min', label: 'composition.within' }, { kind: 'text', name: 'why', label: 'composition.slot.why' }] },
    ],
    finish: (values) => ({
      ...values, id: `${String(values.hazard)}-${String(values.grade)}`,
      slots: (values.slots as Values[]).map(({ why, ...slot }) => ({ id: slot.capability, ...slot, why_zh: why ?? '', why_en: why ?? '' })),
    }),
  },
} satisfies Record<string, ActSpec>
