/** Who was told and readied beside the orders: linkage notices, stand-by, letters, calls to the town, filings. One board. */
import { ActButton, ReportedText } from '../acts/index.ts'
import type { Filing, IncidentFile, Letter, Notice, StandBy, TownCall } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Badge, Countdown, Empty, type Tone } from '../ui/index.ts'
import { noticeTone } from './tones.ts'
import type { ReactNode } from 'react'

interface LinkedLine { key: string; kind: string; who: string; tone: Tone; state: string; detail: ReactNode; due?: string; drill: boolean; acts: ReactNode; failed: boolean }

export function Linked({ file, now }: { file: Pick<IncidentFile, 'notices' | 'stand_bys' | 'letters' | 'town_calls' | 'filings'>; now: number }) {
  const lines = [
    ...file.town_calls.map((one) => townCallLine(one, now)), ...file.letters.map((one) => letterLine(one, now)), ...file.notices.map((one) => noticeLine(one, now)),
    ...file.stand_bys.map((one) => standByLine(one, now)), ...file.filings.map((one) => filingLine(one, now)),
  ].sort((a, b) => Number(b.failed) - Number(a.failed) || Number(b.tone === 'waiting') - Number(a.tone === 'waiting'))
  if (lines.length === 0) return <Empty small>{t('linked.empty')}</Empty>
  return (
    <ul className="linked" aria-label={t('linked')}>
      {lines.map((line) => (
        <li key={line.key} data-failed={line.failed || undefined}>
          <span className="kind">{line.kind}</span>
          <b className="truncate">{line.who}</b>
          <Badge tone={line.tone}>{line.state}</Badge>
          {line.drill && <Badge tone="drill">{t('drill')}</Badge>}
          <span className="detail truncate muted">{line.detail}</span>
          <Countdown until={line.due} now={now} />
          {line.acts}
        </li>
      ))}
    </ul>
  )
}

function noticeLine(notice: Notice, now: number): LinkedLine {
  return {
    key: notice.id, kind: t('linked.notice'), who: notice.org.name, tone: noticeTone(notice), state: t(notice.acknowledged ? 'notice.acknowledged' : 'notice.sent'),
    detail: notice.acknowledged ? <ReportedText reported={notice.acknowledged} now={now} /> : notice.text, due: notice.acknowledged ? undefined : notice.due, drill: notice.drill, failed: notice.overdue && !notice.acknowledged,
    acts: <ActButton act="acknowledge_notice" may={notice.may.acknowledge_notice} subject={{ incident: notice.incident, id: notice.id }} size="s" kind="plain" />,
  }
}
function standByLine(one: StandBy, now: number): LinkedLine {
  const subject = { incident: one.incident, id: one.id }
  const late = one.overdue && one.due !== null
  const answersOrder = one.due === null && !one.confirmed && !one.lifted
  return {
    key: one.id, kind: t('linked.stand_by'), who: one.force_ref.name, tone: one.lifted || answersOrder ? 'past' : one.confirmed ? (one.confirmed.ready ? 'good' : 'bad') : late ? 'bad' : 'waiting',
    state: answersOrder ? t('stand_by.ordered') : one.lifted ? t('stand_by.lifted') : one.confirmed ? t(one.confirmed.ready ? 'stand_by.ready.yes' : 'stand_by.ready.no') : t('stand_by.pushed'),
    detail: one.confirmed ? <><ReportedText reported={one.confirmed.reported} now={now} /> {one.confirmed.note}</> : one.text, due: one.due ?? undefined, drill: one.drill, failed: late,
    acts: <>
      <ActButton act="confirm_stand_by" may={one.may.confirm_stand_by} subject={subject} size="s" kind="plain" />
      <ActButton act="lift_stand_by" may={one.may.lift_stand_by} subject={subject} size="s" kind="quiet" />
    </>,
  }
}
function letterLine(letter: Letter, now: number): LinkedLine {
  return {
    key: letter.id, kind: t('linked.letter'), who: letter.org.name, tone: letter.answer ? (letter.answer.agreed ? 'good' : 'bad') : letter.overdue ? 'bad' : 'waiting', due: letter.answer ? undefined : letter.due,
    state: letter.answer ? t(letter.answer.agreed ? 'letter.agreed' : 'letter.not_agreed') : t(letter.urgent ? 'letter.sent.urgent' : 'letter.sent'),
    detail: letter.answer ? <>「{letter.answer.words}」<ReportedText reported={letter.answer.reported} now={now} /></> : letter.ask, drill: letter.drill, failed: letter.answer ? !letter.answer.agreed : letter.overdue,
    acts: <ActButton act="answer_letter" may={letter.may.answer_letter} subject={{ incident: letter.incident, id: letter.id }} size="s" kind="plain" />,
  }
}
function townCallLine(call: TownCall, now: number): LinkedLine {
  return {
    key: call.id, kind: t('linked.town_call'), who: call.asked.startsWith(call.town.name) ? call.asked : `${call.town.name} ${call.asked}`, tone: call.answered ? 'good' : call.overdue ? 'bad' : 'waiting',
    state: t(call.answered ? 'town_call.answered' : 'town_call.called'), detail: call.answered ? <><ReportedText reported={call.answered.reported} now={now} /> {call.answered.words}</> : call.text,
    due: call.answered ? undefined : call.due, drill: call.drill, failed: call.overdue && !call.answered,
    acts: <ActButton act="answer_town_call" may={call.may.answer_town_call} subject={{ incident: call.incident, id: call.id }} size="s" kind="plain" />,
  }
}
function filingLine(filing: Filing, now: number): LinkedLine {
  return {
    key: filing.id, kind: t('linked.filing'), who: filing.authority.name, tone: filing.signed ? 'good' : filing.overdue ? 'bad' : 'waiting', state: t(filing.signed ? 'filing.signed' : 'filing.sent'),
    detail: <>{filing.force.name}{filing.signed && <> · <ReportedText reported={filing.signed} now={now} /></>}</>, due: filing.signed ? undefined : filing.due, drill: filing.drill, failed: filing.overdue && !filing.signed,
    acts: <ActButton act="sign_filing" may={filing.may.sign_filing} subject={{ incident: filing.incident, id: filing.id }} size="s" kind="plain" />,
  }
}
