import { lazy, Suspense } from 'react'
import type { MapViewProps } from './MapView.tsx'

const MapView = lazy(() => import('./MapView.tsx').then((module) => ({ default: module.MapView })))

/** The map, once its code is there: the desks don't wait for it. */
export function LazyMap(props: MapViewProps) {
  return <Suspense fallback={<div className="mapbox" />}><MapView {...props} /></Suspense>
}
