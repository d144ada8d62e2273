/** Who is on duty, the shift's sheet, the readiness state, the compositions. */
import { useQuery } from '@tanstack/react-query'
import { ActButton, saveAs, useActs } from '../acts/index.ts'
import { client, queries, type Composition, type DutyEntry, type Reference, type ShiftSheet } from '../api/index.ts'
import { errorText } from '../locales/errors.ts'
import { durationText, formalTimeText, timeText } from '../locales/format.ts'
import { t, tCode } from '../locales/index.ts'
import { gradeName, named, sourceOf, unitOf } from '../locales/pick.ts'
import { SHIFT_DESK, SIDE } from '../routes.ts'
import { Badge, Button, Countdown, Empty, Facts, Failed, Loading, Panel, Table, useToast } from '../ui/index.ts'

export function DutyPage() {
  const duty = useQuery(queries.duty())
  if (duty.isPending) return <Loading rows={8} />
  if (duty.isError) return <Failed error={duty.error} onRetry={() => void duty.refetch()} />
  return (
    <Panel title={t('duty')} count={duty.data.length} flush className="fill">
      <Table<DutyEntry> label={t('duty')} rows={[...duty.data].sort((a, b) => b.deputies.length - a.deputies.length)} rowKey={(one) => one.org.id} columns={[
        { key: 'org', title: t('force.org'), header: true, cell: (one) => one.org.name }, { key: 'officer', title: t('duty.officer'), cell: (one) => one.officer || '—' },
        { key: 'leader', title: t('duty.leader'), cell: (one) => one.leader || '—' }, { key: 'deputies', title: t('duty.deputies'), cell: (one) => one.deputies.join('、') || '—' }]} />
    </Panel>
  )
}

export function HandOverPage({ desk, now }: { desk: string; now: number }) {
  const sheet = useQuery(queries.sheet(desk))
  if (sheet.isPending) return <Loading rows={8} />
  if (sheet.isError) return <Failed error={sheet.error} onRetry={() => void sheet.refetch()} />
  return <SheetView sheet={sheet.data} desk={desk} now={now} />
}

function SheetView({ sheet, desk, now }: { sheet: ShiftSheet; desk: string; now: number }) {
  const { me } = useActs()
  const say = useToast()
  const own = SHIFT_DESK[SIDE[me.role]] === desk
  const save = async () => {
    try {
      const { blob, name } = await client.download('/shifts/sheet.docx')
      saveAs(blob, name)
    } catch (error) {
      say(errorText(error), 'bad')
    }
  }
  return (
    <article className="printsheet">
      <header>
        <h1>{t('hand_over.title')}</h1>
        <p className="muted">{t(`desk.${sheet.desk}`)} · {formalTimeText(sheet.as_of)}</p>
        <Facts items={[[t('hand_over.sign.from'), `${sheet.officer}${sheet.since ? `（${t('since', { at: timeText(sheet.since, now) })}）` : ''}`], [t('hand_over.next'), sheet.next_officer]]} />
        <div className="commandbar noprint"><ActButton act="hand_over_shift" may subject={{ id: desk }} initial={{ to: sheet.next_officer ?? undefined }} size="l" /><Button size="l" onPress={() => window.print()}>{t('print')}</Button>{own && <Button size="l" onPress={() => void save()}>{t('document.get')}</Button>}</div>
      </header>
      <section>
        <h2>{t('hand_over.open')} <span className="count">{sheet.incidents.length}</span></h2>
        {sheet.incidents.length === 0 ? <Empty small /> : <Table label={t('hand_over.open')} rows={sheet.incidents} rowKey={(one) => one.id} columns={[
          { key: 'n', title: t('incident.number'), header: true, cell: (one) => <>{one.number} {one.drill && <Badge tone="drill">{t('drill')}</Badge>}</> }, { key: 'p', title: t('incident.place'), cell: (one) => one.place.text }, { key: 'h', title: t('incident.hazard'), cell: (one) => one.hazard?.name ?? '—' },
          { key: 's', title: t('incident.status'), cell: (one) => t(`incident.status.${one.status}`) }, { key: 'c', title: t('command'), cell: (one) => one.command?.name ?? '—' }, { key: 'x', title: t('key.next'), cell: (one) => one.next?.text ?? '—' }]} />}
      </section>
      <section>
        <h2>{t('hand_over.out')} <span className="count">{sheet.forces_out.length}</span></h2>
        {sheet.forces_out.length === 0 ? <Empty small /> : <Table label={t('hand_over.out')} rows={sheet.forces_out} rowKey={(one) => one.id} columns={[
          { key: 'f', title: t('force'), header: true, cell: (one) => <>{one.force_ref.name} {one.drill && <Badge tone="drill">{t('drill')}</Badge>}</> }, { key: 'i', title: t('incident'), cell: (one) => `${one.incident_number} ${one.place.text}` }, { key: 's', title: t('order.step'), cell: (one) => t(`order.step.${one.step}`) }, { key: 't', title: t('order.task'), cell: (one) => one.task }]} />}
      </section>
      <section>
        <h2>{t('plans')} <span className="count">{sheet.plans.length}</span></h2>
        {sheet.plans.length === 0 ? <Empty small /> : <ul className="lines">{sheet.plans.map((one) => <li key={one.id}><b>{one.number}</b>{one.drill && <Badge tone="drill">{t('drill')}</Badge>}<span>{one.place.text}</span><span className="muted">{t(`plan.status.${one.status}`)} · {t('plan.tasks.count', { n: one.tasks.length })}</span></li>)}</ul>}
      </section>
      <section>
        <h2>{t('hand_over.pending')} <span className="count">{sheet.deadlines.length}</span></h2>
        {sheet.deadlines.length === 0 ? <Empty small /> : <ul className="lines">{sheet.deadlines.map((one) => <li key={one.kind + one.subject} data-tone={one.overdue ? 'bad' : undefined}><span>{one.drill && <Badge tone="drill">{t('drill')}</Badge>} {one.text} <span className="muted small">{one.incident_number}</span></span><Countdown until={one.due} now={now} /></li>)}</ul>}
      </section>
      <section>
        <h2>{t('hand_over.instructions')} <span className="count">{sheet.instructions.length}</span></h2>
        {sheet.instructions.length === 0 ? <Empty small /> : <ul className="lines tall">{sheet.instructions.map((one) => <li key={one.id}><b>{one.from}</b>{one.drill && <Badge tone="drill">{t('drill')}</Badge>}<span>{one.text}</span><span className="muted">{one.assigned?.to.name}</span></li>)}</ul>}
      </section>
      <footer className="sign"><span>{t('hand_over.sign.from')}</span><span>{t('hand_over.sign.to')}</span><span>{t('hand_over.sign.at')}</span></footer>
    </article>
  )
}

