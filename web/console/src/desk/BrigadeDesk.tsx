/** The brigade's desk: queue, the current incident with its one next step, the order board, the map. Keyboard first. */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { queries, useNow, type Desk, type IncidentFile, type Point } from '../api/index.ts'
import { BoardCounts, Linked, OrderBoard, PlanCard } from '../dispatch/index.ts'
import { byNeed, CasualtiesView, Deadlines, IncidentActs, IncidentHead, IncidentQueue, Intake, NextStep, Notes } from '../incident/index.ts'
import { Reports } from '../report/index.ts'
import { Withdrawals } from '../command_post/index.ts'
import { t } from '../locales/index.ts'
import { Link, navigate } from '../router.tsx'
import { to } from '../routes.ts'
import { Badge, Button, Empty, Failed, Loading, Panel, useHotkey } from '../ui/index.ts'
import { Frame } from './Frame.tsx'
import { IncidentMap } from './IncidentMap.tsx'
import { WithDesk } from './view.tsx'

export function BrigadeDesk({ incident, intake }: { incident?: string; intake?: boolean }) {
  return <WithDesk>{(desk) => <Brigade desk={desk} incident={incident} intake={!!intake} />}</WithDesk>
}

function Brigade({ desk, incident, intake }: { desk: Desk; incident?: string; intake: boolean }) {
  const now = useNow()
  const queue = useMemo(() => [...desk.incidents].sort(byNeed), [desk.incidents])
  const chosen = intake ? undefined : (incident ?? queue[0]?.id)
  const query = useQuery({ ...queries.incident(chosen ?? ''), enabled: !!chosen })
  const file = chosen ? query.data : undefined
  const [pointed, setPointed] = useState<Point>()
  const [marked, setMarked] = useState<Point>()
  const step = (by: number) => {
    const at = queue.findIndex((one) => one.id === chosen)
    const next = queue[(at + by + queue.length) % queue.length]
    if (next) navigate(to.brigade(next.id))
  }
  useHotkey('n', t('act.take_call'), () => navigate(to.newCall()))
  useHotkey(']', t('key.incident.next'), () => step(1), queue.length > 1)
  useHotkey('[', t('key.incident.before'), () => step(-1), queue.length > 1)
  useHotkey('d', t('incident.page'), () => { if (file) navigate(to.incident(file.id)) }, !!file)
  const closeIntake = () => { setPointed(undefined); setMarked(undefined); navigate(to.brigade(incident), { replace: true }) }

  return (
    <Frame drill={file?.drill} layout="desk">
      <div className="brigade">
        <Panel className="q" title={t('queue')} count={queue.length} flush actions={<Button kind="primary" size="s" hotkey="n" onPress={() => navigate(to.newCall())} testId="new-call">{t('act.take_call')}</Button>}>
          <IncidentQueue incidents={queue} selected={chosen} now={now} href={to.brigade} />
          <DutyNote desk={desk} />
        </Panel>
        <Panel className="c" label={t('incident.current')} flush>
          {intake && <Intake pointed={pointed} onPlace={setMarked} onCancel={closeIntake} onTaken={(receipt) => { setPointed(undefined); setMarked(undefined); navigate(to.brigade(receipt.incident ?? receipt.id), { replace: true }) }} />}
          {!intake && !chosen && <Empty hint={t('brigade.empty.hint')}>{t('queue.empty')}</Empty>}
          {chosen && query.isPending && <Loading rows={8} />}
          {chosen && query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
          {file && <Current file={file} now={now} />}
        </Panel>
        <Panel className="b" title={t('board')} flush actions={file && <BoardCounts orders={file.orders} />}>
          {file ? <>
            <OrderBoard orders={file.orders} now={now} keyed empty={t('board.empty.hint')} />
            <h3 className="boardsection">{t('linked')}</h3>
            <Linked file={file} now={now} />
          </> : <OrderBoard orders={desk.orders} now={now} many keyed />}
        </Panel>
        <div className="m"><IncidentMap incidents={queue} file={file} pointed={intake ? (marked ?? pointed) : undefined} onPoint={intake ? setPointed : undefined} onIncident={(id) => navigate(to.brigade(id))} /></div>
      </div>
    </Frame>
  )
}

function Current({ file, now }: { file: IncidentFile; now: number }) {
  const { plans } = file
  return (
    <div className="current">
      <IncidentHead file={file} now={now} linked />
      <NextStep file={file} keyed />
      {file.deadlines.some((one) => one.overdue) && <Deadlines file={{ deadlines: file.deadlines.filter((one) => one.overdue) }} now={now} />}
      <IncidentActs file={file} keyed />
      {plans.length > 0 && <section className="stack tight"><h3 className="section">{t('plans')}</h3>{plans.map((plan) => <PlanCard key={plan.id} plan={plan} now={now} />)}</section>}
      {file.withdrawals.length > 0 && <Withdrawals file={file} now={now} />}
      <section className="stack tight"><h3 className="section">{t('casualties')}</h3><CasualtiesView file={file} now={now} /></section>
      {file.reports.length > 0 && <Reports file={file} now={now} />}
      {file.notes.length > 0 && <section className="stack tight"><h3 className="section">{t('notes')}</h3><Notes file={file} now={now} /></section>}
      <p className="row small"><Link to={to.incident(file.id)}>{t('incident.page')}</Link><Link to={to.incident(file.id, 'timeline')}>{t('tab.timeline')}</Link><Link to={to.incident(file.id, 'documents')}>{t('documents')}</Link><Link to={to.incident(file.id, 'review')}>{t('review')}</Link></p>
    </div>
  )
}

export function DutyNote({ desk }: { desk: Desk }) {
  if (!desk.duty) return null
  return <p className="dutynote small muted">{t('duty.now', { officer: desk.duty.officer ?? '—', leader: desk.duty.leader ?? '—' })}</p>
}

export function DrillBadge({ drill }: { drill: boolean }) {
  return drill ? <Badge tone="drill">{t('drill')}</Badge> : null
}
