import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useActs } from '../acts/index.ts'
import { queries, useNow, type IncidentFile, type IncidentSummary, type Point } from '../api/index.ts'
import { positionIsOld, STEP_TONE } from '../dispatch/index.ts'
import { shortName, STATUS_TONE } from '../incident/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { LazyMap, type MapMark } from '../map/index.ts'

/** Only where the jurisdiction has not said where it is. */
const CENTRE: Point = [122.43, 37.12]

export function IncidentMap(props: { incidents: Pick<IncidentSummary, 'id' | 'number' | 'place' | 'status' | 'hazard'>[]; file?: IncidentFile; focus?: Point; pointed?: Point; onPoint?: (point: Point) => void; onIncident?: (id: string) => void }) {
  const forces = useQuery(queries.forces())
  const notes = useQuery(queries.mapNotes())
  const reference = useQuery(queries.reference())
  const now = useNow()
  const { me } = useActs()
  const { incidents, file, pointed, onIncident } = props
  const stale_s = reference.data?.limits.position_stale_s ?? Number.POSITIVE_INFINITY
  // The marks are made anew when a position grows old, not with every second.
  const old = (file?.orders ?? []).filter((order) => positionIsOld(order, stale_s, now)).map((order) => `${order.id} ${timeText(order.position_at, now)}`).join('|')
  const marks = useMemo<MapMark[]>(() => [
    ...incidents.flatMap((one): MapMark[] => (one.place.point ? [{
      id: one.id, point: one.place.point, kind: 'incident', text: one.hazard ? shortName(one.hazard.name) : '?', tone: STATUS_TONE[one.status], selected: one.id === file?.id,
      title: `${one.number} ${one.place.text}`, onPress: () => onIncident?.(one.id),
    }] : [])),
    ...(file?.orders ?? []).flatMap((order): MapMark[] => {
      const at = order.position ?? order.force?.point
      if (!at || ['returned', 'cancelled', 'declined'].includes(order.step)) return []
      const name = order.force?.call_sign || order.force_ref.name.slice(0, 3)
      const since = old.split('|').find((one) => one.startsWith(`${order.id} `))?.slice(order.id.length + 1)
      const title = `${order.force_ref.name} ${t(`order.step.${order.step}`)}${since ? ` ${t('map.position_old', { at: since })}` : ''}`
      return [{ id: order.id, point: at, kind: 'ordered', text: since ? t('map.position_old.mark', { name }) : name, tone: since ? 'past' : STEP_TONE[order.step], title }]
    }),
    ...(pointed ? [{ id: 'pointed', point: pointed, kind: 'pointed' as const, text: '', title: t('place.pointed') }] : []),
  ], [incidents, file, pointed, onIncident, old])
  const quiet = useMemo(() => (forces.data ?? []).flatMap((force) => (force.point ? [{ id: force.id, point: force.point, name: force.name }] : [])), [forces.data])
  return (
    <LazyMap
      marks={marks} quiet={quiet} centre={CENTRE} focus={pointed ?? props.focus ?? file?.place.point ?? undefined} onPoint={props.onPoint} label={t('map.of', { place: me.jurisdiction.name })}
      notice={notes.data?.approximate ?? t('map.approximate')} attribution={notes.data?.attribution ?? ''} unsupported={t('map.unsupported')}
    />
  )
}
