import type { Point } from '../api/index.ts'

const EARTH_RADIUS_M = 6_371_008

/** Great-circle distance, metres: for ordering a list on the screen; what decides is computed by the node. */
export function distanceM(a: Point, b: Point): number {
  const rad = Math.PI / 180
  const h = Math.sin(((b[1] - a[1]) * rad) / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(h))
}
