import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useActs } from '../acts/index.ts'
import { queries, type IncidentFile, type IncidentSummary, type Point } from '../api/index.ts'
import { STEP_TONE } from '../dispatch/index.ts'
import { shortName, STATUS_TONE } from '../incident/index.ts'
import { t } from '../locales/index.ts'
import { LazyMap, type MapMark } from '../map/index.ts'

/** Only where the jurisdiction has not said where it is. */
const CENTRE: Point = [122.43, 37.12]

export function IncidentMap(props: { incidents: Pick<IncidentSummary, 'id' | 'number' | 'place' | 'status' | 'hazard'>[]; file?: IncidentFile; focus?: Point; pointed?: Point; onPoint?: (point: Point) => void; onIncident?: (id: string) => void }) {
  const forces = useQuery(queries.forces())
  const notes = useQuery(queries.mapNotes())
  const { me } = useActs()
  const { incidents, file, pointed, onIncident } = props
  const marks = useMemo<MapMark[]>(() => [
    ...incidents.flatMap((one): MapMark[] => (one.place.point ? [{
      id: one.id, point: one.place.point, kind: 'incident', text: one.hazard ? shortName(one.hazard.name) : '?', tone: STATUS_TONE[one.status], selected: one.id === file?.id,
      title: `${one.number} ${one.place.text}`, onPress: () => onIncident?.(one.id),
    }] : [])),
    ...(file?.orders ?? []).flatMap((order): MapMark[] => {
      const at = order.position ?? order.force?.point
      return at && !['returned', 'cancelled', 'declined'].includes(order.step) ? [{ id: order.id, point: at, kind: 'ordered', text: order.force?.call_sign || order.force_ref.name.slice(0, 3), tone: STEP_TONE[order.step], title: `${order.force_ref.name} ${t(`order.step.${order.step}`)}` }] : []
    }),
    ...(pointed ? [{ id: 'pointed', point: pointed, kind: 'pointed' as const, text: '', title: t('place.pointed') }] : []),
  ], [incidents, file, pointed, onIncident])
  const quiet = useMemo(() => (forces.data ?? []).flatMap((force) => (force.point ? [{ id: force.id, point: force.point, name: force.name }] : [])), [forces.data])
  return (
    <LazyMap
      marks={marks} quiet={quiet} centre={CENTRE} focus={pointed ?? props.focus ?? file?.place.point ?? undefined} onPoint={props.onPoint} label={t('map.of', { place: me.jurisdiction.name })}
      notice={notes.data?.approximate ?? t('map.approximate')} attribution={notes.data?.attribution ?? ''} unsupported={t('map.unsupported')}
    />
  )
}
