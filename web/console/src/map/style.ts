/** The base map: the node's own GeoJSON, drawn without tiles, glyph server or network. */
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl'

export interface MapPalette { sea: string; land: string; line: string; road: string; label: string }

export function mapStyle(palette: MapPalette, base = '/map'): StyleSpecification {
  const source = (name: string) => ({ type: 'geojson' as const, data: `${base}/${name}.geojson` })
  const rank: ExpressionSpecification = ['coalesce', ['get', 'rank'], 3]
  return {
    version: 8,
    sources: { land: source('land'), towns: source('towns'), county: source('county'), roads: source('roads'), labels: source('labels') },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': palette.sea } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land, 'fill-antialias': true } },
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': palette.line, 'line-width': 0.8 } },
      { id: 'roads', type: 'line', source: 'roads', layout: { 'line-cap': 'round' }, paint: { 'line-color': palette.road, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1, 12, 2.6, 15, 6] } },
      // Boundaries here are approximations (示意): dashed, so that nobody takes them for surveyed lines.
      { id: 'towns', type: 'line', source: 'towns', paint: { 'line-color': palette.line, 'line-width': 0.8, 'line-dasharray': [3, 3] } },
      { id: 'county', type: 'line', source: 'county', paint: { 'line-color': palette.label, 'line-width': 1.2, 'line-opacity': 0.55, 'line-dasharray': [5, 3, 1, 3] } },
      {
        id: 'labels', type: 'symbol', source: 'labels',
        layout: { 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-size': ['interpolate', ['linear'], rank, 1, 13, 5, 11], 'symbol-sort-key': rank, 'text-padding': 6 },
        paint: { 'text-color': palette.label, 'text-halo-color': palette.land, 'text-halo-width': 1.4 },
      },
    ],
  }
}

export function paletteOf(element: Element): MapPalette {
  const css = getComputedStyle(element)
  const value = (name: string) => css.getPropertyValue(`--map-${name}`).trim()
  return { sea: value('sea') || '#dce8f0', land: value('land') || '#f7f5ef', line: value('line') || '#c6bfae', road: value('road') || '#d9cfb8', label: value('label') || '#5d5a50' }
}
