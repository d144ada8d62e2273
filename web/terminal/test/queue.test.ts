//! The outbox on bad days: lost answers, crashes, a busy node, two tabs, late taps. A tap takes effect once, in its order, or is refused in words.

import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeNode } from '../dev/node.ts'
import { ME, order, secondOrder, taken } from '../dev/scenes.ts'
import { httpApi } from '../src/api.ts'
import { Outbox, RETRY_MAX_MS, type NewAct, type Queued } from '../src/queue.ts'
import { memoryStore, openStore, type Store } from '../src/store.ts'
import { stamp } from '../src/time.ts'
import type { ActName } from '../src/types.ts'

let phones = 0
let node: FakeNode
let store: Store
let acts: Queued[]
let timers: { ms: number; then: () => void }[]
let keys: number

beforeEach(async () => {
  node = new FakeNode(ME)
  node.orders = [order('order-0031'), secondOrder('order-0044')]
  store = await openStore(`phone-${(phones += 1)}`)
  acts = []
  timers = []
  keys = 0
})
afterEach(() => void vi.restoreAllMocks())

/** Opens the page: what the phone has kept is taken up again. */
function open(on: Store = store, more: Partial<ConstructorParameters<typeof Outbox>[0]> = {}): Outbox {
  const carrier = httpApi(() => 'token-1', () => 'zh-CN', node.fetch as typeof fetch)
  return new Outbox({ store: on, carrier, changed: (list) => (acts = list), random: () => 0.5, after: (ms, then) => timers.push({ ms, then }), ...more })
}

function tap(act: ActName, verb: string, body: Record<string, unknown> = {}, more: Partial<NewAct> = {}) {
  const occurred_at = more.occurred_at ?? stamp(Date.now())
  keys += 1
  return {
    key: `key-${keys}`, lane: 'order-0031', incident: 'incident-1', act, path: `/orders/order-0031/${verb}`,
    body: more.automatic ? {} : { ...body, occurred_at }, occurred_at, automatic: false, about: { incident_number: '7', drill: false }, ...more,
  }
}

/** Waits for what happens by itself. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !holds(); i += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(holds()).toBe(true)
}
const quiet = async (): Promise<void> => {
  for (let i = 0; i < 60; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
/** The clock goes on, and the retry timer rings. */
async function later(ms: number): Promise<void> {
  await until(() => timers.length > 0)
  const from = Date.now()
  vi.restoreAllMocks()
  vi.spyOn(Date, 'now').mockReturnValue(from + ms)
  for (const timer of timers.splice(0)) timer.then()
  await quiet()
}
const waiting = () => acts.filter((act) => act.state === 'waiting')
const effects = () => node.done.map(({ path }) => path.split('/').at(-1))
const photo = (id: string) => ({ id, bytes: new Uint8Array([1, 2, 3]).buffer })

