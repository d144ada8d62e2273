import { ActButton, ReportedText, subjectOf } from '../acts/index.ts'
import type { Casualties, IncidentFile, IncidentSummary } from '../api/index.ts'
import { formalTimeText, timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Countdown, Empty, Facts, Panel, Table } from '../ui/index.ts'
import { casualtiesText } from './acts.ts'
import { STATUS_TONE as STATUS } from './tones.ts'

/** What is late or due on the incident; nothing when nothing is. */
export function Deadlines({ file, now, many }: { file: Pick<IncidentFile, 'deadlines'>; now: number; /** With the incident's number, where several stand together. */ many?: boolean }) {
  const lines = [...file.deadlines].sort((a, b) => Date.parse(a.due) - Date.parse(b.due))
  if (lines.length === 0) return <Empty small>{t('deadlines.empty')}</Empty>
  return (
    <ul className="lines" aria-label={t('deadlines')}>
      {lines.map((line, index) => (
        <li key={index} data-tone={line.overdue ? 'bad' : undefined}><span className="truncate">{line.drill && <Badge tone="drill">{t('drill')}</Badge>} {line.text} {many && <span className="muted small">{line.incident_number}</span>}</span><Countdown until={line.due} now={now} /></li>
      ))}
    </ul>
  )
}

export function CallList({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <ul className="lines tall">
      {file.call_list.map((call, index) => (
        <li key={index}>
          <span className="stack tight">
            <span className="row wrap"><Badge tone="past">{t(`call.source.${call.source}`)}</Badge><span>{timeText(call.received_at, now)}</span><span className="muted">{[call.caller, call.caller_number].filter(Boolean).join(' ')}</span>{call.recording && <span className="muted small">{t('field.recording')} {call.recording}</span>}</span>
            {call.text && <span className="prose">{call.text}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

const COUNTED = ['dead', 'missing', 'badly_hurt', 'hurt', 'trapped', 'moved'] as const

/** One counted thing: what is reported, and what is confirmed and may go upward. */
export function CasualtiesView({ file, now }: { file: IncidentFile; now: number }) {
  const reported = file.casualties
  return (
    <div className="stack tight">
      {reported ? <CasualtyFigures casualties={reported} now={now} /> : <Empty small>{t('casualties.empty')}</Empty>}
      {file.confirmed_casualties && file.confirmed_casualties.revision !== reported?.revision && (
        <p className="small muted">{t('casualties.last_confirmed')}{casualtiesText(file.confirmed_casualties.figures)}（{timeText(file.confirmed_casualties.as_of, now)}）</p>
      )}
      <div className="commandbar">
        {(['count_casualties', 'confirm_casualties'] as const).map((act) => <ActButton key={act} act={act} may={subjectOf(file, act)?.may} subject={{ incident: file.id }} size="s" />)}
      </div>
    </div>
  )
}

function CasualtyFigures({ casualties, now }: { casualties: Casualties; now: number }) {
  return (
    <>
      <dl className="figures">
        {COUNTED.map((name) => <div key={name} data-some={casualties.figures[name] > 0 || undefined}><dd>{casualties.figures[name]}</dd><dt>{t(`casualties.${name}`)}</dt></div>)}
      </dl>
      <p className="row wrap small">
        <Badge tone={casualties.confirmed ? 'good' : 'waiting'}>{t(casualties.confirmed ? 'casualties.stage.confirmed' : 'casualties.stage.reported')}</Badge>
        <span className="muted">{[casualties.source, t('casualties.as_of.at', { at: timeText(casualties.as_of, now) }), casualties.confirmed?.by].filter(Boolean).join(' · ')}</span>
      </p>
    </>
  )
}

export function Notes({ file, now }: { file: IncidentFile; now: number }) {
  if (file.notes.length === 0) return <Empty small>{t('notes.empty')}</Empty>
  return <ul className="lines tall">{file.notes.map((note) => <li key={note.reported.recorded_at + note.text}><span><span className="prose">{note.text}</span> <span className="muted small"><ReportedText reported={note.reported} now={now} /></span></span></li>)}</ul>
}

export function Overview({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <div className="columns">
      <div className="stack">
        <Panel title={t('incident.facts')}>
          <Facts items={[
            [t('incident.number'), file.number], [t('incident.opened_at'), formalTimeText(file.opened_at)], [t('incident.place'), `${file.place.text}${file.place.town ? `（${file.place.town.name}）` : ''}`],
            [t('place.quality'), t(`place.quality.${file.place.quality}`)],
            [t('incident.hazard'), file.hazard?.name ?? t('incident.hazard.none')], [t('incident.grade'), file.grade ? t('incident.grade.n', { n: file.grade }) : t('none')],
            [t('incident.severity'), file.severity ? `${t(`severity.${file.severity.value}`)}（${t(`severity.stage.${file.severity.stage}`)}）` : t('severity.ungraded')],
            [t('incident.trapped'), file.trapped], [t('incident.substance'), file.substance], [t('call.narrative'), file.narrative && <span className="prose">{file.narrative}</span>],
            [t('incident.verified'), file.verified && <ReportedText reported={file.verified} now={now} />], [t('incident.controlled'), file.controlled && <ReportedText reported={file.controlled} now={now} />],
            [t('incident.closed'), file.closed && <ReportedText reported={file.closed} now={now} />],
          ]} />
        </Panel>
        <Panel title={t('calls')} count={file.call_list.length}><CallList file={file} now={now} /></Panel>
      </div>
      <div className="stack">
        <Panel title={t('deadlines')} count={file.deadlines.filter((one) => one.overdue).length} countTone="bad"><Deadlines file={file} now={now} /></Panel>
        <Panel title={t('casualties')}><CasualtiesView file={file} now={now} /></Panel>
        <Panel title={t('notes')} count={file.notes.length} actions={<ActButton act="add_note" may={file.may.add_note} subject={{ incident: file.id }} size="s" />}><Notes file={file} now={now} /></Panel>
      </div>
    </div>
  )
}

export function IncidentTable({ rows, now, onPress }: { rows: IncidentSummary[]; now: number; onPress: (id: string) => void }) {
  return (
    <Table
      label={t('incidents')} rows={rows} rowKey={(row) => row.id} onPress={(row) => onPress(row.id)} empty={t('queue.empty')}
      columns={[
        { key: 'number', title: t('incident.number'), header: true, cell: (row) => <>{row.number} {row.drill && <Badge tone="drill">{t('drill')}</Badge>}</> },
        { key: 'place', title: t('incident.place'), cell: (row) => row.place.text }, { key: 'hazard', title: t('incident.hazard'), cell: (row) => row.hazard?.name ?? '—' },
        { key: 'grade', title: t('incident.grade'), cell: (row) => row.grade ?? '—' }, { key: 'status', title: t('incident.status'), cell: (row) => <Badge tone={STATUS[row.status]}>{t(`incident.status.${row.status}`)}</Badge> },
        { key: 'orders', title: t('board'), num: true, cell: (row) => row.orders.total }, { key: 'at', title: t('incident.opened_at'), cell: (row) => timeText(row.opened_at, now) },
      ]}
    />
  )
}
