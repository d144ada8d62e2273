import type { IncidentSummary } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Link } from '../router.tsx'
import { Age, Badge, Empty } from '../ui/index.ts'
import { STATUS_TONE } from './tones.ts'

/** The incidents of a desk, each with what it needs. */
export function IncidentQueue({ incidents, selected, now, href }: { incidents: IncidentSummary[]; selected?: string; now: number; href: (id: string) => string }) {
  if (incidents.length === 0) return <Empty hint={t('queue.empty.hint')}>{t('queue.empty')}</Empty>
  return (
    <ol className="queue" aria-label={t('queue')}>
      {incidents.map((incident) => (
        <li key={incident.id}>
          <Link to={href(incident.id)} aria-current={incident.id === selected ? 'true' : undefined} data-drill={incident.drill || undefined} data-incident={incident.id}>
            <span className="row">
              <HazardSign hazard={incident.hazard} grade={incident.grade} />
              <b className="truncate">{incident.place.text}</b>
              <span className="spacer" />
              <Age at={incident.opened_at} now={now} />
            </span>
            <span className="row wrap">
              <Badge tone={STATUS_TONE[incident.status]}>{t(`incident.status.${incident.status}`)}</Badge>
              {incident.drill && <Badge tone="drill">{t('drill')}</Badge>}
              {incident.orders.overdue + incident.orders.declined > 0 && <Badge tone="bad">{t('board.failed', { n: incident.orders.overdue + incident.orders.declined })}</Badge>}
              {incident.short.length > 0 && <Badge tone="bad">{t('queue.short', { what: incident.short[0] ?? '' })}</Badge>}
              {incident.unreached > 0 && <Badge tone="bad">{t('queue.unreached', { n: incident.unreached })}</Badge>}
              {incident.plans_waiting > 0 && <Badge tone="waiting">{t('queue.plan_waiting')}</Badge>}
              {incident.trapped ? <span className="strong small">{t('incident.trapped.n', { n: incident.trapped })}</span> : null}
            </span>
            <span className="row small muted">
              <span>{incident.number}</span>
              {incident.orders.total > 0 && <span>{t('queue.orders', { there: incident.orders.on_scene, n: incident.orders.total })}</span>}
            </span>
            {incident.next && <span className="next truncate">▸ {incident.next.text}</span>}
          </Link>
        </li>
      ))}
    </ol>
  )
}

/** Kind and grade as one sign: never colour alone. */
export function HazardSign({ hazard, grade, big }: { hazard: { code: string; name: string } | null; grade: number | null; big?: boolean }) {
  return (
    <span className="hazard" data-hazard={hazard?.code ?? 'none'} data-big={big || undefined} title={hazard?.name ?? t('incident.hazard.none')}>
      {hazard ? shortName(hazard.name) : '?'}
      {grade !== null && <i>{grade}</i>}
    </span>
  )
}
/** Two characters, or the first word. */
export const shortName = (name: string) => (/^[\x20-\x7e]+$/.test(name) ? (name.split(' ')[0] ?? name).slice(0, 7) : name.length <= 3 ? name : name.slice(0, 2))
