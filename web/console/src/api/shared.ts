/** One stream for all tabs of one signed-in session: browsers allow six connections to a node, and a desk has many tabs. */
import { SILENCE_LIMIT_MS, type StreamHandlers, type StreamState } from './stream.ts'
import type { Change, Time } from './types.ts'

type Message = { change: Change } | { heartbeat: Time } | { reset: true } | { state: StreamState }
const NAME = 'muster.stream'

/** The tab that holds the lock opens the stream and passes on what it hears; when it closes, the next one takes over. */
export function shareStream(open: (handlers: StreamHandlers) => { close(): void }, handlers: StreamHandlers): { close(): void } {
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined') return open(handlers)
  const channel = new BroadcastChannel(NAME)
  const ended = new AbortController()
  let leading = false
  // Each tab watches the silence for itself: the one that leads may be frozen, and a tab opened later was not told that the stream lives.
  let watchdog: ReturnType<typeof setTimeout> | undefined
  const heard = () => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => handlers.state('stale'), SILENCE_LIMIT_MS)
  }
  heard()
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (leading) return
    deliver(data, handlers)
    if ('state' in data) return
    heard()
    handlers.state('live')
  }
  const pass = (message: Message) => {
    channel.postMessage(message)
    deliver(message, handlers)
  }
  const lead = async () => {
    leading = true
    clearTimeout(watchdog) // from here on the stream has its own
    handlers.reset() // what the former leader heard and this tab did not
    const stream = open({ change: (change) => pass({ change }), heartbeat: (heartbeat) => pass({ heartbeat }), reset: () => pass({ reset: true }), state: (state) => pass({ state }) })
    await new Promise<void>((done) => ended.signal.addEventListener('abort', () => done()))
    stream.close()
  }
  navigator.locks.request(NAME, { signal: ended.signal }, lead).catch(() => { /* the tab was closed while it waited */ })
  return {
    close() {
      clearTimeout(watchdog)
      ended.abort()
      channel.close()
    },
  }
}

function deliver(message: Message, to: StreamHandlers) {
  if ('change' in message) to.change(message.change)
  else if ('heartbeat' in message) to.heartbeat(message.heartbeat)
  else if ('reset' in message) to.reset()
  else to.state(message.state)
}
