/** The command hall's wall: dark, few words, readable at five metres. */
import { useQuery } from '@tanstack/react-query'
import { queries, useNow, type Desk, type IncidentSummary } from '../api/index.ts'
import { useActs } from '../acts/index.ts'
import { distinctOrders, hasFailed, isOver, STEP_TONE } from '../dispatch/index.ts'
import { byNeed, HazardSign, STATUS_TONE } from '../incident/index.ts'
import { clockSecondsText, dateText, durationText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Countdown, Empty } from '../ui/index.ts'
import { StaleBanner } from './Live.tsx'
import { IncidentMap } from './IncidentMap.tsx'
import { Sound } from './Sound.tsx'
import { WithDesk } from './view.tsx'

/** More rows than this would be too small to read. */
const INCIDENTS_SHOWN = 5
const ORDERS_SHOWN = 11

export function Wall() {
  return <div className="wall" data-theme="dark"><StaleBanner /><WithDesk>{(desk) => <Hall desk={desk} />}</WithDesk></div>
}

function Hall({ desk }: { desk: Desk }) {
  const now = useNow()
  const { me } = useActs()
  const incidents = [...desk.incidents].sort(byNeed)
  const all = useQuery(queries.orders())
  const orders = distinctOrders(all.data ?? desk.orders).filter((order) => !isOver(order) || order.step === 'declined')
  const failed = orders.filter(hasFailed)
  const drill = incidents.length > 0 && incidents.every((one) => one.drill)
  const total = (pick: (one: IncidentSummary['orders']) => number) => incidents.reduce((sum, one) => sum + pick(one.orders), 0)
  return (
    <>
      {drill && <div className="drillribbon">{t('drill.ribbon')}</div>}
      <header>
        <h1>{me.jurisdiction.name}{t('wall.title')}</h1>
        <dl>
          <div><dd>{incidents.length}</dd><dt>{t('wall.open')}</dt></div>
          <div data-tone="waiting"><dd>{total((one) => one.waiting)}</dd><dt>{t('wall.waiting')}</dt></div>
          <div data-tone="under-way"><dd>{total((one) => one.under_way)}</dd><dt>{t('wall.moving')}</dt></div>
          <div data-tone="good"><dd>{total((one) => one.on_scene)}</dd><dt>{t('wall.there')}</dt></div>
          <div data-tone="bad" data-some={failed.length > 0 || undefined}><dd>{failed.length}</dd><dt>{t('wall.failed')}</dt></div>
        </dl>
        <Sound />
        <time><b>{clockSecondsText(now)}</b><span>{dateText(now)}</span></time>
      </header>
      <div className="hall">
        <section className="wallincidents" aria-label={t('queue')}>
          {incidents.length === 0 && <Empty>{t('wall.calm')}</Empty>}
          {incidents.slice(0, INCIDENTS_SHOWN).map((one) => (
            <article key={one.id} data-tone={one.orders.overdue + one.orders.declined > 0 ? 'bad' : STATUS_TONE[one.status]} data-drill={one.drill || undefined}>
              <div className="row"><HazardSign hazard={one.hazard} grade={one.grade} big /><h2 className="truncate">{one.place.text}</h2>{one.drill && <Badge tone="drill" big>{t('drill')}</Badge>}<span className="spacer" /><Badge tone={STATUS_TONE[one.status]} big>{t(`incident.status.${one.status}`)}</Badge></div>
              <p className="row"><span>{durationText((now - Date.parse(one.opened_at)) / 1000)}</span>{one.trapped ? <b>{t('incident.trapped.n', { n: one.trapped })}</b> : null}<span>{t('queue.orders', { there: one.orders.on_scene, n: one.orders.total })}</span><span className="truncate">{t('command.now', { who: one.command?.name ?? '—' })}</span></p>
            </article>
          ))}
          {incidents.length > INCIDENTS_SHOWN && <p className="more">{t('wall.more', { n: incidents.length - INCIDENTS_SHOWN })}</p>}
        </section>
        <section className="wallorders" aria-label={t('board')}>
          <h2>{t('wall.orders')}</h2>
          {orders.length === 0 && !all.isPending && <Empty>{t('board.empty')}</Empty>}
          <ol>
            {orders.slice(0, ORDERS_SHOWN).map((order) => (
              <li key={order.id} data-failed={hasFailed(order) || undefined}>
                <b className="truncate">{order.force_ref.name}</b>{order.drill && <Badge tone="drill">{t('drill')}</Badge>}<span className="truncate muted">{order.overdue?.text ?? order.place.text}</span>
                <Badge tone={order.overdue ? 'bad' : STEP_TONE[order.step]} big>{t(`order.step.${order.step}`)}</Badge><Countdown until={order.due} now={now} />
              </li>
            ))}
          </ol>
          {orders.length > ORDERS_SHOWN && <p className="more">{t('wall.more', { n: orders.length - ORDERS_SHOWN })}</p>}
        </section>
        <section className="wallmap"><IncidentMap incidents={incidents} /></section>
      </div>
    </>
  )
}
