//! What the page knows of the node, and how news changes it. Pure: the same news in any order, doubled or late, end in the same picture.

import { olderSeq } from './time.ts'
import type { Change, Desk, Order, StandBy, Time } from './types.ts'

export interface Known {
  orders: Record<string, Order>
  stand_bys: Record<string, StandBy>
  /** Place in the journal that this picture shows; empty when nothing is known. */
  seq: string
  /** Up to when the picture is right, by the node's clock; null when nothing is known. */
  as_of: Time | null
  /** Newest place in the journal of each order and stand-by, so that an older answer never overwrites newer news. */
  seen: Record<string, string>
  /** What the force has last read of each order; where the order says otherwise now, it must be told. */
  told: Record<string, Told>
}

/** Of an order, what must not change behind the force's back: the danger, and what the desk did with it. */
export interface Told {
  place: string
  point: string
  /** By its code: the name is another in each language. */
  hazard: string
  hazard_name: string
  substance: string
  released: boolean
  /** When the present lateness began, or nothing. */
  overdue: string
}

export const NOTHING: Known = { orders: {}, stand_bys: {}, seq: '', as_of: null, seen: {}, told: {} }

/** The whole desk as read at once. What the stream told meanwhile is newer and stays. */
export function withDesk(known: Known, desk: Desk): Known {
  const newer = (id: string) => known.seen[id] !== undefined && olderSeq(desk.seq, known.seen[id])
  const merged = <T extends { id: string }>(mine: Record<string, T>, read: T[]): Record<string, T> => {
    const result: Record<string, T> = {}
    for (const item of read) result[item.id] = newer(item.id) ? (mine[item.id] ?? item) : item
    for (const item of Object.values(mine)) if (newer(item.id)) result[item.id] = item
    return result
  }
  return {
    orders: merged(known.orders, desk.orders),
    // A desk lists no lifted stand-bys: one that it lists no longer is lifted, and stays readable.
    stand_bys: { ...lifted(known.stand_bys), ...merged(known.stand_bys, desk.stand_bys) },
    seq: olderSeq(desk.seq, known.seq) ? known.seq : desk.seq,
    as_of: desk.now,
    seen: Object.fromEntries(Object.entries(known.seen).filter(([id]) => newer(id))),
    told: known.told,
  }
}

const lifted = (all: Record<string, StandBy>): Record<string, StandBy> => Object.fromEntries(Object.entries(all).map(([id, stand_by]) => [id, { ...stand_by, lifted: true }]))

/** One event of the stream. `read` says that it names something whose text is not in it: the desk must be read again. */
export function withChange(known: Known, change: Change): { known: Known; read: boolean } {
  const next: Known = { ...known, seq: olderSeq(change.seq, known.seq) ? known.seq : change.seq }
  let read = true
  for (const [kind, item] of [['orders', change.order], ['stand_bys', change.stand_by]] as const) {
    if (!item) continue
    read = false
    if (known.seen[item.id] !== undefined && olderSeq(change.seq, known.seen[item.id] ?? '')) continue
    next.seen = { ...next.seen, [item.id]: change.seq }
    if (kind === 'orders') next.orders = { ...next.orders, [item.id]: item as Order }
    else next.stand_bys = { ...next.stand_bys, [item.id]: item as StandBy }
  }
  // The event carries one order of this force; a withdrawal may concern several.
  if (change.ring === 'withdrawal') read = true
  return { known: next, read }
}

/** Orders that a new desk no longer lists: their incident is closed. */
export const gone = (before: Known, after: Known): Order[] => Object.values(before.orders).filter((order) => after.orders[order.id] === undefined)

/** One order as read by its id, at least as new as `seq`. */
export function withOrder(known: Known, order: Order, seq: string): Known {
  if (olderSeq(seq, known.seen[order.id] ?? '')) return known
  return { ...known, orders: { ...known.orders, [order.id]: order }, seen: seq === '' ? known.seen : { ...known.seen, [order.id]: seq } }
}

/** What an order says now. */
export const told = (order: Order): Told => ({
  place: order.place.text,
  point: JSON.stringify(order.place.point ?? null),
  hazard: order.hazard?.code ?? '',
  hazard_name: order.hazard?.name ?? '',
  substance: order.substance ?? '',
  released: order.step === 'released',
  overdue: order.overdue?.since ?? '',
})

/** An order that comes anew is read as it comes; what differs later is told. */
export const withTold = (known: Known): Known => ({
  ...known,
  told: Object.fromEntries(Object.values(known.orders).map((order) => [order.id, known.told[order.id] ?? told(order)])),
})

export type News = { what: 'place' | 'hazard' | 'substance'; was: string; is: string } | { what: 'released' | 'overdue' }

/** What has changed since the force read its order. Its own steps are no news, and the first answer rings by itself. */
export function changes(read: Told | undefined, order: Order): News[] {
  if (!read) return []
  const is = told(order)
  const news: News[] = []
  for (const what of ['place', 'hazard', 'substance'] as const) {
    const words = what === 'hazard' ? 'hazard_name' : what
    if (is[what] !== read[what] || (what === 'place' && is.point !== read.point)) news.push({ what, was: read[words], is: is[words] })
  }
  if (is.released && !read.released) news.push({ what: 'released' })
  const asked = order.step === 'issued' || order.step === 'received'
  if (!asked && is.overdue !== '' && is.overdue !== read.overdue) news.push({ what: 'overdue' })
  return news
}

/** Declined, home, or called off: nothing is left to do. */
export const isOver = (order: Order): boolean => order.step === 'declined' || order.step === 'returned' || order.step === 'cancelled'
