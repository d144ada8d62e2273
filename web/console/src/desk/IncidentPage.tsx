/** Everything of one incident, a tab an address. */
import { useNow, type IncidentFile } from '../api/index.ts'
import { CommandPanel } from '../command_post/index.ts'
import { Notifications } from '../delivery/index.ts'
import { BoardCounts, Linked, OrderBoard, PlanCard, PlanDetail, StrengthPanel } from '../dispatch/index.ts'
import { Documents, IncidentActs, IncidentHead, NextStep, Overview, Timeline } from '../incident/index.ts'
import { Information, ShortText } from '../report/index.ts'
import { ReinforcementPanel } from '../reinforcement/index.ts'
import { ReviewPage } from '../review/index.ts'
import { t } from '../locales/index.ts'
import { Link } from '../router.tsx'
import { INCIDENT_TABS, to, type IncidentTab } from '../routes.ts'
import { Count, Empty, Panel } from '../ui/index.ts'
import { Frame } from './Frame.tsx'
import { IncidentMap } from './IncidentMap.tsx'
import { WithIncident } from './view.tsx'

export function IncidentPage({ id, tab }: { id: string; tab?: string }) {
  const current: IncidentTab = INCIDENT_TABS.find((one) => one === tab) ?? 'overview'
  return <WithIncident id={id}>{(file) => <Page file={file} tab={current} />}</WithIncident>
}

function Page({ file, tab }: { file: IncidentFile; tab: IncidentTab }) {
  const now = useNow()
  const counts: Partial<Record<IncidentTab, number>> = { board: file.orders.length, information: file.reports.length, command: file.withdrawals.reduce((sum, one) => sum + one.waiting.length, 0) }
  return (
    <Frame drill={file.drill}>
      <div className="incidentpage">
        <div className="panel head"><div className="body"><IncidentHead file={file} now={now} /><div className="nextbox"><NextStep file={file} keyed /><ShortText incident={file.id} /></div></div></div>
        <nav className="tabs" aria-label={t('incident')}>
          {INCIDENT_TABS.map((one) => <Link key={one} to={to.incident(file.id, one)} aria-current={one === tab ? 'page' : undefined}>{t(`tab.${one}`)}{counts[one] ? <Count value={counts[one]} /> : null}</Link>)}
        </nav>
        <div className="tabbody"><Tab file={file} tab={tab} now={now} /></div>
      </div>
    </Frame>
  )
}

function Tab({ file, tab, now }: { file: IncidentFile; tab: IncidentTab; now: number }) {
  switch (tab) {
    case 'overview': return <div className="stack"><Panel><IncidentActs file={file} keyed /></Panel><Overview file={file} now={now} /></div>
    case 'board': return (
      <div className="columns">
        <div className="stack"><StrengthPanel file={file} /><Panel title={t('board')} flush actions={<BoardCounts orders={file.orders} />}><OrderBoard orders={file.orders} now={now} keyed /></Panel></div>
        <div className="stack">
          <Panel title={t('plans')} count={file.plans.length}>{file.plans.length === 0 ? <Empty small>{t('plans.empty')}</Empty> : file.plans.map((plan) => <div key={plan.id}><PlanCard plan={plan} now={now} /><details><summary>{t('bureau.details')}</summary><PlanDetail plan={plan} now={now} /></details></div>)}</Panel>
          <Notifications incident={file.id} now={now} />
          <Panel title={t('linked')} flush><Linked file={file} now={now} /></Panel>
          <ReinforcementPanel file={file} now={now} />
        </div>
      </div>
    )
    case 'map': return <div className="mappage"><IncidentMap incidents={[file]} file={file} /></div>
    case 'command': return <CommandPanel file={file} now={now} />
    case 'information': return <Information file={file} now={now} />
    case 'timeline': return <Panel><Timeline incident={file.id} /></Panel>
    case 'documents': return <Documents file={file} />
    case 'review': return <ReviewPage incident={file.id} now={now} />
  }
}