export function ReadinessPage() {
  const reference = useQuery(queries.reference())
  const compositions = useQuery(queries.compositions())
  const { me } = useActs()
  // These acts are the jurisdiction's, not an incident's: whether they may be done, the node says when asked.
  const bureau = SIDE[me.role] === 'bureau'
  return (
    <div className="stack">
      <Panel title={t('readiness')} actions={bureau && <ActButton act="change_readiness" may subject={{}} size="s" kind="plain" />}>
        {reference.data ? (
          <div className="stack">
            <div className="readiness" data-state={reference.data.readiness}><strong>{t(`readiness.${reference.data.readiness}`)}</strong></div>
            <dl className="limits">{Object.entries(reference.data.limits).map(([code, seconds]) => <div key={code}><dt>{tCode('limit', code)}</dt><dd>{durationText(seconds)}</dd></div>)}</dl>
          </div>
        ) : <Loading />}
      </Panel>
      <Panel title={t('compositions')} count={compositions.data?.length} flush actions={bureau && <ActButton act="adopt_composition" may subject={{}} size="s" kind="plain" />}>
        {compositions.isPending && <Loading />}
        {compositions.isError && <Failed error={compositions.error} onRetry={() => void compositions.refetch()} />}
        {compositions.data && reference.data && <Compositions rows={compositions.data} reference={reference.data} bureau={bureau} />}
      </Panel>
    </div>
  )
}

function Compositions({ rows, reference, bureau }: { rows: Composition[]; reference: Reference; bureau: boolean }) {
  const hazard = (code: string) => { const found = reference.hazards.find((one) => one.code === code); return found ? named(found) : code }
  const need = (slot: Composition['composition']['slots'][number]) => { const found = reference.capabilities.find((one) => one.code === slot.capability); return found ? `${named(found)} ${slot.quantity} ${unitOf(found)}` : `${slot.capability} ${slot.quantity}` }
  return (
    <Table<Composition> label={t('compositions')} rows={rows} rowKey={(one) => one.composition.id} columns={[
      { key: 'h', title: t('incident.hazard'), header: true, cell: (one) => hazard(one.composition.hazard) }, { key: 'g', title: t('incident.grade'), cell: (one) => <span style={{ whiteSpace: 'nowrap' }}>{gradeName(one.composition.grade)}</span> }, { key: 'v', title: t('composition.version'), num: true, cell: (one) => one.composition.version },
      { key: 's', title: t('composition.slots'), cell: (one) => <span className="muted small">{one.composition.slots.map(need).join(t('list.comma'))}</span> }, { key: 'src', title: t('composition.source'), cell: (one) => <span className="muted small">{sourceOf(one.composition)}</span> },
      { key: 'p', title: t('composition.preauthorised'), cell: (one) => <span className="row">{one.preauthorised && <span title={`${one.preauthorised.officer} ${one.preauthorised.why}`}><Badge tone="good">{t('composition.preauthorised')}</Badge></span>}
        {bureau && <ActButton act={one.preauthorised ? 'revoke_preauthorisation' : 'preauthorise_composition'} may subject={{ id: one.composition.id }} size="s" kind="quiet" />}</span> }]} />
  )
}
