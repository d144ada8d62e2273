/** The bureau's desk: what is asked and why, what stays uncovered; approving takes two taps, also on a phone. */
import { useState, type ReactNode } from 'react'
import { useActs } from '../acts/index.ts'
import { useNow, type Desk, type IncidentFile, type Plan } from '../api/index.ts'
import { Linked, OrderBoard, PlanActs, PlanDetail, PlanHead } from '../dispatch/index.ts'
import { byNeed, CasualtiesView, Deadlines, IncidentActs, IncidentHead, IncidentQueue, NextStep } from '../incident/index.ts'
import { ReinforcementPanel } from '../reinforcement/index.ts'
import { ReadinessPage } from '../duty/index.ts'
import { InstructionCard, isUnread, ReportCard, Reports, SituationReports } from '../report/index.ts'
import { CommandPanel } from '../command_post/index.ts'
import { t } from '../locales/index.ts'
import { Link, navigate } from '../router.tsx'
import { to } from '../routes.ts'
import { Badge, Button, Empty, Panel } from '../ui/index.ts'
import { DutyNote } from './BrigadeDesk.tsx'
import { Frame } from './Frame.tsx'
import { Inbox, type Section } from './Inbox.tsx'
import { IncidentMap } from './IncidentMap.tsx'
import { WithDesk, WithIncident } from './view.tsx'

export function BureauDesk({ section, id }: { section?: string; id?: string }) {
  return <WithDesk>{(desk) => <Bureau desk={desk} section={section} id={id} />}</WithDesk>
}

function Bureau({ desk, section, id }: { desk: Desk; section?: string; id?: string }) {
  const now = useNow()
  const { me } = useActs()
  const queue = [...desk.incidents].sort(byNeed)
  const unread = desk.reports.filter((report) => isUnread(report, me))
  const written = desk.approvals.filter((plan) => plan.may.confirm_in_writing !== undefined)
  const waiting = desk.approvals.filter((plan) => !written.includes(plan))
  const current = id ?? queue[0]?.id
  const drill = section === 'incidents' ? queue.find((one) => one.id === current)?.drill : waiting.length > 0 && waiting.every((plan) => plan.drill)
  const sections: Section[] = [
    { name: 'approvals', title: 'bureau.approvals', count: waiting.length + written.length, tone: 'waiting', body: () => <Approvals plans={[...waiting, ...written]} now={now} desk={desk} /> },
    { name: 'incidents', title: 'bureau.incidents', count: queue.length, body: () => (
      <div className="split">
        <Panel flush title={t('queue')}><IncidentQueue incidents={queue} selected={current} now={now} href={(one) => to.bureau('incidents', one)} /><DutyNote desk={desk} /></Panel>
        {current ? <WithIncident id={current}>{(file) => <BureauIncident file={file} now={now} />}</WithIncident> : <Empty>{t('queue.empty')}</Empty>}
      </div>
    ) },
    { name: 'reports', title: 'reports', count: unread.length, tone: 'waiting', body: () => (
      <div className="columns">
        <div className="stack">{desk.reports.length === 0 ? <Panel><Empty>{t('reports.empty')}</Empty></Panel> : desk.reports.map((report) => <Named key={report.id} desk={desk} incident={report.incident}><ReportCard report={report} now={now} /></Named>)}</div>
        <div className="stack">
          <Panel title={t('instructions')}>{desk.instructions.length === 0 ? <Empty small>{t('instructions.empty')}</Empty> : desk.instructions.map((one) => <InstructionCard key={one.id} instruction={one} now={now} />)}</Panel>
          <Panel title={t('deadlines')}><Deadlines file={desk} now={now} many /></Panel>
        </div>
      </div>
    ) },
    { name: 'readiness', title: 'readiness', body: () => <ReadinessPage /> },
  ]
  return (
    <Frame drill={drill}>
      <Inbox sections={sections} chosen={section} href={(name) => to.bureau(name)} empty={t('queue.empty')} />
    </Frame>
  )
}

function Approvals({ plans, now, desk }: { plans: Plan[]; now: number; desk: Desk }) {
  const [open, setOpen] = useState<string>()
  const shown = open ?? plans[0]?.id
  if (plans.length === 0) return <Panel><Empty hint={t('bureau.approvals.empty.hint')}>{t('bureau.approvals.empty')}</Empty></Panel>
  const asked = desk.incidents.find((one) => one.id === plans.find((plan) => plan.id === shown)?.incident)
  return (
    <div className="approvals">
      <div className="approvalmap">{asked && <IncidentMap incidents={[asked]} focus={asked.place.point ?? undefined} />}</div>
      <div className="approvallist">
      {plans.map((plan) => {
        const incident = desk.incidents.find((one) => one.id === plan.incident)
        return (
          <article key={plan.id} className="panel approval" data-plan={plan.id} data-drill={plan.drill || undefined}>
            <header><PlanHead plan={plan} now={now} /><span className="spacer" /><Link to={to.bureau('incidents', plan.incident)} className="small">{plan.incident_number}</Link></header>
            <div className="body stack">
              <p className="asked"><b>{plan.place.text}</b> {plan.hazard?.name}{plan.grade ? ` ${t('incident.grade.n', { n: plan.grade })}` : ''}{incident?.trapped ? ` · ${t('incident.trapped.n', { n: incident.trapped })}` : ''}{incident?.substance ? ` · ${incident.substance}` : ''}</p>
              <p>{t('bureau.asks', { n: plan.tasks.length, forces: plan.tasks.slice(0, 3).map((task) => task.force_ref.name).join('、') + (plan.tasks.length > 3 ? t('and_more') : '') })}</p>
              {plan.uncovered.length > 0 && <p><Badge tone="waiting">{t('plan.uncovered.n', { n: plan.uncovered.length })}</Badge></p>}
              <PlanActs plan={plan} keyed={plan.id === shown} big />
              {plan.id === shown ? <PlanDetail plan={plan} now={now} /> : <Button kind="quiet" size="s" onPress={() => setOpen(plan.id)}>{t('bureau.details')}</Button>}
            </div>
          </article>
        )
      })}
      </div>
    </div>
  )
}

function BureauIncident({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <div className="stack">
      <Panel><div className="stack"><IncidentHead file={file} now={now} linked /><NextStep file={file} keyed /><IncidentActs file={file} keyed /></div></Panel>
      <div className="columns">
        <div className="stack"><Panel title={t('board')} count={file.orders.length} flush><OrderBoard orders={file.orders} now={now} /></Panel><Panel title={t('linked')} flush><Linked file={file} now={now} /></Panel><ReinforcementPanel file={file} now={now} /></div>
        <div className="stack"><div className="mapinset"><IncidentMap incidents={[file]} file={file} /></div><Panel title={t('casualties')}><CasualtiesView file={file} now={now} /></Panel><Reports file={file} now={now} /><SituationReports file={file} now={now} /></div>
      </div>
      <CommandPanel file={file} now={now} />
    </div>
  )
}

/** A card under the name of its incident. */
export function Named({ desk, incident, children }: { desk: Desk; incident: string; children: ReactNode }) {
  const found = desk.incidents.find((one) => one.id === incident)
  return (
    <Panel title={<Link to={to.incident(incident)}>{found ? `${found.number} ${found.place.text}` : t('incident.page')}</Link>} actions={found?.drill ? <Badge tone="drill">{t('drill')}</Badge> : <Button size="s" kind="quiet" onPress={() => navigate(to.incident(incident))}>{t('open')}</Button>}>
      {children}
    </Panel>
  )
}