for (const kind of ['the phone’s database', 'memory'] as const) {
  describe(`the outbox over ${kind}`, () => {
    beforeEach(() => {
      if (kind === 'memory') store = memoryStore()
    })

    it('keeps a tap made without a network, also when the page is closed at once, and sends it once', async () => {
      node.faults.cut = true
      await open().add(tap('acknowledge_order', 'acknowledge', { strength: 9 }))
      expect(await store.all()).toHaveLength(1)
      node.faults.cut = false
      await open().hurry()
      expect(effects()).toEqual(['acknowledge'])
      expect(node.done[0]?.body).toMatchObject({ strength: 9 })
    })

    it('sends the same key and the same bytes again when the answer was lost and the page crashed', async () => {
      node.faults.loseAnswers = 1
      await open().add(tap('acknowledge_order', 'acknowledge', { strength: 9 }))
      await until(() => waiting()[0]?.tries === 1)
      expect(effects()).toEqual(['acknowledge']) // the node did it; the phone doesn't know
      await open().hurry()
      expect(node.seen).toHaveLength(2)
      expect(node.seen[1]).toEqual(node.seen[0])
      expect(effects()).toEqual(['acknowledge'])
      expect(acts.map(({ state }) => state)).toEqual(['sent'])
    })

    it('keeps the order of the taps of one order', async () => {
      node.faults.cut = true
      const box = open()
      await box.add(tap('acknowledge_order', 'acknowledge'))
      await box.add(tap('depart_order', 'depart'))
      await box.add(tap('arrive_order', 'arrive'))
      await until(() => (waiting()[0]?.tries ?? 0) > 0)
      node.faults.cut = false
      await box.hurry()
      expect(effects()).toEqual(['acknowledge', 'depart', 'arrive'])
    })

    it('lets no later step overtake one that the node was too busy for', async () => {
      node.faults.busy = 1
      const box = open()
      await Promise.all([box.add(tap('acknowledge_order', 'acknowledge')), box.add(tap('depart_order', 'depart'))])
      await quiet()
      expect(effects()).toEqual([])
      await later(1_100)
      await until(() => waiting().length === 0)
      expect(effects()).toEqual(['acknowledge', 'depart'])
    })

    it('sends a report with photos as soon as the steps before it have arrived', async () => {
      node.faults.cut = true
      const box = open()
      await box.add(tap('acknowledge_order', 'acknowledge'))
      await box.add(tap('report_progress', 'progress', { text: '路上' }), [photo('photo-e')])
      await until(() => (waiting()[0]?.tries ?? 0) > 0)
      node.faults.cut = false
      await box.hurry()
      await until(() => node.done.length === 2)
      expect(effects()).toEqual(['acknowledge', 'progress'])
    })

    it('sends the photos of a report before the report, each once', async () => {
      node.orders = [taken(order('order-0031'), 'received', 'acknowledged')]
      node.faults.loseAnswers = 1 // of the first picture
      const box = open()
      await box.add(tap('report_progress', 'progress', { text: '火势已控制' }), [photo('photo-a'), photo('photo-b')])
      await until(() => waiting()[0]?.tries === 1)
      await later(1_100)
      await until(() => waiting().length === 0)
      expect(node.files.size).toBe(2)
      expect(node.done[0]?.body).toMatchObject({ text: '火势已控制', files: ['file-1', 'file-2'] })
    })
  })
}

