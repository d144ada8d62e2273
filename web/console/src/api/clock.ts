/** One clock for the whole page, set by the node's heartbeats: a desk PC that goes wrong must not show wrong countdowns. */
import { useSyncExternalStore } from 'react'

let offset_ms = 0
let second = Math.floor(Date.now() / 1000)
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

export const clock = {
  now: () => Date.now() + offset_ms,
  /** The node's time, as just heard. */
  set(now: string) {
    const heard = Date.parse(now)
    if (Number.isFinite(heard)) offset_ms = heard - Date.now()
  },
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(() => {
    const next = Math.floor(clock.now() / 1000)
    if (next === second) return
    second = next
    listeners.forEach((tick) => tick())
  }, 250)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** The node's time in ms, once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => second) * 1000
}
