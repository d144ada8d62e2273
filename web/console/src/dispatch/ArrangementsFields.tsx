import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { PlaceField } from '../acts/index.ts'
import { queries, type Arrangements, type IncidentFile, type PlaceInput } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Field } from '../ui/index.ts'

/** What each ordered force must know: where to gather, whom to report to, on which channel, with what protection, bringing what. */
export interface ArrangementsDraft {
  assembly: PlaceInput | undefined; position: string; phone: string; channel: string; protection: string; wind: string; bring: string; plates: string; note: string
}

/** Starts from what the incident's last orders or plan said; else from the usual words, to be changed. */
export function draftFrom(file: IncidentFile, known?: Arrangements): ArrangementsDraft {
  const last: Arrangements | undefined = known ?? file.plans[0]?.arrangements ?? file.orders[0]?.arrangements
  return {
    assembly: last ? { text: last.assembly_point.text, ...(last.assembly_point.point && { point: last.assembly_point.point }) } : { text: file.place.text, ...(file.place.point && { point: file.place.point }) },
    position: last?.report_to.position ?? t('arrangements.report_to.usual'), phone: last?.report_to.phone ?? '', channel: last?.radio_channel ?? t('arrangements.channel.usual'),
    protection: last?.protection ?? t('arrangements.protection.usual'), wind: last?.wind ?? '', bring: last?.bring ?? t('arrangements.bring.usual'),
    plates: last?.plates?.join('、') ?? '', note: last?.note ?? '',
  }
}

export function arrangementsBody(draft: ArrangementsDraft) {
  const plates = draft.plates.split(/[、，,;；\s]+/).filter(Boolean)
  return {
    assembly_point: draft.assembly ?? { text: '' },
    report_to: { position: draft.position.trim(), ...(draft.phone.trim() && { phone: draft.phone.trim() }) },
    radio_channel: draft.channel.trim(), protection: draft.protection.trim(), bring: draft.bring.trim(),
    ...(draft.wind.trim() && { wind: draft.wind.trim() }), ...(plates.length > 0 && { plates }), ...(draft.note.trim() && { note: draft.note.trim() }),
  }
}

export function ArrangementsFields({ value, onChange }: { value: ArrangementsDraft; onChange: (value: ArrangementsDraft) => void }) {
  const id = useId()
  const duty = useQuery(queries.duty())
  const set = (change: Partial<ArrangementsDraft>) => onChange({ ...value, ...change })
  const input = (name: 'position' | 'phone' | 'channel' | 'protection' | 'wind' | 'bring' | 'plates' | 'note', list?: string) => (
    <input className="input" value={value[name]} list={list} onChange={(event) => set({ [name]: event.target.value })} data-field={name} />
  )
  return (
    <div className="grid-2 arrangements">
      <PlaceField label={t('arrangements.assembly_point')} required value={value.assembly} onChange={(assembly) => set({ assembly })} />
      <Field label={t('arrangements.report_to')} required>{input('position', id)}</Field>
      <datalist id={id}>{(duty.data ?? []).map((entry) => <option key={entry.org.id} value={`${entry.org.name} ${entry.officer}`} />)}</datalist>
      <Field label={t('arrangements.phone')}>{input('phone')}</Field>
      <Field label={t('arrangements.channel')} required>{input('channel')}</Field>
      <Field label={t('arrangements.protection')} required>{input('protection')}</Field>
      <Field label={t('arrangements.wind')}>{input('wind')}</Field>
      <Field label={t('arrangements.bring')} required>{input('bring')}</Field>
      <Field label={t('arrangements.plates')} hint={t('arrangements.plates.hint')}>{input('plates')}</Field>
      <Field label={t('arrangements.note')}>{input('note')}</Field>
    </div>
  )
}

export function ArrangementsList({ arrangements }: { arrangements: Arrangements }) {
  const rows: [string, string | null | undefined][] = [
    [t('arrangements.assembly_point'), arrangements.assembly_point.text],
    [t('arrangements.report_to'), [arrangements.report_to.position, arrangements.report_to.phone].filter(Boolean).join(' ')],
    [t('arrangements.channel'), arrangements.radio_channel], [t('arrangements.protection'), arrangements.protection], [t('arrangements.wind'), arrangements.wind],
    [t('arrangements.bring'), arrangements.bring], [t('arrangements.plates'), arrangements.plates?.join('、')], [t('arrangements.note'), arrangements.note],
  ]
  return <dl className="facts">{rows.map(([name, value]) => value && <FactsPair key={name} name={name} value={value} />)}</dl>
}
const FactsPair = ({ name, value }: { name: string; value: string }) => <><dt>{name}</dt><dd>{value}</dd></>
