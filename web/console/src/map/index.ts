export { mapStyle } from './style.ts'
export type { MapMark, MapViewProps } from './MapView.tsx'
export { LazyMap } from './LazyMap.tsx'
