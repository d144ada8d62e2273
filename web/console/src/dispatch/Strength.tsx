/** Strength by capability: what the orders ask for, what was acknowledged, who would make up for the rest. Proposed here, never ordered by itself. */
import { useNow, type IncidentFile } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Link } from '../router.tsx'
import { to } from '../routes.ts'
import { Badge, Countdown, Panel } from '../ui/index.ts'

type StrengthLine = IncidentFile['strength']['lines'][number]
type Supplement = IncidentFile['strength']['supplement'][number]

export function StrengthPanel({ file }: { file: IncidentFile }) {
  const now = useNow()
  const { lines, due, supplement, plan } = file.strength
  if (lines.length === 0) return null
  const missing = lines.filter((line) => line.missing > 0).length
  const first = supplement.flatMap((slot) => slot.picks)[0]
  return (
    <Panel title={t('strength')} count={missing || undefined} countTone="bad" actions={due && <span className="row small muted">{t('strength.due')} <Countdown until={due} now={now} /></span>}>
      <ul className="strength">{lines.map((line) => <Line key={line.capability.code} line={line} />)}</ul>
      {supplement.length > 0 && (
        <div className="supplement stack tight">
          {supplement.map((slot) => <Proposed key={slot.slot} slot={slot} />)}
          {first && <Link className="btn" data-kind="primary" to={to.proposal(file.id, { supplement: plan ?? undefined, add: first.force_ref.id })}>{t('strength.supplement')}</Link>}
        </div>
      )}
    </Panel>
  )
}

function Line({ line }: { line: StrengthLine }) {
  const share = Math.min(100, Math.round((line.acknowledged / Math.max(1, line.wanted)) * 100))
  return (
    <li data-failed={line.missing > 0 || undefined} data-capability={line.capability.code}>
      <b>{line.capability.name}</b>
      <span className="bar" aria-hidden="true"><i style={{ inlineSize: `${share}%` }} /></span>
      <span className="of">{t('strength.of', { came: line.acknowledged, wanted: line.wanted, unit: line.unit })}</span>
      {line.missing > 0 ? <Badge tone="bad">{t('strength.missing', { n: line.missing })}</Badge> : line.acknowledged >= line.wanted ? <Badge tone="good">{t('strength.full')}</Badge> : <Badge tone="waiting">{t('strength.waiting')}</Badge>}
    </li>
  )
}

function Proposed({ slot }: { slot: Supplement }) {
  return (
    <div>
      <p className="strong small">{t('strength.proposed', { n: slot.quantity, unit: slot.unit, what: slot.capability.name })}</p>
      {slot.picks.map((pick) => <p key={pick.force_ref.id} className="small"><b>{pick.force_ref.name}</b> <span className="muted">{pick.reason}</span></p>)}
      {slot.gap && <p className="small muted">{slot.gap.text}</p>}
    </div>
  )
}
