/** An industry authority or linked organisation: what it must sign for, what it was told, what it is asked. */
import { useNow, type Desk } from '../api/index.ts'
import { Linked, OrderBoard } from '../dispatch/index.ts'
import { byNeed, Deadlines, IncidentQueue } from '../incident/index.ts'
import { InstructionCard, ReportCard } from '../report/index.ts'
import { t } from '../locales/index.ts'
import { to } from '../routes.ts'
import { Empty, Panel } from '../ui/index.ts'
import { Named } from './BureauDesk.tsx'
import { Frame } from './Frame.tsx'
import { Inbox, type Section } from './Inbox.tsx'
import { WithDesk } from './view.tsx'

export function DeptDesk({ section }: { section?: string }) {
  return <WithDesk>{(desk) => <Dept desk={desk} section={section} />}</WithDesk>
}

function Dept({ desk, section }: { desk: Desk; section?: string }) {
  const now = useNow()
  const unsigned = desk.filings.filter((one) => !one.signed).length
  const unheard = desk.notices.filter((one) => !one.acknowledged).length
  const asked = desk.letters.filter((one) => !one.answer).length
  const waitingTasks = desk.instructions.filter((one) => !one.done).length
  const none = { notices: [], stand_bys: [], letters: [], town_calls: [], filings: [] }
  const sections: Section[] = [
    { name: 'todo', title: 'dept.todo', count: unsigned + unheard + asked, tone: 'waiting', body: () => (
      <div className="stack">
        <Panel title={t('linked.filing')} count={unsigned} countTone="waiting" flush><Linked file={{ ...none, filings: desk.filings }} now={now} /></Panel>
        <Panel title={t('linked.notice')} count={unheard} countTone="waiting" flush><Linked file={{ ...none, notices: desk.notices }} now={now} /></Panel>
        <Panel title={t('linked.letter')} count={asked} countTone="waiting" flush><Linked file={{ ...none, letters: desk.letters }} now={now} /></Panel>
      </div>
    ) },
    { name: 'tasks', title: 'dept.tasks', count: waitingTasks, tone: 'waiting', body: () => (desk.instructions.length === 0 ? <Panel><Empty>{t('instructions.empty')}</Empty></Panel> : <div className="stack">{desk.instructions.map((one) => <InstructionCard key={one.id} instruction={one} now={now} />)}</div>) },
    { name: 'forces', title: 'dept.forces', count: desk.orders.length, body: () => <Panel title={t('board')} flush><OrderBoard orders={desk.orders} now={now} many /></Panel> },
    { name: 'incidents', title: 'bureau.incidents', count: desk.incidents.length, body: () => (
      <div className="stack">
        <Panel title={t('queue')} flush><IncidentQueue incidents={[...desk.incidents].sort(byNeed)} now={now} href={(id) => to.incident(id)} /></Panel>
        {desk.reports.map((report) => <Named key={report.id} desk={desk} incident={report.incident}><ReportCard report={report} now={now} /></Named>)}
        <Panel title={t('deadlines')}><Deadlines file={desk} now={now} many /></Panel>
      </div>
    ) },
  ]
  const drills = [...desk.filings, ...desk.notices, ...desk.letters]
  return <Frame drill={drills.length > 0 && drills.every((one) => one.drill)}><Inbox sections={sections} chosen={section} href={(name) => `/desk/dept/${name}`} empty={t('queue.empty')} /></Frame>
}
