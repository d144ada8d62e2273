import type { ActContext, ActSpec, FieldSpec } from '../acts/index.ts'
import { t, tCode } from '../locales/index.ts'
import { GRADES, gradeName, shortNamed } from '../locales/pick.ts'
import { to } from '../routes.ts'
import type { Figures } from '../api/index.ts'

const at = (verb: string) => (subject: { incident?: string }) => `/incidents/${subject.incident}/${verb}`

export const hazardField: FieldSpec = {
  kind: 'choice', name: 'hazard', label: 'incident.hazard', required: true, initial: (ctx) => ctx.file?.hazard?.code,
  options: (ctx) => (ctx.reference?.hazards ?? []).map((hazard) => ({ value: hazard.code, text: shortNamed(hazard), hotkey: hazard.letter })),
}
const gradeOptions = (above = 0) => GRADES.filter((grade) => grade > above).map((grade) => ({ value: grade, text: gradeName(grade), hotkey: String(grade) }))

const count = (name: keyof Figures): FieldSpec => ({
  kind: 'int', name, label: `casualties.${name}`, initial: (ctx) => ctx.file?.casualties?.figures[name] ?? 0,
})

export const incidentActs = {
  take_call: { path: () => '/incidents', page: () => to.newCall(), kind: 'primary' },
  verify_call: {
    path: at('verify'), hotkey: 'v', reported: true,
    fields: [
      { kind: 'choice', name: 'outcome', label: 'incident.verify.outcome', required: true, initial: () => 'real', options: () => [
        { value: 'real', text: t('incident.verify.real') }, { value: 'false_alarm', text: t('incident.verify.false_alarm') }] },
      { kind: 'text', name: 'note', label: 'field.note' },
    ],
  },
  classify_incident: {
    path: at('classify'), hotkey: 'k',
    fields: [
      hazardField,
      { kind: 'choice', name: 'grade', label: 'incident.grade', required: true, initial: (ctx) => ctx.file?.grade ?? undefined, options: () => gradeOptions() },
      { kind: 'int', name: 'trapped', label: 'incident.trapped', initial: (ctx) => ctx.file?.trapped ?? undefined },
      { kind: 'text', name: 'substance', label: 'incident.substance', initial: (ctx) => ctx.file?.substance ?? undefined },
      { kind: 'place', name: 'place', label: 'incident.place.new' },
    ],
  },
  raise_grade: {
    path: at('grade'), hotkey: '+',
    fields: [{
      kind: 'choice', name: 'grade', label: 'incident.grade.to', required: true, initial: (ctx) => gradeOptions(ctx.file?.grade ?? 0)[0]?.value,
      options: (ctx) => gradeOptions(ctx.file?.grade ?? 0),
    }],
    consequence: () => t('incident.grade.consequence'), after: (_receipt, subject) => to.proposal(subject.incident ?? ''),
  },
  grade_severity: {
    path: at('severity'), hotkey: 'y',
    fields: [
      { kind: 'choice', name: 'severity', label: 'incident.severity', required: true, initial: (ctx) => ctx.file?.severity?.value,
        options: () => (['ungraded', 'general', 'serious', 'major', 'extraordinary'] as const).map((value) => ({ value, text: t(`severity.${value}`) })) },
      { kind: 'choice', name: 'stage', label: 'incident.severity.stage', required: true, initial: (ctx) => (ctx.me.role === 'bureau' || ctx.me.role === 'shift_leader' ? 'confirmed' : 'preliminary'),
        options: () => (['preliminary', 'confirmed'] as const).map((value) => ({ value, text: t(`severity.stage.${value}`) })) },
    ],
  },
  merge_incident: {
    path: at('merge'), hotkey: 'm', fields: [{ kind: 'incident', name: 'into', label: 'incident.merge.into', required: true }],
    consequence: () => t('incident.merge.consequence'), after: (receipt) => (receipt.incident ? to.brigade(receipt.incident) : undefined),
  },
  control_incident: { path: at('control'), hotkey: 'c', kind: 'good', reported: true, consequence: () => t('incident.control.consequence') },
  close_incident: { path: at('close'), hotkey: 'x', fields: [{ kind: 'long', name: 'note', label: 'field.note' }], consequence: () => t('incident.close.consequence') },
  count_casualties: {
    path: at('casualties'), hotkey: 'u',
    fields: [
      count('dead'), count('missing'), count('badly_hurt'), count('hurt'), count('trapped'), count('moved'),
      { kind: 'text', name: 'source', label: 'casualties.source', required: true, initial: (ctx) => ctx.file?.casualties?.source },
      { kind: 'datetime', name: 'as_of', label: 'casualties.as_of', required: true, initial: () => new Date().toISOString() },
    ],
  },
  confirm_casualties: {
    path: at('casualties/confirm'), kind: 'good', extra: (ctx) => ({ revision: ctx.file?.casualties?.revision }),
    consequence: (ctx) => (ctx.file?.casualties ? `${casualtiesText(ctx.file.casualties.figures)}。${t('casualties.confirm.consequence')}` : ''),
  },
  add_note: {
    path: at('notes'), hotkey: 'o', reported: true,
    fields: [{ kind: 'long', name: 'text', label: 'note.text', required: true }, { kind: 'files', name: 'files', label: 'note.files' }],
  },
  call_town: {
    path: at('town-calls'), hotkey: 'j', fields: [{ kind: 'org', only: 'town', name: 'town', label: 'town_call.town', required: true, initial: townOrg }],
    consequence: () => t('town_call.consequence'),
  },
  answer_town_call: {
    path: (subject) => `/town-calls/${subject.id}/answer`, kind: 'primary', reported: true, teller: (ctx) => (ctx.target as { asked?: string } | undefined)?.asked ?? '',
    fields: [{ kind: 'text', name: 'words', label: 'town_call.words' }],
  },
  give_instruction: {
    path: at('instructions'), hotkey: 'i', reported: true, kind: 'primary',
    fields: [
      { kind: 'long', name: 'text', label: 'instruction.text', required: true },
      { kind: 'position', name: 'from', label: 'instruction.from', hint: 'instruction.from.hint' },
    ],
  },
  assign_task: {
    path: (subject) => `/instructions/${subject.id}/assign`, kind: 'primary',
    fields: [
      { kind: 'org', name: 'to', label: 'instruction.to', required: true }, { kind: 'long', name: 'task', label: 'instruction.task', required: true },
      { kind: 'datetime', name: 'due_at', label: 'instruction.due_at' },
    ],
  },
  feed_back: {
    path: (subject) => `/instructions/${subject.id}/feedback`, kind: 'primary', reported: true, teller: () => undefined,
    fields: [{ kind: 'long', name: 'text', label: 'instruction.feedback', required: true }, { kind: 'check', name: 'done', label: 'instruction.done', initial: () => true }],
    extra: () => ({ done: false }),
  },
} satisfies Record<string, ActSpec>

function townOrg(ctx: ActContext): string | undefined {
  const town = ctx.file?.place.town
  return town ? (ctx.reference?.towns.find((one) => one.code === town.id)?.org ?? undefined) : undefined
}

/** `死亡 1 人，被困 2 人`; nothing counted is said as such. */
export function casualtiesText(casualties: Figures): string {
  const named = (['dead', 'missing', 'badly_hurt', 'hurt', 'trapped', 'moved'] as const).filter((name) => casualties[name] > 0)
  if (named.length === 0) return t('casualties.none')
  return named.map((name) => t('casualties.count', { what: tCode('casualties', name), n: casualties[name] })).join(t('list.comma'))
}
