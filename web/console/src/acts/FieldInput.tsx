import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useId, useState, type KeyboardEvent } from 'react'
import { client, queries, type PlaceInput, type Ref } from '../api/index.ts'
import { errorText } from '../locales/errors.ts'
import { isoToLocal, localToIso } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { named } from '../locales/pick.ts'
import { Button, Choice, Field } from '../ui/index.ts'
import { PlaceField } from './PlaceField.tsx'
import type { ActContext, FieldSpec, Values } from './spec.ts'

interface Props<F extends FieldSpec = FieldSpec> {
  field: F; ctx: ActContext; value: unknown; onChange: (value: unknown) => void; wrong?: string; autoFocus?: boolean; onEnter?: () => void
}

export function FieldInput(props: Props) {
  const { field, ctx, value, onChange, wrong, autoFocus, onEnter } = props
  const label = t(field.label)
  const common = { label, required: field.required, hint: field.hint && t(field.hint), wrong }
  const enter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onEnter?.()
  }
  switch (field.kind) {
    case 'text': return <Field {...common}><TextInput {...(props as Props<Extract<FieldSpec, { kind: 'text' }>>)} /></Field>
    case 'position': return <Field {...common}><PositionInput {...props} /></Field>
    case 'long':
      return <Field {...common}><textarea className="input" rows={field.rows ?? 4} value={text(value)} autoFocus={autoFocus} onKeyDown={enter} onChange={(event) => onChange(event.target.value)} /></Field>
    case 'int':
      return (
        <Field {...common}>
          <input
            className="input num" inputMode="numeric" value={text(value)} autoFocus={autoFocus} style={{ maxWidth: 140 }}
            onChange={(event) => onChange(wholeNumber(event.target.value, field.min, field.max))}
          />
        </Field>
      )
    case 'choice': {
      const options = typeof field.options === 'function' ? field.options(ctx) : field.options
      return (
        <Choice
          {...common} value={value as string | number | undefined} onChange={onChange} autoFocus={autoFocus} onEnter={onEnter}
          options={options.map((option, index) => ({ value: option.value, label: option.text, hotkey: option.hotkey ?? (index < 9 ? String(index + 1) : undefined), tone: option.tone }))}
        />
      )
    }
    case 'pick': return <Field {...common}><Select {...searchable} value={value as string | undefined} onChange={onChange} options={field.options(ctx).map((one) => ({ value: one.value, label: one.text }))} /></Field>
    case 'yesno':
      return (
        <Choice
          {...common} value={value === undefined ? undefined : value ? 'yes' : 'no'} onChange={(chosen) => onChange(chosen === 'yes')} autoFocus={autoFocus} onEnter={onEnter}
          options={[{ value: 'yes', label: t(field.yes), hotkey: '1' }, { value: 'no', label: t(field.no), hotkey: '2', tone: 'bad' }]}
        />
      )
    case 'check':
      return <label className="check"><input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} autoFocus={autoFocus} /><b>{label}</b></label>
    case 'org': case 'orgs': return <Field {...common}><OrgInput {...(props as Props<Extract<FieldSpec, { kind: 'org' | 'orgs' }>>)} /></Field>
    case 'forces': return <Field {...common}><ForcesInput {...props} /></Field>
    case 'incident': return <Field {...common}><IncidentInput {...props} /></Field>
    case 'order': return <Field {...common}><OrderInput {...props} /></Field>
    case 'place': return <PlaceField {...common} value={value as PlaceInput | undefined} onChange={onChange} autoFocus={autoFocus} />
    case 'date': return <Field {...common}><input className="input" type="date" value={text(value)} onChange={(event) => onChange(event.target.value)} style={{ maxWidth: 180 }} /></Field>
    case 'datetime':
      return (
        <Field {...common}>
          <input className="input" type="datetime-local" value={value ? isoToLocal(text(value)) : ''} style={{ maxWidth: 220 }} onChange={(event) => onChange(event.target.value ? localToIso(event.target.value) : undefined)} />
        </Field>
      )
    case 'strings':
      return <Field {...common}><Select mode="tags" value={(value as string[] | undefined) ?? []} onChange={onChange} open={false} tokenSeparators={['、', '，', ',', ';', '；']} suffixIcon={null} style={{ width: '100%' }} /></Field>
    case 'files': return <Field {...common}><FilesInput {...props} /></Field>
    case 'rows': return <RowsInput {...(props as Props<Extract<FieldSpec, { kind: 'rows' }>>)} />
  }
}

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

export function wholeNumber(typed: string, min = 0, max = 100_000): number | undefined {
  const digits = typed.replace(/[^\d]/g, '')
  return digits === '' ? undefined : Math.min(max, Math.max(min, Number(digits)))
}

function TextInput({ field, ctx, value, onChange, autoFocus }: Props<Extract<FieldSpec, { kind: 'text' | 'long' }>>) {
  const id = useId()
  const suggestions = field.suggest?.(ctx) ?? []
  return (
    <>
      <input className="input" value={text(value)} autoFocus={autoFocus} onChange={(event) => onChange(event.target.value)} list={suggestions.length > 0 ? id : undefined} />
      {suggestions.length > 0 && <datalist id={id}>{suggestions.map((one) => <option key={one} value={one} />)}</datalist>}
    </>
  )
}

