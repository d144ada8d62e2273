//! Keeps the page and the node in step: reads the desk, follows the stream, polls when there is no stream, sends the outbox,
//! and keeps what is known on the phone, so that the page opens without a network and says how old its picture is.

import { batch, signal } from '@preact/signals'
import { httpApi, type Api } from './api.ts'
import { gone, NOTHING, told, withChange, withDesk, withOrder, withTold, type Known } from './known.ts'
import { lang } from './locales/index.ts'
import { Outbox, type Queued } from './queue.ts'
import { expired, session, type Session } from './session.ts'
import { openStore, type Store } from './store.ts'
import { keepStream } from './stream.ts'
import { clock, heardTime, nowMs, olderSeq, setClock, stamp } from './time.ts'
import type { ActName, Order, StandBy, Time } from './types.ts'
import { NotSaved } from './unsaved.ts'

const POLL_MS = 30_000
const READ_SOON_MS = 250
/** Past orders kept on the phone. */
const PAST_MAX = 100

export const known = signal<Known>(NOTHING)
export const acts = signal<Queued[]>([])
/** `live`: the stream is heard; `polling`: the desk could be read lately; `down`: neither. */
export const line = signal<'live' | 'polling' | 'down'>('down')
/** False: this browser keeps nothing when the page is closed. */
export const durable = signal(true)
/** Acts that arrived while the page was open, for 「已送达」. */
export const delivered = signal<Record<string, { act: ActName; at: Time }>>({})
/** Orders of the past: kept on this phone when the node's desk lists them no longer (their incident is closed). */
export const pastOrders = signal<Order[]>([])
/** An order of this phone: on the desk, or of the past. */
export const orderOf = (id: string): Order | undefined => known.value.orders[id] ?? pastOrders.value.find((past) => past.id === id)
/** Ticks each second, by the node's clock. */
export const now = signal(nowMs())
/** The page has looked at the phone's own store; before that it can't say that there is nothing. */
export const ready = signal(false)

export const api: Api = httpApi(() => session.value?.token, lang)

let outbox: Outbox | undefined
let store: Store | undefined
let stopCurrent: (() => void) | undefined

setInterval(() => (now.value = nowMs()), 1_000)

/** Begins to work for one account; whatever ran for another is stopped first. */
export async function start(who: Session): Promise<void> {
  stopCurrent?.()
  let stopped = false
  stopCurrent = () => (stopped = true)
  const mine = (store = await openStore(who.me.account))
  const keptClock = await mine.get<ReturnType<typeof clock>>('clock')
  const keptKnown = await mine.get<Known>('known')
  const keptPast = await mine.get<Order[]>('past')
  if (stopped) return
  if (keptClock) setClock(keptClock)
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(`muster-terminal-${who.me.account}`) : undefined
  const box = (outbox = new Outbox({
    store: mine,
    carrier: api,
    changed(list) {
      if (stopped) return
      acts.value = list
      channel?.postMessage('changed')
    },
    arrived: (act) => void catchUp(act),
    signedOut: () => (expired.value = true),
    alone: (name, run) => aloneOverTabs(`muster-${who.me.account}-${name}`, run),
  }))
  if (channel) channel.onmessage = () => void mine.all().then((list) => !stopped && (acts.value = list))
  batch(() => {
    durable.value = mine.durable
    known.value = withTold({ ...NOTHING, ...keptKnown })
    pastOrders.value = keptPast ?? []
    delivered.value = {}
    line.value = 'down'
  })
  acts.value = await mine.all()
  ready.value = true
  void navigator.storage?.persist?.() // asks the browser not to clear the outbox when space is short

  await readDesk()
  if (stopped) return
  const stream = keepStream({
    open: (since, signal) => api.stream(since, signal),
    since: () => known.value.seq || undefined,
    change(change) {
      const { known: next, read } = withChange(known.value, change)
      learn({ ...next, as_of: stamp(nowMs()) })
      if (read) readSoon()
      else settle()
    },
    heartbeat(time, seq) {
      heardTime(time)
      // Nothing was missed up to here: an event that this session may see would have come before the heartbeat.
      learn({ ...known.value, as_of: time, seq: olderSeq(known.value.seq, seq) ? seq : known.value.seq }, false)
    },
    reset: () => void readDesk(),
    live(live) {
      line.value = live ? 'live' : line.value === 'live' ? 'polling' : line.value
      if (live) void readDesk().then(() => box.hurry())
    },
    signedOut: () => (expired.value = true),
  })
  const poll = setInterval(() => {
    if (line.value !== 'live' && !expired.value) void readDesk()
  }, POLL_MS)
  const hurry = () => {
    if (document.visibilityState === 'hidden') return
    stream.hurry()
    if (line.value !== 'live') void readDesk()
    void box.hurry()
  }
  addEventListener('online', hurry)
  document.addEventListener('visibilitychange', hurry)
  stopCurrent = () => {
    stopped = true
    stream.stop()
    box.stop()
    channel?.close()
    clearInterval(poll)
    removeEventListener('online', hurry)
    document.removeEventListener('visibilitychange', hurry)
  }
  void box.hurry()
}

/** Ends the work (signing off). What waits stays on the phone and is sent when the account signs in again. */
export function stop(): void {
  stopCurrent?.()
  stopCurrent = undefined
  outbox = undefined
  batch(() => {
    known.value = NOTHING
    acts.value = []
    pastOrders.value = []
    ready.value = false
  })
}

/** The outbox of whoever works here; nobody does before the page is ready, or after signing off. */
function working(): Outbox {
  if (!outbox) throw new NotSaved('unsaved.not_ready')
  return outbox
}

