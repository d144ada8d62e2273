import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createInvalidator, INVALIDATE_AFTER_MS } from '../src/api/queries.ts'
import type { Change } from '../src/api/types.ts'

const change = (kind: string, incident: string | null = 'i1') => ({ seq: '1.1', at: '2026-11-24T08:03:00+08:00', kind, incident, ring: null }) as unknown as Change
const KEYS = [['desk'], ['incidents', true], ['orders'], ['incident', 'i1'], ['incident', 'i1', 'notifications'], ['incident', 'i2'], ['channels'], ['contacts', 'force', 'f1']]

describe('what a change makes old', () => {
  let cache: QueryClient
  beforeEach(() => {
    vi.useFakeTimers()
    cache = new QueryClient()
    for (const key of KEYS) cache.setQueryData(key, {})
  })
  afterEach(() => { vi.useRealTimers() })

  async function old(...changes: Change[]) {
    const invalidator = createInvalidator(cache)
    for (const each of changes) invalidator.changed(each)
    await vi.advanceTimersByTimeAsync(INVALIDATE_AFTER_MS + 1)
    return cache.getQueryCache().getAll().filter((query) => query.state.isInvalidated).map((query) => query.queryKey.join('/'))
  }

  it('is the whole of an incident and the desks when an order changes', async () => {
    expect(await old(change('order.acknowledged'))).toEqual(['desk', 'incidents/true', 'orders', 'incident/i1', 'incident/i1/notifications'])
  })
  it('is nothing but what was told when messages fare: a big fan-out does not make every desk read anew', async () => {
    const fares = ['message.queued', 'message.attempted', 'message.handed_over', 'message.delivered']
    expect(await old(...Array.from({ length: 300 }, (_, at) => change(fares[at % 4] ?? '')))).toEqual(['incident/i1/notifications'])
    expect(await old(change('message.failed'), change('notification.exhausted'))).toEqual(['incident/i1/notifications', 'channels'])
  })
  it('is no desk when a browser signs out or an answer belongs to nothing', async () => {
    expect(await old(change('push.unsubscribed', null))).toEqual([])
    expect(await old(change('answer.unmatched', null))).toEqual(['channels'])
  })
})
