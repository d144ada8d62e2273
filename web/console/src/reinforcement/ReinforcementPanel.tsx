import { ActButton, ReportedText, subjectOf } from '../acts/index.ts'
import type { IncidentFile } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Empty, Panel } from '../ui/index.ts'

/** Help from outside (跨区域增援): what was asked upward, the answer, and who is attached until released. */
export function ReinforcementPanel({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <Panel title={t('reinforcement')} count={file.reinforcements.length} actions={<ActButton act="request_reinforcement" may={subjectOf(file, 'request_reinforcement')?.may} subject={{ incident: file.id }} size="s" />}>
      {file.reinforcements.length === 0 ? <Empty small>{t('reinforcement.empty')}</Empty> : file.reinforcements.map((one) => {
        const subject = { incident: file.id, id: one.id }
        return (
          <article key={one.id} className="card" data-waiting={!one.answer || undefined}>
            <div className="row wrap"><b>{one.to.name}</b><Badge tone={one.answer ? (one.answer.approved ? 'good' : 'bad') : 'waiting'}>{one.answer ? t(one.answer.approved ? 'reinforcement.approved' : 'reinforcement.not_approved') : t('reinforcement.requested')}</Badge><span className="muted small"><ReportedText reported={one.requested} now={now} /></span></div>
            <p className="prose">{one.need}</p>
            {one.answer && <p className="small">{one.answer.officer}：「{one.answer.words}」 <span className="muted"><ReportedText reported={one.answer.reported} now={now} bare /></span></p>}
            {one.attached.length > 0 && <ul className="lines">{one.attached.map((force) => (
              <li key={force.id}><b>{force.name}</b><span className="muted small">{[force.from, t('force.strength', { n: force.strength }), force.leader, force.call_sign].filter(Boolean).join(' · ')}</span>
                {force.released ? <Badge tone="past">{t('reinforcement.released', { at: timeText(force.released.at, now) })}</Badge> : <ActButton act="release_attached" may={one.may.release_attached} subject={subject} initial={{ attached: force.id }} size="s" kind="quiet" />}</li>
            ))}</ul>}
            <div className="commandbar">{(['answer_reinforcement', 'attach_force'] as const).map((act) => <ActButton key={act} act={act} may={one.may[act]} subject={subject} size="s" />)}</div>
          </article>
        )
      })}
    </Panel>
  )
}
