/** The ledger of forces: found by name, kind, ability, place; whether it is out. */
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { queries, type Force } from '../api/index.ts'
import { durationText } from '../locales/format.ts'
import { t, tCode } from '../locales/index.ts'
import { Badge, Choice, Facts, Failed, Loading, Panel, Sheet, Table } from '../ui/index.ts'

interface Props { marks: (force: Force) => ReactNode; stepName: (step: string) => string; contacts: (id: string) => ReactNode }

export function ForcesPage({ marks, stepName, contacts }: Props) {
  const forces = useQuery(queries.forces())
  const [typed, setTyped] = useState('')
  const [kind, setKind] = useState('all')
  const [open, setOpen] = useState<string>()
  const wanted = useDeferredValue(typed.trim().toLowerCase())
  const kinds = useMemo(() => [...new Set((forces.data ?? []).map((force) => force.kind))], [forces.data])
  const rows = useMemo(() => (forces.data ?? []).filter((force) => (kind === 'all' || force.kind === kind) && matches(force, wanted)), [forces.data, kind, wanted])
  if (forces.isPending) return <Loading rows={12} />
  if (forces.isError) return <Failed error={forces.error} onRetry={() => void forces.refetch()} />
  return (
    <>
      <Panel
        title={t('forces')} count={rows.length} flush className="fill"
        actions={<>
          <Choice size="s" label="" value={kind} onChange={setKind} options={['all', ...kinds].map((one) => ({ value: one, label: tCode('force.kind', one) }))} />
          <input className="input" type="search" placeholder={t('forces.search')} aria-label={t('forces.search')} value={typed} onChange={(event) => setTyped(event.target.value)} style={{ width: 240 }} autoFocus />
        </>}
      >
        <Table
          label={t('forces')} rows={rows} rowKey={(force) => force.id} selected={open} onPress={(force) => setOpen(force.id)} empty={t('forces.none')}
          columns={[
            { key: 'name', title: t('force'), header: true, cell: (force) => force.name }, { key: 'kind', title: t('force.kind'), cell: (force) => tCode('force.kind', force.kind) },
            { key: 'type', title: t('force.type'), cell: (force) => tCode('force.type', force.type) },
            { key: 'org', title: t('force.org'), cell: (force) => force.org.name }, { key: 'town', title: t('force.town'), cell: (force) => force.town?.name ?? '—' },
            { key: 'strength', title: t('order.strength'), num: true, cell: (force) => force.strength }, { key: 'call', title: t('reinforcement.call_sign'), cell: (force) => force.call_sign ?? '—' },
            { key: 'state', title: t('force.state'), cell: (force) => (force.engaged ? <Badge tone="under-way">{force.engaged.number} {stepName(force.engaged.step)}</Badge> : <Badge tone="good">{t('force.free')}</Badge>) },
            { key: 'marks', title: '', cell: marks },
          ]}
        />
      </Panel>
      {open && <ForceSheet id={open} onClose={() => setOpen(undefined)} marks={marks} contacts={contacts} />}
    </>
  )
}

function ForceSheet({ id, onClose, marks, contacts }: { id: string; onClose: () => void; marks: Props['marks']; contacts: Props['contacts'] }) {
  const force = useQuery(queries.force(id))
  return (
    <Sheet open title={force.data?.name ?? t('force')} onClose={onClose}>
      {force.isPending && <Loading />}
      {force.isError && <Failed error={force.error} onRetry={() => void force.refetch()} />}
      {force.data && (
        <div className="stack">
          <div className="row wrap">{marks(force.data)}</div>
          <Facts items={[
            [t('force.full_name'), force.data.full_name], [t('force.kind'), tCode('force.kind', force.data.kind)], [t('force.type'), tCode('force.type', force.data.type)], [t('force.org'), force.data.org.name],
            [t('force.authority'), force.data.authority.name], [t('plan.basis'), tCode('basis', force.data.basis)], [t('force.town'), force.data.town?.name], [t('order.strength'), force.data.strength],
            [t('force.duty_mode'), tCode('force.duty_mode', force.data.duty_mode)], [t('force.on_duty'), force.data.on_duty], [t('force.mobilisation'), durationText(force.data.mobilisation_s)],
          ]} />
          {contacts(id)}
          {force.data.capabilities.length > 0 && <><h3 className="section">{t('force.capabilities')}</h3><ul className="chips">{force.data.capabilities.map((one) => <li key={one.code}>{one.name} <b>{one.quantity}</b> {one.unit}</li>)}</ul></>}
          {force.data.vehicles.length > 0 && <><h3 className="section">{t('force.vehicles')}</h3><ul className="chips">{force.data.vehicles.map((one) => <li key={one}>{one}</li>)}</ul></>}
        </div>
      )}
    </Sheet>
  )
}

function matches(force: Force, wanted: string): boolean {
  if (!wanted) return true
  return [force.name, force.org.name, force.town?.name, force.call_sign, force.type, tCode('force.type', force.type), ...force.capabilities.map((one) => one.name)].some((text) => text?.toLowerCase().includes(wanted))
}
