import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStream, SILENCE_LIMIT_MS, sseParser, type SseEvent } from '../src/api/stream.ts'
import type { Change } from '../src/api/types.ts'

const change = (seq: string) => `id: ${seq}\nevent: change\ndata: ${JSON.stringify({ seq, at: '2026-11-24T08:03:00+08:00', kind: 'order.issued', ring: null })}\n\n`
const heartbeat = 'event: heartbeat\ndata: {"now":"2026-11-24T08:03:00+08:00","seq":"1.1"}\n\n'

/** A connection whose bytes the test sends by hand. */
function connection() {
  let feed: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({ start(controller) { feed = controller } })
  return { response: new Response(body, { status: 200 }), send: (text: string) => feed?.enqueue(new TextEncoder().encode(text)), end: () => feed?.close() }
}
const settle = async () => { for (let i = 0; i < 20; i++) await Promise.resolve(); await vi.advanceTimersByTimeAsync(1) }

describe('the parser', () => {
  it('puts events together from pieces cut anywhere, whatever the line ends', () => {
    for (const text of [change('1.7') + heartbeat, (change('1.7') + heartbeat).replaceAll('\n', '\r\n')]) {
      for (let cut = 1; cut < text.length; cut++) {
        const got: SseEvent[] = []
        const parse = sseParser((event) => got.push(event))
        parse(text.slice(0, cut))
        parse(text.slice(cut))
        expect(got.map((event) => [event.event, event.id])).toEqual([['change', '1.7'], ['heartbeat', '']])
      }
    }
  })
  it('joins data lines and passes over comments', () => {
    const got: SseEvent[] = []
    sseParser((event) => got.push(event))(': still here\ndata: a\ndata: b\n\n')
    expect(got).toEqual([{ id: '', event: 'message', data: 'a\nb' }])
  })
})

describe('the live stream', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  function start(connections: ReturnType<typeof connection>[]) {
    const headers: (string | null)[] = []
    const seen: string[] = []
    const states: string[] = []
    let resets = 0
    const stream = openStream({
      url: '/stream', headers: () => ({ authorization: 'Bearer t' }),
      fetch: (_input, init) => {
        headers.push(new Headers(init?.headers).get('last-event-id'))
        const next = connections.shift()
        if (!next) return new Promise(() => {})
        init?.signal?.addEventListener('abort', () => { try { next.end() } catch { /* already over */ } })
        return Promise.resolve(next.response)
      },
    }, { change: (one: Change) => void seen.push(one.seq), heartbeat() {}, reset: () => void (resets += 1), state: (state) => void states.push(state) })
    return { stream, headers, seen, states, resets: () => resets }
  }

  it('resumes after the last event it saw', async () => {
    const [first, second] = [connection(), connection()]
    const live = start([first, second])
    await settle()
    first.send(change('1.7') + change('1.8'))
    await settle()
    first.end()
    await vi.advanceTimersByTimeAsync(1_000)
    second.send(change('1.9'))
    await settle()
    expect(live.headers).toEqual([null, '1.8'])
    expect(live.seen).toEqual(['1.7', '1.8', '1.9'])
    expect(live.resets()).toBe(0)
    live.stream.close()
  })

  it('says that the data are old after 15 s of silence, and connects anew', async () => {
    const [first, second] = [connection(), connection()]
    const live = start([first, second])
    await settle()
    first.send(heartbeat)
    await settle()
    expect(live.states).toEqual(['connecting', 'live'])
    await vi.advanceTimersByTimeAsync(SILENCE_LIMIT_MS - 100)
    expect(live.states.at(-1)).toBe('live')
    await vi.advanceTimersByTimeAsync(200)
    expect(live.states.at(-1)).toBe('stale')
    await vi.advanceTimersByTimeAsync(1_000)
    second.send(heartbeat)
    await settle()
    expect(live.states.at(-1)).toBe('live')
    expect(live.resets()).toBe(1) // nothing to resume from, so everything is read anew
    live.stream.close()
  })

  it('reads everything anew when the node starts a new epoch', async () => {
    const [first, second] = [connection(), connection()]
    const live = start([first, second])
    await settle()
    first.send(`${change('1.7')}event: reset\ndata: {"why":"epoch"}\n\n`)
    await settle()
    expect(live.resets()).toBe(1)
    first.end()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(live.headers).toEqual([null, null])
    live.stream.close()
  })
})
