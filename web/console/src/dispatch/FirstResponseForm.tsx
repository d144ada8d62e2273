/** The brigade's own stations at once, without approval (先期处置, Plan 4.3.2). Another force is refused by the node, with what may be done instead. */
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useMemo, useState } from 'react'
import { useDraft, type ActFormProps } from '../acts/index.ts'
import { Failed, Loading, Button } from '../ui/index.ts'
import { queries, type Force, type IncidentFile, type TaskInput } from '../api/index.ts'
import { distanceText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { ArrangementsFields, arrangementsBody, draftFrom } from './ArrangementsFields.tsx'
import { distanceM } from './distance.ts'
import { Marks } from './Marks.tsx'

export function FirstResponseForm({ ctx, perform, busy, reason }: ActFormProps) {
  return ctx.file ? <Form file={ctx.file} proposed={ctx.proposal?.first_response ?? []} perform={perform} busy={busy} reason={reason} /> : <Loading />
}

function Form({ file, proposed, perform, busy, reason }: { file: IncidentFile; proposed: TaskInput[] } & Pick<ActFormProps, 'perform' | 'busy' | 'reason'>) {
  const forces = useQuery(queries.forces())
  // Who goes is proposed anew each time: a choice that was refused must not stand in the way of the next press.
  const [chosen, setChosen] = useState<Record<string, string>>(() => Object.fromEntries(proposed.map((one) => [one.force, one.task])))
  const [others, setOthers] = useState<string[]>(() => proposed.map((one) => one.force))
  const [common, setCommon] = useDraft('arrangements', () => draftFrom(file))
  const ordered = useMemo(() => new Set(file.orders.filter((order) => !['declined', 'cancelled', 'returned'].includes(order.step)).map((order) => order.force_ref.id)), [file.orders])
  const rows = useMemo(() => nearest(forces.data ?? [], file).filter((row) => row.force.type === 'own_station' || others.includes(row.force.id)), [forces.data, file, others])
  if (forces.isPending) return <Loading />
  if (forces.isError) return <Failed error={forces.error} onRetry={() => void forces.refetch()} />

  const toggle = (id: string) => setChosen((now) => {
    const { [id]: had, ...rest } = now
    return had === undefined ? { ...rest, [id]: t('order.task.first') } : rest
  })
  const orders = Object.entries(chosen).filter(([force]) => !ordered.has(force))
  const count = orders.length
  const submit = () => void perform({ orders: orders.map(([force, task]) => orderOf(force, task, proposed)), arrangements: arrangementsBody(common) })
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (count > 0 && !busy && !reason) submit() }}>
      <ul className="picklist" aria-label={t('first_response.stations')}>
        {rows.map(({ force, distance_m }, index) => {
          const on = chosen[force.id] !== undefined
          const off = ordered.has(force.id)
          return (
            <li key={force.id} data-on={on || undefined} data-off={off || undefined}>
              <label>
                <input type="checkbox" checked={on} disabled={off} onChange={() => toggle(force.id)} autoFocus={index === 0} />
                <b>{force.name}</b>
                <span className="muted small">{[distance_m !== undefined && distanceText(distance_m), t('force.strength', { n: force.strength }), force.call_sign].filter(Boolean).join(' · ')}</span>
                <Marks force={off ? { ...force, engaged: null } : force} />
                {off && <span className="mark-chip" data-tone="good">{t('first_response.ordered')}</span>}
              </label>
              {on && <input className="input" aria-label={t('order.task')} value={chosen[force.id]} onChange={(event) => setChosen((now) => ({ ...now, [force.id]: event.target.value }))} />}
            </li>
          )
        })}
      </ul>
      <Select
        showSearch={{ optionFilterProp: 'label' }} placeholder={t('first_response.other')} value={null} style={{ width: '100%' }}
        onChange={(id: string | null) => { if (id) { setOthers((now) => [...now, id]); toggle(id) } }}
        options={(forces.data ?? []).filter((force) => force.type !== 'own_station').map((force) => ({ value: force.id, label: force.name }))}
      />
      <h3 className="section">{t('arrangements')}</h3>
      <ArrangementsFields value={common} onChange={setCommon} />
      <Button type="submit" kind="primary" size="l" wide busy={busy} disabledReason={reason ?? (count === 0 ? t('first_response.none') : undefined)} testId="act-submit">
        {t('first_response.submit', { n: count })}
      </Button>
    </form>
  )
}

/** With the slot that the node proposed the force for, so that the composition counts it. */
function orderOf(force: string, task: string, proposed: TaskInput[]): TaskInput {
  const { slot, capability, quantity } = proposed.find((one) => one.force === force) ?? {}
  return { force, task, ...(slot && { slot }), ...(capability && { capability }), ...(quantity && { quantity }) }
}

function nearest(forces: Force[], file: IncidentFile): { force: Force; distance_m: number | undefined }[] {
  const at = file.place.point
  return forces
    .map((force) => ({ force, distance_m: force.distance_m ?? (at && force.point ? distanceM(at, force.point) : undefined) }))
    .sort((a, b) => (a.distance_m ?? Infinity) - (b.distance_m ?? Infinity))
}
