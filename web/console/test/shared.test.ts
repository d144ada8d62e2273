import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shareStream } from '../src/api/shared.ts'
import { SILENCE_LIMIT_MS, type StreamHandlers } from '../src/api/stream.ts'

/** All tabs of one browser: whoever says something is heard by the others. */
class Channel {
  static all: Channel[] = []
  onmessage: ((event: { data: unknown }) => void) | null = null
  constructor() { Channel.all.push(this) }
  postMessage(data: unknown) { for (const other of Channel.all) if (other !== this) other.onmessage?.({ data }) }
  close() { Channel.all = Channel.all.filter((one) => one !== this) }
}

describe('one stream for all tabs', () => {
  let leads = 0
  beforeEach(() => {
    vi.useFakeTimers()
    leads = 0
    Channel.all = []
    vi.stubGlobal('BroadcastChannel', Channel)
    Object.defineProperty(navigator, 'locks', { configurable: true, value: { request: (_name: string, _options: unknown, lead: () => Promise<void>) => ((leads += 1) === 1 ? lead() : new Promise(() => {})) } })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    Reflect.deleteProperty(navigator, 'locks')
  })

  it('is live in a tab opened later from the next heartbeat on, and old there after 15 s of silence', () => {
    let stream: StreamHandlers | undefined
    const tab = () => {
      const states: string[] = []
      const shared = shareStream((handlers) => { stream = handlers; return { close() {} } }, { change() {}, heartbeat() {}, reset() {}, state: (state) => void states.push(state) })
      return { states, close: () => shared.close() }
    }
    const first = tab()
    stream?.state('live')
    const second = tab()
    expect(second.states).toEqual([])
    stream?.heartbeat('2026-11-24T08:03:00+08:00')
    expect(second.states.at(-1)).toBe('live')
    vi.advanceTimersByTime(SILENCE_LIMIT_MS - 1)
    expect(second.states.at(-1)).toBe('live')
    vi.advanceTimersByTime(1) // the tab that leads is frozen: it says nothing, not even that nothing came
    expect(second.states.at(-1)).toBe('stale')
    expect(first.states).toEqual(['live'])
    second.close()
    first.close()
  })
})
