/** What was told outside: to whom, by which ways, what came back. Failures first; quiet until they matter. */
import { useQuery } from '@tanstack/react-query'
import { queries, type Message, type NotificationCosts, type Notification, type NotificationState } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Countdown, Empty, Failed, Loading, Panel, type Tone } from '../ui/index.ts'
import { AsItCame } from './AsItCame.tsx'

const STATE_TONE: Record<NotificationState, Tone> = { exhausted: 'bad', to_read: 'bad', waiting: 'waiting', settled: 'past' }
const STATUS_TONE: Record<Message['status'], Tone> = { queued: 'waiting', sending: 'under-way', handed_over: 'under-way', delivered: 'good', failed: 'bad' }

export function Notifications({ incident, now }: { incident: string; now: number }) {
  const told = useQuery(queries.notifications(incident))
  if (told.isPending) return <Panel title={t('told')}><Loading rows={2} /></Panel>
  if (told.isError) return <Panel title={t('told')}><Failed error={told.error} onRetry={() => void told.refetch()} /></Panel>
  const { items, rehearsal, parts, costs } = told.data
  const open = items.filter((one) => one.state !== 'settled')
  const settled = items.filter((one) => one.state === 'settled')
  return (
    <Panel title={t('told')} count={open.length} actions={<span className="row muted small">{rehearsal && <Badge tone="drill">{t('told.rehearsal')}</Badge>}{parts > 0 && t('told.parts', { n: parts })}{costs.total && <b>{t('told.cost', { cost: costs.total })}</b>}</span>}>
      {items.length === 0 && <Empty small>{t('told.empty')}</Empty>}
      {open.map((one) => <Card key={one.id} told={one} now={now} />)}
      {costs.total && <Costs costs={costs} />}
      {settled.length > 0 && <details><summary>{t('told.settled', { n: settled.length })}</summary>{settled.map((one) => <Card key={one.id} told={one} now={now} />)}</details>}
    </Panel>
  )
}

/** What it all costs, by channel and by what was told. */
function Costs({ costs }: { costs: NotificationCosts }) {
  return (
    <details className="costs">
      <summary>{t('told.costs')}</summary>
      {[costs.by_campaign, costs.by_channel].map((lines, index) => (
        <ul key={index} className="lines">{lines.map((one) => <li key={one.code} className="small">{t('told.costs.line', { name: one.name, messages: one.messages, parts: one.parts, cost: one.cost })}</li>)}</ul>
      ))}
    </details>
  )
}

function Card({ told, now }: { told: Notification; now: number }) {
  const failed = told.state === 'exhausted' || told.state === 'to_read'
  return (
    <article className="card" data-waiting={told.state === 'waiting' || undefined} data-failed={failed || undefined} data-notification={told.id}>
      <div className="row wrap">
        <b>{told.to.name}</b><span>{told.about_name}</span><Badge tone={STATE_TONE[told.state]}>{told.state_name}</Badge>
        <span className="muted small">{t('told.code', { code: told.code })}</span>
        {told.cost && <span className="muted small">{t('told.cost', { cost: told.cost })}</span>}
        {told.next_at && <span className="small">{t('told.next')} <Countdown until={told.next_at} now={now} /></span>}
      </div>
      <ul className="lines">
        {told.messages.map((one) => (
          <li key={one.id}>
            <span className="sending">{one.title} {one.channel_name}</span><Badge tone={STATUS_TONE[one.status]}>{one.status_name}</Badge>
            <span className="muted small">{timeText(one.at, now)}{one.attempts > 1 && ` · ${t('told.attempts', { n: one.attempts })}`}</span>
            {one.failed_text && one.status !== 'delivered' && one.status !== 'handed_over' && <em className="small">{one.failed_text}</em>}
            {one.status === 'failed' && <AsItCame words={one.detail} />}
          </li>
        ))}
      </ul>
      {told.answers.map((one, index) => (
        <p key={index} className="small">「{one.text}」 <span className="muted">{one.channel_name} {one.from} {timeText(one.at, now)}</span>{!one.counted && <Badge tone="waiting">{t('told.not_counted')}</Badge>}</p>
      ))}
    </article>
  )
}
