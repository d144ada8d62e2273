/** The government's duty office and the leaders: reports with who read them, instructions until done, the command post's founding. */
import { ActButton, useActs } from '../acts/index.ts'
import { useNow, type Desk } from '../api/index.ts'
import { byNeed, IncidentHead, IncidentQueue, CasualtiesView, NextStep, Deadlines } from '../incident/index.ts'
import { CommandPanel } from '../command_post/index.ts'
import { InstructionCard, Instructions, isUnread, ReportCard, Reports, SituationReports } from '../report/index.ts'
import { BoardCounts, OrderBoard } from '../dispatch/index.ts'
import { t } from '../locales/index.ts'
import { useAddress, withSearch } from '../router.tsx'
import { Empty, Panel } from '../ui/index.ts'
import { DutyNote } from './BrigadeDesk.tsx'
import { Named } from './BureauDesk.tsx'
import { Frame } from './Frame.tsx'
import { Inbox, type Section } from './Inbox.tsx'
import { WithDesk, WithIncident } from './view.tsx'

export function GovtDesk({ section }: { section?: string }) {
  return <WithDesk>{(desk) => <Govt desk={desk} section={section} />}</WithDesk>
}

function Govt({ desk, section }: { desk: Desk; section?: string }) {
  const now = useNow()
  const address = useAddress()
  const { me } = useActs()
  const queue = [...desk.incidents].sort(byNeed)
  const current = address.search.get('incident') ?? queue[0]?.id
  const unread = desk.reports.filter((report) => isUnread(report, me)).length
  const open = desk.instructions.filter((one) => !one.done).length
  const sections: Section[] = [
    { name: 'incidents', title: 'bureau.incidents', count: queue.length, body: () => (
      <div className="split">
        <Panel flush title={t('queue')}><IncidentQueue incidents={queue} selected={current} now={now} href={(id) => withSearch(address, { incident: id })} /><DutyNote desk={desk} /></Panel>
        {current ? <WithIncident id={current}>{(file) => (
          <div className="stack">
            <Panel>
              <div className="stack">
                <IncidentHead file={file} now={now} linked />
                <NextStep file={file} keyed />
                <div className="commandbar">{(['give_instruction', 'establish_post', 'add_note'] as const).map((act) => <ActButton key={act} act={act} may={file.may[act]} subject={{ incident: file.id }} keyed />)}</div>
              </div>
            </Panel>
            <div className="columns">
              <div className="stack"><Reports file={file} now={now} /><SituationReports file={file} now={now} /></div>
              <div className="stack"><Instructions file={file} now={now} /><Panel title={t('casualties')}><CasualtiesView file={file} now={now} /></Panel><Panel title={t('board')} actions={<BoardCounts orders={file.orders} />} flush><OrderBoard orders={file.orders} now={now} /></Panel></div>
            </div>
            <CommandPanel file={file} now={now} />
          </div>
        )}</WithIncident> : <Empty>{t('queue.empty')}</Empty>}
      </div>
    ) },
    { name: 'reports', title: 'reports', count: unread, tone: 'waiting', body: () => (desk.reports.length === 0 ? <Panel><Empty>{t('reports.empty')}</Empty></Panel> : <div className="stack">{desk.reports.map((report) => <Named key={report.id} desk={desk} incident={report.incident}><ReportCard report={report} now={now} /></Named>)}</div>) },
    { name: 'instructions', title: 'instructions', count: open, tone: 'waiting', body: () => (desk.instructions.length === 0 ? <Panel><Empty>{t('instructions.empty')}</Empty></Panel> : <div className="stack">{desk.instructions.map((one) => <InstructionCard key={one.id} instruction={one} now={now} />)}</div>) },
    { name: 'deadlines', title: 'deadlines', count: desk.deadlines.filter((one) => one.overdue).length, tone: 'bad', body: () => <Panel><Deadlines file={desk} now={now} many /></Panel> },
  ]
  const drill = (section ?? 'incidents') === 'incidents' && queue.find((one) => one.id === current)?.drill
  return <Frame drill={drill}><Inbox sections={sections} chosen={section ?? (me.role === 'govt' && unread > 0 ? 'reports' : 'incidents')} href={(name) => `/desk/govt/${name}`} empty={t('queue.empty')} /></Frame>
}
