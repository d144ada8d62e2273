/** The form that an act's description makes: its fields, who told it, what will happen, one button. */
import { useState, type FormEvent } from 'react'
import { Problem, useNow } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Button } from '../ui/index.ts'
import { actsForItself } from './ActProvider.tsx'
import { useDraft } from './drafts.ts'
import { FieldInput } from './FieldInput.tsx'
import type { ActName } from './names.ts'
import { emptyReported, ReportedFields, reportedBody, reportedFault, type ReportedValues } from './Reported.tsx'
import type { ActContext, ActSpec, FieldSpec, Values } from './spec.ts'

interface Props {
  act: ActName; spec: ActSpec; ctx: ActContext; busy: boolean; error: Error | undefined; reason: string | undefined
  perform: (body: Values) => Promise<unknown>
}

export function ActForm(props: Props) {
  const Form = props.spec.form
  if (Form) return <Form ctx={props.ctx} busy={props.busy} reason={props.reason} perform={props.perform as never} />
  return <FieldsForm {...props} />
}

function FieldsForm({ act, spec, ctx, busy, error, reason, perform }: Props) {
  const fields = spec.fields ?? []
  const [given] = useState<Values>(() => initialValues(fields, ctx))
  const [typed, setTyped] = useDraft<Values>('fields', () => ({}))
  const values = { ...given, ...typed }
  // As it was opened: what the form answers is what was on the screen then; the node refuses what has changed since.
  const [opened] = useState({ extra: spec.extra?.(ctx), consequence: spec.consequence?.(ctx) })
  const [missing, setMissing] = useState<string[]>([])
  // The node says when the act is somebody else's, told by telephone or radio (代录); a desk may also say so by itself.
  const mustSay = ctx.may === 'on_behalf'
  const told = spec.reported && (mustSay || !actsForItself(ctx.me))
  const [reported, setReported] = useDraft<ReportedValues>('reported', () => emptyReported(mustSay))
  const now = useNow()
  const said = { ...reported, who: reported.who ?? spec.teller?.(ctx, values) }
  const fault = spec.reported ? reportedFault(said, now) : undefined

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (busy || reason || fault) return
    const lacking = fields.filter((field) => field.required && isBlank(values[field.name])).map((field) => field.name)
    setMissing(lacking)
    if (lacking.length > 0) return
    const body = { ...opened.extra, ...compact(values), ...(spec.reported ? reportedBody(said, now) : {}) }
    void perform(spec.finish?.(body, ctx) ?? body)
  }
  return (
    <form className="stack" onSubmit={submit} noValidate data-act={act}>
      {fields.map((field, index) => (
        <FieldInput
          key={field.name} field={field} ctx={ctx} value={values[field.name]} autoFocus={index === 0} onEnter={submit}
          wrong={missing.includes(field.name) ? t('field.missing') : fieldError(error, field.name)}
          onChange={(value) => setTyped((old) => ({ ...old, [field.name]: value }))}
        />
      ))}
      {spec.reported && <ReportedFields value={said} onChange={setReported} offered={!!told} must={mustSay} now={now} />}
      {opened.consequence && <p className="consequence">{opened.consequence}</p>}
      <Button type="submit" kind={spec.kind === 'danger' ? 'alarm' : (spec.kind ?? 'primary')} size="l" wide busy={busy} disabledReason={reason ?? fault} autoFocus={fields.length === 0} testId="act-submit">
        {t(`act.${act}`)}
      </Button>
    </form>
  )
}

export function initialValues(fields: FieldSpec[], ctx: ActContext): Values {
  return Object.fromEntries(fields.map((field) => [field.name, ctx.initial[field.name] ?? field.initial?.(ctx)]))
}
const isBlank = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Without what was left empty: an absent field is not an empty one. */
export function compact(values: Values): Values {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => {
    if (isBlank(value) && !Array.isArray(value)) return []
    if (Array.isArray(value)) return [[name, value.map((item: unknown) => (isRecord(item) ? compact(item) : item))]]
    return [[name, typeof value === 'string' ? value.trim() : value]]
  }))
}
const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldError(error: Error | undefined, name: string): string | undefined {
  if (!(error instanceof Problem)) return undefined
  return error.errors.find((wrong) => wrong.pointer === `/${name}` || wrong.pointer.startsWith(`/${name}/`))?.detail
}
