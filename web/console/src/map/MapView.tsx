/** A map with marks on it; pressing it gives a place. Knows no domain: what the marks mean is said by who gives them. */
import * as maplibregl from 'maplibre-gl'
import type { GeoJSONSource, Map as LibreMap } from 'maplibre-gl'
import type { FeatureCollection } from 'geojson'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { useEffect, useRef, useState } from 'react'
import { mapStyle, paletteOf } from './style.ts'

maplibregl.setWorkerUrl(workerUrl)

export interface MapMark {
  id: string; point: [number, number]; text: string; kind: 'incident' | 'force' | 'ordered' | 'assembly' | 'pointed'
  tone?: string; selected?: boolean; title?: string; onPress?: () => void
}
export interface MapViewProps {
  marks: MapMark[]; centre: [number, number]; zoom?: number; label: string; onPoint?: (point: [number, number]) => void
  /** Seen whole when it changes. */
  focus?: [number, number]
  /** Forces that are only there: drawn as small points in one layer, not as marks. */
  quiet?: { id: string; point: [number, number]; name: string }[]
  notice: string; attribution: string; unsupported: string
}

export function MapView(props: MapViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<LibreMap>()
  const [failed, setFailed] = useState(false)
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    if (!box.current) return
    let made: LibreMap
    try {
      made = new maplibregl.Map({
        container: box.current, style: mapStyle(paletteOf(box.current)), center: latest.current.focus ?? latest.current.centre, zoom: latest.current.zoom ?? 9.4, attributionControl: false,
        dragRotate: false, pitchWithRotate: false, maxZoom: 17, minZoom: 7, localIdeographFontFamily: getComputedStyle(box.current).fontFamily,
      })
    } catch {
      setFailed(true) // no WebGL on this machine: the words beside the map say the same
      return
    }
    made.addControl(new maplibregl.NavigationControl({ showCompass: false }), 'top-right')
    made.addControl(new maplibregl.ScaleControl({ unit: 'metric' }), 'bottom-left')
    made.touchZoomRotate.disableRotation()
    made.on('click', (event) => latest.current.onPoint?.([round(event.lngLat.lng), round(event.lngLat.lat)]))
    made.on('load', () => {
      made.addSource('quiet', { type: 'geojson', data: quietData(latest.current.quiet ?? []) })
      made.addLayer({ id: 'quiet', type: 'circle', source: 'quiet', paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 2.2, 13, 5], 'circle-color': '#5d7388', 'circle-stroke-color': '#fff', 'circle-stroke-width': 1, 'circle-opacity': 0.85 } })
      const tip = new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 8 })
      made.on('mousemove', 'quiet', (event) => {
        const feature = event.features?.[0]
        if (feature) tip.setLngLat(event.lngLat).setText(String(feature.properties.name)).addTo(made)
      })
      made.on('mouseleave', 'quiet', () => tip.remove())
    })
    const resized = new ResizeObserver(() => made.resize())
    resized.observe(box.current)
    setMap(made)
    return () => {
      resized.disconnect()
      made.remove()
    }
  }, [])

  const quiet = props.quiet
  useEffect(() => { void map?.getSource<GeoJSONSource>('quiet')?.setData(quietData(quiet ?? [])) }, [map, quiet])
  const focus = props.focus
  const focusKey = focus?.join()
  useEffect(() => { if (map && focus) map.easeTo({ center: focus, zoom: Math.max(map.getZoom(), 11), duration: 500 }) }, [map, focusKey]) // eslint-disable-line react-hooks/exhaustive-deps -- by value
  const incidents = props.marks.filter((mark) => mark.kind === 'incident').map((mark) => mark.point)
  const incidentsKey = incidents.join(';')
  useEffect(() => {
    if (!map || focus || incidents.length === 0) return
    const bounds = incidents.reduce((all, point) => all.extend(point), new maplibregl.LngLatBounds(incidents[0], incidents[0]))
    map.fitBounds(bounds, { padding: 90, maxZoom: 11.5, duration: 500 })
  }, [map, focusKey, incidentsKey]) // eslint-disable-line react-hooks/exhaustive-deps -- by value
  useMarks(map, props.marks)

  if (failed) return <div className="mapbox face">{props.unsupported}</div>
  return (
    <div className="mapbox" data-pointing={props.onPoint ? true : undefined}>
      <div ref={box} className="mapcanvas" role="region" aria-label={props.label} />
      <span className="mapnotice">{props.notice}</span>
      <span className="mapattribution">{props.attribution}</span>
    </div>
  )
}

function useMarks(map: LibreMap | undefined, marks: MapMark[]) {
  const shown = useRef(new Map<string, { marker: maplibregl.Marker; element: HTMLButtonElement }>())
  useEffect(() => {
    if (!map) return
    const wanted = new Set(marks.map((mark) => mark.id))
    for (const [id, one] of shown.current) {
      if (wanted.has(id)) continue
      one.marker.remove()
      shown.current.delete(id)
    }
    for (const mark of marks) {
      let one = shown.current.get(mark.id)
      if (!one) {
        const element = document.createElement('button')
        element.type = 'button'
        one = { element, marker: new maplibregl.Marker({ element, anchor: mark.kind === 'incident' ? 'bottom' : 'center' }).setLngLat(mark.point).addTo(map) }
        shown.current.set(mark.id, one)
      }
      one.element.classList.add('mapmark') // beside the map library's own class, which places it
      one.element.dataset.kind = mark.kind
      one.element.dataset.tone = mark.tone ?? ''
      one.element.dataset.selected = String(!!mark.selected)
      one.element.textContent = mark.text
      one.element.title = mark.title ?? mark.text
      one.element.onclick = (event) => {
        event.stopPropagation()
        mark.onPress?.()
      }
      one.marker.setLngLat(mark.point)
    }
  }, [map, marks])
  useEffect(() => () => { shown.current.forEach((one) => one.marker.remove()); shown.current.clear() }, [map])
}

function quietData(points: NonNullable<MapViewProps['quiet']>): FeatureCollection {
  return { type: 'FeatureCollection', features: points.map((one) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: one.point }, properties: { id: one.id, name: one.name } })) }
}
/** About a tenth of a metre. */
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6
