/** A town or subdistrict: it is called by name and must answer; it reports what it sees. */
import { ActButton, ReportedText } from '../acts/index.ts'
import { useNow, type Desk, type TownCall } from '../api/index.ts'
import { byNeed, CasualtiesView, IncidentActs, IncidentHead, IncidentQueue, Notes } from '../incident/index.ts'
import { InstructionCard, Reports } from '../report/index.ts'
import { t } from '../locales/index.ts'
import { useAddress, withSearch } from '../router.tsx'
import { Badge, Countdown, Empty, Panel } from '../ui/index.ts'
import { Frame } from './Frame.tsx'
import { Inbox, type Section } from './Inbox.tsx'
import { WithDesk, WithIncident } from './view.tsx'

export function TownDesk({ section }: { section?: string }) {
  return <WithDesk>{(desk) => <Town desk={desk} section={section} />}</WithDesk>
}

function Town({ desk, section }: { desk: Desk; section?: string }) {
  const now = useNow()
  const address = useAddress()
  const queue = [...desk.incidents].sort(byNeed)
  const current = address.search.get('incident') ?? queue[0]?.id
  const unanswered = desk.town_calls.filter((one) => !one.answered)
  const sections: Section[] = [
    { name: 'calls', title: 'linked.town_call', count: unanswered.length, tone: 'bad', body: () => (
      <div className="stack">
        {desk.town_calls.length === 0 && <Panel><Empty hint={t('town.empty.hint')}>{t('town.empty')}</Empty></Panel>}
        {[...unanswered, ...desk.town_calls.filter((one) => one.answered)].map((call) => <Call key={call.id} call={call} now={now} />)}
      </div>
    ) },
    { name: 'incidents', title: 'bureau.incidents', count: queue.length, body: () => (
      <div className="split">
        <Panel flush title={t('queue')}><IncidentQueue incidents={queue} selected={current} now={now} href={(id) => withSearch(address, { incident: id })} /></Panel>
        {current ? <WithIncident id={current}>{(file) => (
          <div className="stack">
            <Panel><div className="stack"><IncidentHead file={file} now={now} linked /><IncidentActs file={file} keyed /></div></Panel>
            <div className="columns"><div className="stack"><Reports file={file} now={now} /></div><div className="stack"><Panel title={t('casualties')}><CasualtiesView file={file} now={now} /></Panel><Panel title={t('notes')}><Notes file={file} now={now} /></Panel></div></div>
          </div>
        )}</WithIncident> : <Empty>{t('queue.empty')}</Empty>}
      </div>
    ) },
    { name: 'tasks', title: 'dept.tasks', count: desk.instructions.filter((one) => !one.done).length, tone: 'waiting', body: () => (desk.instructions.length === 0 ? <Panel><Empty>{t('instructions.empty')}</Empty></Panel> : <div className="stack">{desk.instructions.map((one) => <InstructionCard key={one.id} instruction={one} now={now} />)}</div>) },
  ]
  const drill = unanswered.length > 0 ? unanswered.every((one) => one.drill) : queue.length > 0 && queue.every((one) => one.drill)
  return <Frame drill={drill}><Inbox sections={sections} chosen={section} href={(name) => `/desk/town/${name}`} empty={t('queue.empty')} /></Frame>
}

function Call({ call, now }: { call: TownCall; now: number }) {
  return (
    <Panel className="towncall" title={t('town_call.title', { town: call.town.name })} actions={<>{call.drill && <Badge tone="drill">{t('drill')}</Badge>}<Badge tone={call.answered ? 'good' : call.overdue ? 'bad' : 'waiting'}>{t(call.answered ? 'town_call.answered' : 'town_call.called')}</Badge>{!call.answered && <Countdown until={call.due} now={now} />}</>}>
      <div className="stack">
        <p className="bigtext">{call.text}</p>
        <p className="muted">{t('town_call.asked', { who: call.asked })}</p>
        {call.answered ? <p><ReportedText reported={call.answered.reported} now={now} /> {call.answered.words}</p> : <ActButton act="answer_town_call" may={call.may.answer_town_call} subject={{ incident: call.incident, id: call.id }} size="xl" wide />}
      </div>
    </Panel>
  )
}
