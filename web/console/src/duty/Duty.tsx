/** Who is on duty, the shift's sheet, the readiness state, the compositions. */
import { useQuery } from '@tanstack/react-query'
import { ActButton, useActs } from '../acts/index.ts'
import { queries, type Composition, type DutyEntry, type ShiftSheet } from '../api/index.ts'
import { formalTimeText, timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Button, Countdown, Empty, Facts, Failed, Loading, Panel, Table } from '../ui/index.ts'

export function DutyPage({ now }: { now: number }) {
  const duty = useQuery(queries.duty())
  if (duty.isPending) return <Loading rows={8} />
  if (duty.isError) return <Failed error={duty.error} onRetry={() => void duty.refetch()} />
  return (
    <Panel title={t('duty')} count={duty.data.length} flush className="fill">
      <Table<DutyEntry> label={t('duty')} rows={duty.data} rowKey={(one) => `${one.org.id}${one.position}`} columns={[
        { key: 'org', title: t('force.org'), header: true, cell: (one) => one.org.name }, { key: 'title', title: t('duty.position'), cell: (one) => one.title },
        { key: 'officer', title: t('duty.officer'), cell: (one) => one.officer }, { key: 'phone', title: t('duty.phone'), cell: (one) => (one.phone ? <a href={`tel:${one.phone}`}>{one.phone}</a> : '—') },
        { key: 'until', title: t('duty.until'), cell: (one) => `${timeText(one.from, now)} – ${timeText(one.to, now)}` }]} />
    </Panel>
  )
}

export function HandOverPage({ desk, now }: { desk: string; now: number }) {
  const sheet = useQuery(queries.sheet(desk))
  const { me } = useActs()
  if (sheet.isPending) return <Loading rows={8} />
  if (sheet.isError) return <Failed error={sheet.error} onRetry={() => void sheet.refetch()} />
  return <SheetView sheet={sheet.data} desk={desk} now={now} me={me.position} />
}

function SheetView({ sheet, desk, now, me }: { sheet: ShiftSheet; desk: string; now: number; me: string }) {
  return (
    <article className="printsheet">
      <header>
        <h1>{t('hand_over.title')}</h1>
        <p className="muted">{t(`desk.${desk as 'brigade' | 'bureau' | 'govt'}`)} · {formalTimeText(sheet.made_at)} · {me}</p>
        <div className="commandbar noprint"><ActButton act="hand_over_shift" may={sheet.may ? sheet.may.hand_over_shift : true} subject={{ id: desk }} size="l" /><Button size="l" onPress={() => window.print()}>{t('print')}</Button></div>
      </header>
      {sheet.last && <p className="quote">{t('hand_over.last', { to: sheet.last.to, at: timeText(sheet.last.at, now) })} {sheet.last.remarks}</p>}
      <section>
        <h2>{t('hand_over.open')} <span className="count">{sheet.open_incidents.length}</span></h2>
        {sheet.open_incidents.length === 0 ? <Empty small /> : <Table label={t('hand_over.open')} rows={sheet.open_incidents} rowKey={(one) => one.id} columns={[
          { key: 'n', title: t('incident.number'), header: true, cell: (one) => <>{one.number} {one.drill && <Badge tone="drill">{t('drill')}</Badge>}</> }, { key: 'p', title: t('incident.place'), cell: (one) => one.place.text }, { key: 'h', title: t('incident.hazard'), cell: (one) => one.hazard?.name ?? '—' },
          { key: 's', title: t('incident.status'), cell: (one) => t(`incident.status.${one.status}`) }, { key: 'c', title: t('command'), cell: (one) => one.command?.name ?? '—' }, { key: 'x', title: t('key.next'), cell: (one) => one.next?.text ?? '—' }]} />}
      </section>
      <section>
        <h2>{t('hand_over.out')} <span className="count">{sheet.forces_out.length}</span></h2>
        {sheet.forces_out.length === 0 ? <Empty small /> : <Table label={t('hand_over.out')} rows={sheet.forces_out} rowKey={(one) => one.id} columns={[
          { key: 'f', title: t('force'), header: true, cell: (one) => one.force_ref.name }, { key: 'i', title: t('incident'), cell: (one) => `${one.incident_number} ${one.place.text}` }, { key: 's', title: t('order.step'), cell: (one) => t(`order.step.${one.step}`) }, { key: 't', title: t('order.task'), cell: (one) => one.task }]} />}
      </section>
      <section>
        <h2>{t('hand_over.pending')} <span className="count">{sheet.pending.length}</span></h2>
        {sheet.pending.length === 0 ? <Empty small /> : <ul className="lines">{sheet.pending.map((one, i) => <li key={i} data-tone={one.overdue ? 'bad' : undefined}><span>{one.text}</span><Countdown until={one.due} now={now} /></li>)}</ul>}
      </section>
      <section>
        <h2>{t('hand_over.instructions')} <span className="count">{sheet.instructions.length}</span></h2>
        {sheet.instructions.length === 0 ? <Empty small /> : <ul className="lines tall">{sheet.instructions.map((one) => <li key={one.id}><b>{one.from}</b><span>{one.text}</span><span className="muted">{one.assigned?.to.name}</span></li>)}</ul>}
      </section>
      <footer className="sign"><span>{t('hand_over.sign.from')}</span><span>{t('hand_over.sign.to')}</span><span>{t('hand_over.sign.at')}</span></footer>
    </article>
  )
}

