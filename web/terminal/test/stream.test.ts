//! The stream: pieces of any size, resuming, silence.

import { afterEach, describe, expect, it, vi } from 'vitest'
import { FakeNode } from '../dev/node.ts'
import { ME, order } from '../dev/scenes.ts'
import { keepStream, SILENCE_MAX_MS, sseReader, type StreamOptions } from '../src/stream.ts'
import type { Change } from '../src/types.ts'

afterEach(() => void vi.useRealTimers())

describe('reading server-sent events', () => {
  const text = 'event: change\nid: 1.7\ndata: {"a":"石岛"}\n\n: a comment\n\nevent: heartbeat\r\ndata: {}\r\n\r\n'

  it('gives the same events however the bytes were cut', () => {
    for (let cut = 1; cut < text.length; cut += 1) {
      const read = sseReader()
      expect([...read(text.slice(0, cut)), ...read(text.slice(cut))], `cut at ${cut}`).toEqual([
        { event: 'change', id: '1.7', data: '{"a":"石岛"}' },
        { event: 'heartbeat', data: '{}' },
      ])
    }
  })

  it('joins several data lines, and holds back what is not complete', () => {
    const read = sseReader()
    expect(read('data: a\ndata: b')).toEqual([])
    expect(read('\n\n')).toEqual([{ event: 'message', data: 'a\nb' }])
  })
})

function options(open: StreamOptions['open'], more: Partial<StreamOptions> = {}): StreamOptions {
  return { open, since: () => undefined, change: () => {}, heartbeat: () => {}, reset: () => {}, live: () => {}, signedOut: () => {}, ...more }
}

describe('keeping the stream', () => {
  it('resumes after the last event and misses nothing', async () => {
    vi.useFakeTimers()
    const node = new FakeNode(ME)
    const heard: Change[] = []
    const asked: (string | undefined)[] = []
    let line: AbortController | undefined
    const stream = keepStream(
      options(
        (since, signal) => {
          asked.push(since)
          line = new AbortController()
          signal.addEventListener('abort', () => line?.abort())
          return node.fetch('/api/v1/stream', { signal: line.signal, headers: { authorization: `Bearer ${node.token}`, ...(since ? { 'last-event-id': since } : {}) } })
        },
        { since: () => '1.100', change: (change) => heard.push(change) },
      ),
    )
    await vi.advanceTimersByTimeAsync(10)
    node.issue(order('order-0001'))
    await vi.advanceTimersByTimeAsync(10)
    node.faults.noStream = true
    await vi.advanceTimersByTimeAsync(100)
    stream.hurry()
    line?.abort()
    node.issue(order('order-0002')) // while the line is down
    node.faults.noStream = false
    await vi.advanceTimersByTimeAsync(SILENCE_MAX_MS + 20_000)
    node.issue(order('order-0003'))
    await vi.advanceTimersByTimeAsync(100)
    stream.stop()
    expect(heard.map((change) => change.order?.id)).toEqual(['order-0001', 'order-0002', 'order-0003'])
    expect(asked[0]).toBe('1.100')
    expect(asked.length).toBeGreaterThan(1)
    expect(asked[1]).toBe('1.101')
  })

  it('takes 15 s of silence for a broken line, and says that it is not live', async () => {
    vi.useFakeTimers()
    const live: boolean[] = []
    let opened = 0
    const stream = keepStream(
      options(
        async (_, signal) => {
          opened += 1
          return new Response(new ReadableStream({ start: (controller) => signal.addEventListener('abort', () => controller.error(new Error('cut'))) }))
        },
        { live: (is) => live.push(is) },
      ),
    )
    await vi.advanceTimersByTimeAsync(SILENCE_MAX_MS - 500)
    expect(live).toEqual([true])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(live).toEqual([true, false])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(opened).toBe(2)
    stream.stop()
  })

  it('says so when the session has ended', async () => {
    vi.useFakeTimers()
    let out = 0
    const stream = keepStream(options(async () => new Response(null, { status: 401 }), { signedOut: () => (out += 1) }))
    await vi.advanceTimersByTimeAsync(10)
    stream.stop()
    expect(out).toBe(1)
  })
})
