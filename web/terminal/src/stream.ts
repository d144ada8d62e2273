//! The live stream: server-sent events read by `fetch`, since an EventSource can't carry a token. It resumes by the last id,
//! and a silence of 15 s (the node sends a heartbeat every 10 s) counts as a broken line.

import type { Change, Time } from './types.ts'

export const SILENCE_MAX_MS = 15_000
const WAIT_FIRST_MS = 1_000
const WAIT_MAX_MS = 15_000

export interface Sse {
  id?: string
  event: string
  data: string
}

/** Takes text as it arrives, in pieces of any size; returns the events that are complete. */
export function sseReader(): (text: string) => Sse[] {
  let rest = ''
  return (text) => {
    rest += text
    const done: Sse[] = []
    for (;;) {
      const end = /\r?\n\r?\n/.exec(rest)
      if (!end) return done
      const block = rest.slice(0, end.index)
      rest = rest.slice(end.index + end[0].length)
      const event: Sse = { event: 'message', data: '' }
      for (const line of block.split(/\r?\n/)) {
        const colon = line.indexOf(':')
        if (colon === 0) continue // a comment
        const field = colon < 0 ? line : line.slice(0, colon)
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
        if (field === 'id') event.id = value
        else if (field === 'event') event.event = value
        else if (field === 'data') event.data += (event.data === '' ? '' : '\n') + value
      }
      if (event.data !== '' || event.id !== undefined) done.push(event)
    }
  }
}

export interface StreamOptions {
  open: (since: string | undefined, signal: AbortSignal) => Promise<Response>
  /** Where to begin when this connection has seen no event yet. */
  since: () => string | undefined
  change: (change: Change) => void
  heartbeat: (now: Time, seq: string) => void
  /** The node began anew, or we are too far behind: what is known must be read again. */
  reset: () => void
  live: (live: boolean) => void
  signedOut: () => void
}

/** Keeps one stream open until stopped. `hurry` tries at once (network back, page in front again). */
export function keepStream(options: StreamOptions): { stop: () => void; hurry: () => void } {
  let stopped = false
  let last: string | undefined
  let current: AbortController | undefined
  let wake: (() => void) | undefined
  let heard_ms = 0

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  function take(event: Sse): void {
    if (event.id !== undefined && event.id !== '') last = event.id
    if (event.event === 'change') options.change(JSON.parse(event.data) as Change)
    else if (event.event === 'heartbeat') {
      const { now, seq } = JSON.parse(event.data) as { now: Time; seq: string }
      options.heartbeat(now, seq)
    } else if (event.event === 'reset') {
      last = undefined
      options.reset()
    }
  }

  async function once(): Promise<void> {
    const stop = (current = new AbortController())
    heard_ms = Date.now()
    const watch = setInterval(() => Date.now() - heard_ms > SILENCE_MAX_MS && stop.abort(), 1_000)
    try {
      const response = await options.open(last ?? options.since(), stop.signal)
      if (response.status === 401) return options.signedOut()
      if (!response.ok || !response.body) return
      options.live(true)
      const read = sseReader()
      const text = new TextDecoder()
      const reader = response.body.getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        heard_ms = Date.now()
        for (const event of read(text.decode(value, { stream: true }))) take(event)
      }
    } catch {
      // The line broke or was silent too long; the loop comes back.
    } finally {
      clearInterval(watch)
      stop.abort()
      options.live(false)
    }
  }

  void (async () => {
    let wait_ms = WAIT_FIRST_MS
    while (!stopped) {
      const began_ms = Date.now()
      await once()
      if (stopped) return
      wait_ms = Date.now() - began_ms > SILENCE_MAX_MS * 2 ? WAIT_FIRST_MS : Math.min(WAIT_MAX_MS, wait_ms * 2)
      await pause(wait_ms * (0.7 + 0.6 * Math.random()))
    }
  })()

  return {
    stop() {
      stopped = true
      current?.abort()
      wake?.()
    },
    hurry() {
      if (Date.now() - heard_ms > SILENCE_MAX_MS) current?.abort()
      wake?.()
    },
  }
}
