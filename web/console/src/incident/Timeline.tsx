import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries, type TimelineItem } from '../api/index.ts'
import { civil, clockSecondsText, dateText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Choice, Empty, Failed, Loading } from '../ui/index.ts'

const LATER_MS = 60_000

/** What happened, when it was recorded, through whom. */
export function Timeline({ incident }: { incident: string }) {
  const timeline = useQuery(queries.timeline(incident))
  const [order, setOrder] = useState<'at' | 'recorded_at'>('at')
  if (timeline.isPending) return <Loading rows={8} />
  if (timeline.isError) return <Failed error={timeline.error} onRetry={() => void timeline.refetch()} />
  if (timeline.data.length === 0) return <Empty>{t('timeline.empty')}</Empty>
  const items = [...timeline.data].sort((a, b) => Date.parse(a[order]) - Date.parse(b[order]))
  return (
    <div className="stack">
      <Choice size="s" label={t('timeline.by')} value={order} onChange={setOrder} options={[{ value: 'at', label: t('timeline.by.at') }, { value: 'recorded_at', label: t('timeline.by.recorded_at') }]} />
      <ol className="timeline">
        {items.map((item, index) => {
          const day = dateText(item.at)
          const newDay = index === 0 || civil(items[index - 1]?.at ?? item.at).day !== civil(item.at).day
          return <TimelineRow key={item.seq + item.kind + index} item={item} day={newDay ? day : undefined} />
        })}
      </ol>
    </div>
  )
}

function TimelineRow({ item, day }: { item: TimelineItem; day?: string }) {
  const later = Date.parse(item.recorded_at) - Date.parse(item.at) > LATER_MS
  return (
    <>
      {day && <li className="day">{day}</li>}
      <li data-kind={item.kind.split('.')[0]}>
        <time dateTime={item.at}>{clockSecondsText(item.at)}</time>
        <span className="text">{item.text}{item.drill && <> <Badge tone="drill">{t('drill')}</Badge></>}</span>
        <span className="by muted small">
          {item.on_behalf_of ? t('timeline.told', { who: item.on_behalf_of, through: item.through ? t(`through.${item.through}`) : '', by: item.by ?? '' }) : item.by}
          {later && <em> {t('timeline.recorded', { at: clockSecondsText(item.recorded_at) })}</em>}
        </span>
      </li>
    </>
  )
}