/** Saves an act of this force about an order; it is on the phone's disk when this resolves, and nowhere when it rejects. */
export async function actOn(
  order: Order,
  act: Exclude<ActName, 'confirm_stand_by' | 'confirm_withdrawal'>,
  body: Record<string, unknown> = {},
  more: { occurred_at?: Time; photos?: { id: string; bytes: ArrayBuffer }[] } = {},
): Promise<void> {
  const occurred_at = more.occurred_at ?? stamp(nowMs())
  const automatic = act === 'receive_order'
  await working().add(
    {
      key: automatic ? `receive-${order.id}` : newKey(),
      lane: order.id,
      incident: order.incident,
      act,
      path: `/orders/${order.id}/${VERB[act]}`,
      body: automatic ? {} : { ...body, occurred_at },
      occurred_at,
      automatic,
      about: { incident_number: order.incident_number, place: order.place.text, drill: order.drill },
    },
    more.photos,
  )
}

export async function confirmStandBy(stand_by: StandBy, body: { ready: boolean; note?: string }): Promise<void> {
  const occurred_at = stamp(nowMs())
  const about = { incident_number: stand_by.incident_number, drill: stand_by.drill }
  const path = `/stand-bys/${stand_by.id}/confirm`
  await working().add({ key: newKey(), lane: stand_by.id, incident: stand_by.incident, act: 'confirm_stand_by', path, body: { ...body, occurred_at }, occurred_at, automatic: false, about })
}

export async function confirmWithdrawal(id: string, order: Order, body: { everyone_out: boolean; missing?: number }): Promise<void> {
  const occurred_at = stamp(nowMs())
  const about = { incident_number: order.incident_number, place: order.place.text, drill: order.drill }
  const path = `/withdrawals/${id}/confirm`
  // A lane of its own: nothing that waits for this order may hold it up.
  await working().add({ key: newKey(), lane: `${id}/${order.id}`, incident: order.incident, act: 'confirm_withdrawal', path, body: { order: order.id, ...body, occurred_at }, occurred_at, automatic: false, about })
}

export const dismiss = (n: number): void => void outbox?.dismiss(n)
export const sendNow = (): void => void outbox?.hurry()

const VERB: Record<Exclude<ActName, 'confirm_stand_by' | 'confirm_withdrawal'>, string> = {
  receive_order: 'receive',
  acknowledge_order: 'acknowledge',
  decline_order: 'decline',
  depart_order: 'depart',
  arrive_order: 'arrive',
  deploy_order: 'deploy',
  report_progress: 'progress',
  return_order: 'return',
}

/** A key that no other tap has: random, 32 hex digits. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function readDesk(): Promise<void> {
  const asked = outbox
  if (!asked) return
  const answer = await api.desk()
  if (outbox !== asked) return // signed off meanwhile, or another account: not its desk
  if (answer.kind === 'signed_out') expired.value = true
  if (answer.kind !== 'ok') {
    if (line.value !== 'live') line.value = 'down'
    return
  }
  heardTime(answer.value.now)
  const next = withDesk(known.value, answer.value)
  const left = gone(known.value, next)
  // In one go: an order that is being read or written about is never nowhere.
  batch(() => {
    void keepPast(left)
    learn(next)
  })
  void takeLeave(left)
  if (line.value !== 'live') line.value = 'polling'
  settle()
}

/** Keeps orders of the past on the phone, newest first. */
export async function keepPast(orders: Order[]): Promise<void> {
  if (orders.length === 0) return
  const all = new Map([...pastOrders.value, ...orders].map((order) => [order.id, order]))
  pastOrders.value = [...all.values()].sort((a, b) => b.issued_at.localeCompare(a.issued_at)).slice(0, PAST_MAX)
  await store?.set('past', pastOrders.value)
}

/** The desk lists these orders no longer: each is read once more, for its last steps, and kept. */
async function takeLeave(orders: Order[]): Promise<void> {
  const asked = outbox
  const answers = await Promise.all(orders.map((order) => api.order(order.id)))
  if (outbox !== asked) return
  await keepPast(answers.map((answer, index) => (answer.kind === 'ok' ? answer.value : orders[index])).filter((order) => order !== undefined))
}

let soon: ReturnType<typeof setTimeout> | undefined
/** Several events in a row ask for one reading. */
function readSoon(): void {
  clearTimeout(soon)
  soon = setTimeout(() => void readDesk(), READ_SOON_MS)
}

/** An act arrived: its order is read again, then the act itself need not be kept. */
async function catchUp(act: Queued): Promise<void> {
  if (!act.automatic) delivered.value = { ...delivered.value, [act.lane]: { act: act.act, at: stamp(nowMs()) } }
  if (act.act === 'confirm_stand_by' || act.act === 'confirm_withdrawal') return readDesk()
  const asked = outbox
  const answer = await api.order(act.lane, act.seq)
  if (answer.kind !== 'ok' || outbox !== asked) return // the next desk or event settles it
  learn(withOrder(known.value, answer.value, act.seq ?? ''))
  settle()
}

/** Own acts that the picture shows are forgotten. */
function settle(): void {
  const { seq, seen } = known.value
  void outbox?.settled((act) => !olderSeq(seq, act.seq ?? '') || (seen[act.lane] !== undefined && !olderSeq(seen[act.lane] ?? '', act.seq ?? '')))
}

/** The force has read what this order says; what came after it was shown is still news. */
export const readChanges = (shown: Order): void => learn({ ...known.value, told: { ...known.value.told, [shown.id]: told(shown) } })

function learn(next: Known, keep = true): void {
  known.value = withTold(next)
  if (!keep || !store) return
  void store.set('known', known.value)
  void store.set('clock', clock())
}

function aloneOverTabs(name: string, run: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return run()
  return navigator.locks.request<void>(name, () => run() as never)
}