describe('the outbox', () => {
  it('carries the time of the tap, or the time typed in later, not the time of sending', async () => {
    node.faults.cut = true
    const box = open()
    const typed = stamp(Date.now() - 15 * 60_000)
    await box.add(tap('depart_order', 'depart', {}, { occurred_at: typed }))
    await quiet()
    node.faults.cut = false
    await later(3_600_000)
    await box.hurry()
    expect(node.done[0]?.body['occurred_at']).toBe(typed)
  })

  it('shows a refusal with the node’s words, takes it out of the way, and sends what follows', async () => {
    const box = open()
    node.faults.refuse = true
    await box.add(tap('arrive_order', 'arrive'))
    await until(() => acts[0]?.state === 'refused')
    expect(acts[0]?.refusal).toMatchObject({ code: 'order_cancelled', detail: '指令已由调度取消，不能再登记到场', clause: '4.1.4' })
    await box.add(tap('report_progress', 'progress', { text: '已到' }))
    await until(() => node.done.length === 1)
    await box.send()
    expect(node.seen.filter(({ path }) => path.endsWith('/arrive'))).toHaveLength(1) // never again by itself
    await box.dismiss(acts.find(({ state }) => state === 'refused')?.n ?? 0)
    expect(acts.some(({ state }) => state === 'refused')).toBe(false)
  })

  it('shows which field was wrong when the form of an act is refused', async () => {
    await open().add(tap('acknowledge_order', 'acknowledge', { strenght: 9 }))
    await until(() => acts[0]?.state === 'refused')
    expect(acts[0]?.refusal?.errors).toEqual([{ pointer: '/strenght', detail: '没有 strenght 这个字段' }])
  })

  it('has one effect when two tabs send the same outbox at the same time', async () => {
    node.faults.cut = true
    await open().add(tap('acknowledge_order', 'acknowledge'))
    await quiet()
    node.faults.cut = false
    await Promise.all([open().hurry(), open().hurry()])
    expect(effects()).toEqual(['acknowledge'])
  })

  it('does not hold up one incident for another', async () => {
    node.faults.busy = 1
    const box = open()
    await box.add(tap('acknowledge_order', 'acknowledge'))
    await box.add(tap('acknowledge_order', 'acknowledge', {}, { lane: 'order-0044', path: '/orders/order-0044/acknowledge' }))
    await until(() => node.done.length === 1)
    expect(node.done[0]?.path).toBe('/orders/order-0044/acknowledge')
  })

  it('lets steps overtake a report with photos, and lets coming home wait for it', async () => {
    node.orders = [taken(order('order-0031'), 'received', 'acknowledged')]
    node.faults.cut = true
    const box = open()
    await box.add(tap('report_progress', 'progress', { text: '路上' }), [photo('photo-c')])
    await box.add(tap('depart_order', 'depart'))
    await box.add(tap('return_order', 'return', { worked_min: 30, consumables: [] }))
    await quiet()
    let release = () => {}
    const carrier = httpApi(() => 'token-1', () => 'zh-CN', node.fetch as typeof fetch)
    const gate = new Promise<void>((resolve) => (release = resolve))
    const slow = open(store, { carrier: { ...carrier, photo: async (...a) => gate.then(() => carrier.photo(...a)) } })
    node.faults.cut = false
    const sending = slow.hurry()
    await until(() => node.done.length === 1)
    await quiet()
    expect(effects()).toEqual(['depart'])
    release()
    await sending
    await until(() => node.done.length === 3)
    expect(effects()).toEqual(['depart', 'progress', 'return'])
  })

  it('sends a report without the photo that the node refused, and says so', async () => {
    node.orders = [taken(order('order-0031'), 'received', 'acknowledged')]
    node.faults.noPhotos = true
    await open().add(tap('report_progress', 'progress', { text: '火势已控制' }), [photo('photo-d')])
    await until(() => node.done.length === 1)
    expect(node.done[0]?.body).toMatchObject({ files: [] })
    await until(() => acts[0]?.state === 'sent')
    expect(acts[0]?.photos[0]?.refused?.detail).toBe('图片太大')
  })

  it('reports once that an order was shown, and tells nobody when that is no longer wanted', async () => {
    const box = open()
    const receipt = tap('receive_order', 'receive', {}, { automatic: true, key: 'receive-order-0031' })
    node.orders = [taken(order('order-0031'), 'received', 'acknowledged')] // the desk was told by telephone meanwhile
    await Promise.all([box.add(receipt), box.add(receipt)])
    await until(() => node.seen.length > 0)
    await until(() => acts.length === 0)
    expect(node.seen).toHaveLength(1)
  })

  it('stops when signed out, keeps everything, and goes on after signing in again', async () => {
    let out = 0
    node.token = 'token-2'
    await open(store, { signedOut: () => (out += 1) }).add(tap('acknowledge_order', 'acknowledge'))
    await until(() => out === 1)
    expect(waiting()).toHaveLength(1)
    node.token = 'token-1'
    await open().hurry()
    expect(effects()).toEqual(['acknowledge'])
  })

  it('waits longer after each failure, never longer than a minute, with one timer', async () => {
    node.faults.cut = true
    await open().add(tap('acknowledge_order', 'acknowledge'))
    const waits: number[] = []
    for (let i = 0; i < 9; i += 1) {
      await until(() => timers.length > 0)
      expect(timers).toHaveLength(1)
      const { ms } = timers[0] ?? { ms: 0 }
      waits.push(ms)
      await later(ms + 1)
    }
    expect(waits.map((ms) => Math.round(ms / 1000))).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
    expect(Math.max(...waits)).toBeLessThanOrEqual(RETRY_MAX_MS)
  })

  it('forgets an act only when the node’s view shows it', async () => {
    const box = open()
    await box.add(tap('acknowledge_order', 'acknowledge'))
    await until(() => acts[0]?.state === 'sent')
    await box.settled(() => false)
    expect(acts).toHaveLength(1)
    await box.settled((act) => act.seq === '1.101')
    expect(acts).toHaveLength(0)
  })

  it('does not mix two accounts on one phone', async () => {
    node.faults.cut = true
    await open().add(tap('acknowledge_order', 'acknowledge'))
    const other = await openStore('somebody-else')
    expect(await other.all()).toEqual([])
  })
})