/** A position, offered from today's duty list. */
function PositionInput({ value, onChange, autoFocus }: Props) {
  const id = useId()
  const duty = useQuery(queries.duty())
  const known = [...new Set((duty.data ?? []).flatMap((entry) => [entry.officer, entry.leader, ...entry.deputies].filter(Boolean).map((who) => `${entry.org.name} ${who}`)))]
  return (
    <>
      <input className="input" value={text(value)} autoFocus={autoFocus} list={id} onChange={(event) => onChange(event.target.value)} />
      <datalist id={id}>{known.map((one) => <option key={one} value={one} />)}</datalist>
    </>
  )
}

const searchable = { showSearch: { optionFilterProp: 'label' }, style: { width: '100%' } } as const

function OrgInput({ field, value, onChange, autoFocus, ctx }: Props<Extract<FieldSpec, { kind: 'org' | 'orgs' }>>) {
  const { reference } = ctx
  const listed = reference && {
    town: reference.towns.map((town) => ({ id: town.org, name: town.name })),
    linkage: reference.linkages.map((one) => ({ id: one.org, name: named(one) })),
    superior: reference.superiors, letter: reference.asked_by_letter, any: reference.orgs,
  }[field.only ?? 'any']
  const options = distinct(listed ?? []).map((org) => ({ value: org.id, label: org.name }))
  return (
    <Select
      {...searchable} autoFocus={autoFocus} mode={field.kind === 'orgs' ? 'multiple' : undefined} value={value as string | string[] | undefined}
      onChange={onChange} options={options}
    />
  )
}

const distinct = (refs: Ref[]) => [...new Map(refs.map((one) => [one.id, one])).values()]

function ForcesInput({ value, onChange, autoFocus }: Props) {
  const forces = useQuery(queries.forces())
  const options = (forces.data ?? []).map((force) => ({ value: force.id, label: `${force.name}${force.engaged ? `（${force.engaged.number}）` : ''}` }))
  return <Select {...searchable} autoFocus={autoFocus} loading={forces.isPending} mode="multiple" value={(value as string[] | undefined) ?? []} onChange={onChange} options={options} />
}

function IncidentInput({ value, onChange, autoFocus, ctx }: Props) {
  const incidents = useQuery(queries.incidents(true))
  const options = (incidents.data ?? []).filter((one) => one.id !== ctx.subject.incident).map((one) => ({ value: one.id, label: `${one.number} ${one.place.text}` }))
  return <Select {...searchable} autoFocus={autoFocus} loading={incidents.isPending} value={value as string | undefined} onChange={onChange} options={options} />
}

function OrderInput({ value, onChange, autoFocus, ctx }: Props) {
  const options = (ctx.file?.orders ?? []).filter((order) => !['declined', 'cancelled', 'returned'].includes(order.step)).map((order) => ({ value: order.id, label: order.force_ref.name }))
  return <Select {...searchable} autoFocus={autoFocus} allowClear value={value as string | undefined} onChange={onChange} options={options} />
}

function FilesInput({ value, onChange, ctx }: Props) {
  const files = (value as string[] | undefined) ?? []
  const [names, setNames] = useState<string[]>([])
  const [wrong, setWrong] = useState<string>()
  const add = async (list: FileList | null) => {
    setWrong(undefined)
    const ids = [...files]
    for (const file of list ?? []) {
      try {
        const kept = await client.upload(ctx.subject.incident ?? '', file)
        ids.push(kept.id)
        setNames((old) => [...old, kept.name])
      } catch (error) {
        setWrong(`${file.name}：${errorText(error)}`)
      }
    }
    onChange([...ids])
  }
  return (
    <>
      <input type="file" multiple onChange={(event) => void add(event.target.files)} />
      {names.length > 0 && <span className="small muted">{names.join('、')}</span>}
      {wrong && <span className="wrong">{wrong}</span>}
    </>
  )
}

function RowsInput({ field, ctx, value, onChange, wrong }: Props<Extract<FieldSpec, { kind: 'rows' }>>) {
  const rows = (value as Values[] | undefined) ?? []
  const set = (index: number, row: Values) => onChange(rows.map((old, i) => (i === index ? row : old)))
  return (
    <div className="field">
      <span className="label">{t(field.label)}</span>
      {rows.map((row, index) => (
        <div className="rowset" key={index}>
          {field.fields.map((inner) => <FieldInput key={inner.name} field={inner} ctx={ctx} value={row[inner.name]} onChange={(next) => set(index, { ...row, [inner.name]: next })} />)}
          <Button size="s" kind="quiet" onPress={() => onChange(rows.filter((_, i) => i !== index))}>{t('rows.remove')}</Button>
        </div>
      ))}
      <Button size="s" onPress={() => onChange([...rows, {}])}>{t('rows.add')}</Button>
      {wrong && <span className="wrong">{wrong}</span>}
    </div>
  )
}