export function ReadinessPage({ now }: { now: number }) {
  const reference = useQuery(queries.reference())
  const compositions = useQuery(queries.compositions())
  const { me } = useActs()
  const bureau = me.role === 'bureau' || me.role === 'shift_leader' || me.role === 'deputy'
  return (
    <div className="stack">
      <Panel title={t('readiness')} actions={bureau && <ActButton act="change_readiness" may subject={{}} size="s" kind="plain" />}>
        {reference.data ? (
          <div className="stack">
            <div className="readiness" data-state={reference.data.readiness.state}><strong>{t(`readiness.${reference.data.readiness.state}`)}</strong>{reference.data.readiness.since && <span className="muted">{t('since', { at: timeText(reference.data.readiness.since, now) })}</span>}<span>{reference.data.readiness.why}</span></div>
            <Facts items={reference.data.limits.map((limit) => [limit.name, <Countdownless key={limit.code} seconds={limit.seconds} />] as const)} />
          </div>
        ) : <Loading />}
      </Panel>
      <Panel title={t('compositions')} count={compositions.data?.length} flush actions={bureau && <ActButton act="adopt_composition" may subject={{}} size="s" kind="plain" />}>
        {compositions.isPending && <Loading />}
        {compositions.isError && <Failed error={compositions.error} onRetry={() => void compositions.refetch()} />}
        {compositions.data && <Table<Composition> label={t('compositions')} rows={compositions.data} rowKey={(one) => one.id} columns={[
          { key: 'h', title: t('incident.hazard'), header: true, cell: (one) => one.hazard.name }, { key: 'g', title: t('incident.grade'), cell: (one) => t('incident.grade.n', { n: one.grade }) }, { key: 'v', title: t('composition.version'), num: true, cell: (one) => one.version },
          { key: 's', title: t('composition.slots'), cell: (one) => <span className="muted small">{one.slots.map((slot) => `${slot.capability.name} ${slot.quantity}${slot.capability.unit}`).join('，')}</span> }, { key: 'src', title: t('composition.source'), cell: (one) => <span className="muted small">{one.source}</span> },
          { key: 'p', title: t('composition.preauthorised'), cell: (one) => <span className="row">{one.preauthorised ? <Badge tone="good">{t('composition.preauthorised')}</Badge> : null}
            {bureau && <ActButton act={one.preauthorised ? 'revoke_preauthorisation' : 'preauthorise_composition'} may={one.may ? one.may[one.preauthorised ? 'revoke_preauthorisation' : 'preauthorise_composition'] ?? true : true} subject={{ id: one.id }} size="s" kind="quiet" />}</span> }]} />}
      </Panel>
    </div>
  )
}
const Countdownless = ({ seconds }: { seconds: number }) => <>{seconds % 60 === 0 ? t('minutes.n', { n: seconds / 60 }) : t('seconds.n', { n: seconds })}</>
