//! Where the phone is (WGS-84, as browsers give it). A position goes along with a step when it is known at that moment: no tap ever waits for it.

import { signal } from '@preact/signals'
import type { Point } from './types.ts'

/** A fix older than this says nothing about now. */
const FRESH_MS = 90_000
/** Coarser than this (a cell tower's guess) it would mislead: it is shown, but not sent with a step. */
export const COARSE_M = 500

export interface Fix {
  point: Point
  accuracy_m: number
  at_ms: number
}

export const fix = signal<Fix | null>(null)
/** Why there is no position; null while all is well or none was asked for. */
export const noFix = signal<'denied' | 'unavailable' | 'insecure' | null>(null)

let watch: number | undefined

/** Follows the phone's position while an order is under way; the browser asks the person the first time. */
export function follow(on: boolean): void {
  if (!on) {
    if (watch !== undefined) navigator.geolocation.clearWatch(watch)
    watch = undefined
    return
  }
  if (watch !== undefined) return
  if (!globalThis.isSecureContext || !navigator.geolocation) {
    noFix.value = 'insecure'
    return
  }
  watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      noFix.value = null
      fix.value = { point: [round(coords.longitude), round(coords.latitude)], accuracy_m: Math.round(coords.accuracy), at_ms: timestamp }
    },
    (error) => (noFix.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable'),
    { enableHighAccuracy: true, maximumAge: 30_000, timeout: 20_000 },
  )
}

/** The position to send with a step, or nothing. */
export function currentPoint(now_ms = Date.now()): Point | undefined {
  const last = fix.value
  return last && now_ms - last.at_ms <= FRESH_MS && last.accuracy_m <= COARSE_M ? last.point : undefined
}

/** Six decimals are a tenth of a metre. */
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
