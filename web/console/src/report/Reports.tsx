/** Reports upward with who has read them; leaders' instructions until they are done; the situation compiled (Plan 4.1.5, 4.3.1). */
import { useState } from 'react'
import { ActButton, allowed, CopyButton, ReportedText, subjectOf } from '../acts/index.ts'
import { client, type IncidentFile, type Instruction, type Me, type Report } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Button, Countdown, Empty, Panel } from '../ui/index.ts'

export function ReportCard({ report, now }: { report: Report; now: number }) {
  const [old, setOld] = useState(false)
  const subject = { incident: report.incident, id: report.id }
  return (
    <article className="card" data-report={report.id}>
      <div className="row wrap">
        <b>{t(`report.stage.${report.stage}`)}</b>
        {report.version > 1 && <Badge tone="past">{t('report.version', { n: report.version })}</Badge>}
        {report.late && <Badge tone="bad">{t('report.late')}</Badge>}
        {report.drill && <Badge tone="drill">{t('drill')}</Badge>}
        <span className="muted small">{report.reported && <ReportedText reported={report.reported} now={now} />}</span>
      </div>
      <p className="prose">{report.text}</p>
      <p className="small muted">{t('report.to', { to: report.addressed_to.name })}{report.copied_to.length > 0 && ` ${t('report.copied', { to: report.copied_to.map((org) => org.name).join('、') })}`}</p>
      <p className="row wrap small">
        {report.read_by.length === 0 ? <Badge tone={report.unread ? 'bad' : 'waiting'}>{t(report.unread ? 'report.unread_in_time' : 'report.unread')}</Badge> : report.read_by.map((reader) => <Badge key={reader.position + reader.at} tone={reader.version === report.version ? 'good' : 'past'}>{t('report.read', { who: reader.position, at: timeText(reader.at, now) })}</Badge>)}
      </p>
      {old && <ol className="lines tall">{report.versions.map((version) => <li key={version.version}><span><b>{t('report.version', { n: version.version })}</b> {version.why && <em>{version.why}</em>} <span className="muted small"><ReportedText reported={version.reported} now={now} /></span><br /><span className="prose">{version.text}</span></span></li>)}</ol>}
      <div className="commandbar">
        <ActButton act="read_report" may={report.may.read_report} subject={subject} size="s" kind="primary" />
        <ActButton act="correct_report" may={report.may.correct_report} subject={subject} size="s" />
        {report.versions.length > 1 && <Button size="s" kind="quiet" onPress={() => setOld(!old)}>{t('report.versions', { n: report.versions.length })}</Button>}
      </div>
    </article>
  )
}

/** Whether it still waits for this reader: the present version, which his desk may mark as read and has not. */
export function isUnread(report: Report, me: Me): boolean {
  return allowed(report.may.read_report) && !report.read_by.some((reader) => reader.position === me.position && reader.version === report.version)
}

export function Reports({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <Panel title={t('reports')} count={file.reports.length} actions={<ActButton act="file_report" may={subjectOf(file, 'file_report')?.may} subject={{ incident: file.id }} size="s" kind="primary" />}>
      {file.reports.length === 0 ? <Empty small>{t('reports.empty')}</Empty> : file.reports.map((report) => <ReportCard key={report.id} report={report} now={now} />)}
    </Panel>
  )
}

export function InstructionCard({ instruction, now }: { instruction: Instruction; now: number }) {
  const subject = { incident: instruction.incident, id: instruction.id }
  const { done } = instruction
  return (
    <article className="card" data-waiting={!done || undefined} data-instruction={instruction.id}>
      <div className="row wrap"><b>{instruction.from}</b>{instruction.drill && <Badge tone="drill">{t('drill')}</Badge>}<Badge tone={done ? 'good' : instruction.assigned ? 'under-way' : 'waiting'}>{t(done ? 'instruction.state.done' : instruction.assigned ? 'instruction.state.assigned' : 'instruction.state.new')}</Badge><span className="muted small"><ReportedText reported={instruction.reported} now={now} bare /></span></div>
      <p className="prose quote">{instruction.text}</p>
      {instruction.assigned && <p className="small"><b>{instruction.assigned.to.name}</b>：{instruction.assigned.task} {!done && <Countdown until={instruction.assigned.due_at ?? instruction.due} now={now} />}</p>}
      {instruction.feedback.map((one, i) => <p key={i} className="small">{t('instruction.feedback')}：{one.text} <span className="muted"><ReportedText reported={one.reported} now={now} /></span></p>)}
      <div className="commandbar">{(['assign_task', 'feed_back'] as const).map((act) => <ActButton key={act} act={act} may={instruction.may[act]} subject={subject} size="s" />)}</div>
    </article>
  )
}

export function Instructions({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <Panel title={t('instructions')} count={file.instructions.filter((one) => !one.done).length} countTone="waiting" actions={<ActButton act="give_instruction" may={subjectOf(file, 'give_instruction')?.may} subject={{ incident: file.id }} size="s" kind="plain" />}>
      {file.instructions.length === 0 ? <Empty small>{t('instructions.empty')}</Empty> : [...file.instructions].reverse().map((one) => <InstructionCard key={one.id} instruction={one} now={now} />)}
    </Panel>
  )
}

export function SituationReports({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <Panel title={t('situation_reports')} count={file.situation_reports.length} actions={<>
      <ShortText incident={file.id} />
      <ActButton act="compile_situation_report" may={subjectOf(file, 'compile_situation_report')?.may} subject={{ incident: file.id }} size="s" kind="plain" />
    </>}>
      {file.situation_reports.length === 0 ? <Empty small>{t('situation_reports.empty')}</Empty> : file.situation_reports.map((one) => (
        <article key={one.id} className="card"><div className="row wrap"><b>{t('situation_report.number', { n: one.number })}</b><span className="muted small"><ReportedText reported={one.compiled} now={now} /></span></div><p className="prose">{one.text}</p></article>
      ))}
    </Panel>
  )
}

/** One key copies what is read out on the telephone or put into a chat. */
export function ShortText({ incident }: { incident: string }) {
  return <CopyButton label={t('short_text.copy')} text={async () => (await client.get<{ text: string }>(`/incidents/${encodeURIComponent(incident)}/short-text`)).text} />
}

/** Everything that goes upward and comes down. */
export function Information({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <div className="columns">
      <div className="stack"><Reports file={file} now={now} /></div>
      <div className="stack"><Instructions file={file} now={now} /><SituationReports file={file} now={now} /></div>
    </div>
  )
}
