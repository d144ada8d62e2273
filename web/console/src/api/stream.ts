/**
 * The live stream: server-sent events over fetch, so that it can carry the tab's token.
 * Resumes after the last event it saw; says when the node has been silent for too long.
 */
import type { Change, Time } from './types.ts'

export interface StreamHandlers {
  change(change: Change): void
  /** The node's clock, and that it lives. */
  heartbeat(now: Time): void
  /** What was seen so far can't be continued: read everything anew. */
  reset(): void
  state(state: StreamState): void
}
/** `stale`: nothing was heard for `SILENCE_LIMIT_MS`; what is on the screen is as of the last heartbeat. */
export type StreamState = 'connecting' | 'live' | 'stale'

/** Heartbeats come every 10 s; one missed and a half is silence. */
export const SILENCE_LIMIT_MS = 15_000
const RECONNECT_MIN_MS = 500
const RECONNECT_MAX_MS = 5_000

export interface StreamOptions {
  url: string
  headers: () => Record<string, string>
  fetch?: typeof fetch
  onUnauthorised?: () => void
}

export function openStream(options: StreamOptions, handlers: StreamHandlers): { close(): void } {
  const send = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init))
  let lastId: string | null = null
  let closed = false
  let abort = new AbortController()
  let pause_ms = RECONNECT_MIN_MS
  let watchdog: ReturnType<typeof setTimeout> | undefined
  let state: StreamState | undefined
  let missedSome = false

  const tell = (next: StreamState) => {
    if (state !== next) handlers.state((state = next))
  }
  const heard = () => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => {
      tell('stale')
      abort.abort() // a half-dead connection is given up, the loop makes a new one
    }, SILENCE_LIMIT_MS)
  }
  const take = (event: SseEvent) => {
    heard()
    if (event.id) lastId = event.id
    if (event.event === 'change') handlers.change(JSON.parse(event.data) as Change)
    else if (event.event === 'heartbeat') handlers.heartbeat((JSON.parse(event.data) as { now: Time }).now)
    else if (event.event === 'reset') {
      lastId = null
      handlers.reset()
    }
    tell('live')
  }

  async function connect() {
    abort = new AbortController()
    const headers: Record<string, string> = { accept: 'text/event-stream', ...options.headers() }
    if (lastId) headers['last-event-id'] = lastId
    const response = await send(options.url, { headers, signal: abort.signal, credentials: 'same-origin', cache: 'no-store' })
    if (response.status === 401) {
      closed = true
      options.onUnauthorised?.()
      return
    }
    if (!response.ok || !response.body) throw new Error(`stream answered ${response.status}`)
    pause_ms = RECONNECT_MIN_MS
    heard()
    if (missedSome && !lastId) handlers.reset() // nothing to resume from: what happened meanwhile must be read
    missedSome = false
    const parse = sseParser(take)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parse(value)
    }
  }

  async function run() {
    tell('connecting')
    heard()
    while (!closed) {
      try {
        await connect()
      } catch { /* told by the watchdog when it lasts; the next turn tries again */ }
      if (closed) return
      missedSome = true
      await new Promise((done) => setTimeout(done, pause_ms * (0.75 + Math.random() / 2)))
      pause_ms = Math.min(pause_ms * 2, RECONNECT_MAX_MS)
    }
  }
  void run()

  return {
    close() {
      closed = true
      clearTimeout(watchdog)
      abort.abort()
    },
  }
}

export interface SseEvent { id: string; event: string; data: string }

/** Feeds pieces of the text as they come; calls back for each whole event. */
export function sseParser(take: (event: SseEvent) => void): (piece: string) => void {
  let rest = ''
  let id = ''
  let event = ''
  let data: string[] = []
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) take({ id, event: event || 'message', data: data.join('\n') })
      event = ''
      data = []
      id = ''
      return
    }
    if (text.startsWith(':')) return
    const colon = text.indexOf(':')
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id') id = value
  }
  return (piece) => {
    rest += piece
    for (;;) {
      const end = rest.search(/\r\n|\n|\r(?!$)/)
      if (end < 0) return
      const width = rest.startsWith('\r\n', end) ? 2 : 1
      line(rest.slice(0, end))
      rest = rest.slice(end + width)
    }
  }
}
