//! The node's time on the phone. A phone's own clock may be wrong by minutes, and the node judges lateness by
//! `occurred_at`: so times are stamped by the node's clock as last heard, in the jurisdiction's offset.

import type { Time } from './types.ts'

const CHINA_OFFSET_MIN = 8 * 60
const MINUTE_MS = 60_000

let ahead_ms = 0
let offset_min = CHINA_OFFSET_MIN

/** Milliseconds since 1970 by the node's clock, as far as it is known. */
export const nowMs = (): number => Date.now() + ahead_ms

/** What is known of the node's clock, to be kept over a restart without network. */
export const clock = (): { ahead_ms: number; offset_min: number } => ({ ahead_ms, offset_min })

/** Takes up a clock that was kept. */
export function setClock(kept: { ahead_ms: number; offset_min: number }): void {
  ahead_ms = kept.ahead_ms
  offset_min = kept.offset_min
}

/** The node told its time just now. */
export function heardTime(now: Time): void {
  const at = Date.parse(now)
  if (Number.isNaN(at)) return
  ahead_ms = at - Date.now()
  const offset = /([+-])(\d\d):(\d\d)$/.exec(now)
  if (offset) offset_min = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]))
  // A time in UTC (`Z`) says nothing about the jurisdiction's offset.
}

/** Milliseconds → RFC 3339 in the jurisdiction's offset. */
export function stamp(ms: number): Time {
  const local = new Date(ms + offset_min * MINUTE_MS).toISOString().slice(0, 23)
  const size = Math.abs(offset_min)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${local}${offset_min < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** `14:03`, or `11-23 14:03` when it is not today. */
export function clockTime(time: Time | number, seconds = false): string {
  const ms = typeof time === 'number' ? time : Date.parse(time)
  if (Number.isNaN(ms)) return ''
  const text = stamp(ms)
  const hm = text.slice(11, seconds ? 19 : 16)
  return text.slice(0, 10) === stamp(nowMs()).slice(0, 10) ? hm : `${text.slice(5, 10)} ${hm}`
}

/** `02:45`, `1:02:45`; never negative. */
export function span(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const h = Math.floor(s / 3600)
  return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`
}

/** Is `a` an older place in the journal than `b`? Other epochs cannot be compared: then no. */
export function olderSeq(a: string, b: string): boolean {
  const [epochA, nA] = a.split('.')
  const [epochB, nB] = b.split('.')
  return epochA === epochB && Number(nA) < Number(nB)
}

/** `14:03` in the jurisdiction's time: the last time the clock showed it (today, else yesterday). */
export function timeToday(text: string, now_ms = nowMs()): number | null {
  if (!/^\d\d:\d\d$/.test(text)) return null
  const today = stamp(now_ms)
  const ms = Date.parse(`${today.slice(0, 10)}T${text}:00${today.slice(23)}`)
  if (Number.isNaN(ms)) return null
  return ms <= now_ms ? ms : ms - 24 * 3_600_000
}
