//! What wants an answer now, and so rings and fills the screen. It follows from the state, not from events: an order that came
//! while the page was closed rings as well, and one that was answered by telephone falls silent by itself.

import { computed, effect, signal } from '@preact/signals'
import { changes, isOver, told, type News } from './known.ts'
import { t } from './locales/index.ts'
import { holdScreen, notify, ring, type Alarm } from './ring.ts'
import { session } from './session.ts'
import { standing, wantsAnswer } from './steps.ts'
import { acts, known, now } from './sync.ts'
import type { Order, StandBy } from './types.ts'
import { go, sheet, view } from './view.ts'

/** Muted by hand, for this opening of the page; by reason, so that what comes next about the same order is loud again. */
export const muted = signal<ReadonlySet<string>>(new Set())
/** Laid aside by hand to look at something else, by reason as well; it still rings. */
const aside = signal<ReadonlySet<string>>(new Set())
export const keepAwake = signal(localStorage.getItem('muster.terminal.awake') === 'yes')

const with_ = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => new Set([...set, id])
export const mute = (id: string): void => void (muted.value = with_(muted.value, id))
/** Lays aside whatever this order calls for now. */
export const layAside = (id: string): void => {
  for (const { order, reason } of calling.value) if (order.id === id) aside.value = with_(aside.value, reason)
}

const byAge = (a: Order, b: Order): number => a.issued_at.localeCompare(b.issued_at)

/** Orders that are not over, oldest first. */
export const openOrders = computed<Order[]>(() =>
  Object.values(known.value.orders).filter((order) => !isOver({ ...order, step: standing(order, acts.value).step })).sort(byAge),
)

export const unanswered = computed<Order[]>(() => openOrders.value.filter((order) => wantsAnswer(standing(order, acts.value))))

/** Orders whose force must confirm that it is out: as long as the node waits for it, also on an order that is over, whose people may still be inside. */
export const toWithdraw = computed<{ order: Order; id: string }[]>(() =>
  Object.values(known.value.orders).sort(byAge).flatMap((order) => {
    const { withdrawal } = order
    if (!withdrawal || withdrawal.confirmed) return []
    const answered = acts.value.some((act) => act.act === 'confirm_withdrawal' && act.lane === `${withdrawal.id}/${order.id}` && act.state !== 'refused')
    return answered ? [] : [{ order, id: withdrawal.id }]
  }),
)

const LIFTED_SHOWN_MS = 12 * 3_600_000
const READ_KEY = 'muster.terminal.called-off-read'
const READ_MAX = 200
/** Ends that were read: of orders called off, of stand-bys lifted. */
const readOff = signal<string[]>(JSON.parse(localStorage.getItem(READ_KEY) ?? '[]') as string[])

/** Orders called off under way (中途返回) that the force has not yet seen: turning back must reach it as surely as going. */
export const calledOff = computed<Order[]>(() => Object.values(known.value.orders).filter((order) => order.step === 'cancelled' && !readOff.value.includes(order.id)).sort(byAge))

/** Orders under way whose place, danger or state was changed by the desk, until it was read. */
export const changed = computed<{ order: Order; news: News[] }[]>(() =>
  openOrders.value.flatMap((order) => {
    const news = changes(known.value.told[order.id], order)
    return news.length > 0 ? [{ order, news }] : []
  }),
)

/** Every order that wants to be seen now, first answers first, each with the name of its reason. */
const calling = computed<{ order: Order; reason: string }[]>(() => [
  ...unanswered.value.map((order) => ({ order, reason: order.id })),
  ...calledOff.value.map((order) => ({ order, reason: `${order.id}/off` })),
  ...changed.value.map(({ order }) => ({ order, reason: `${order.id}/${JSON.stringify(told(order))}` })),
])

/** The end of an order or a stand-by was read. */
export function readEnd(id: string): void {
  readOff.value = [...readOff.value, id].slice(-READ_MAX)
  localStorage.setItem(READ_KEY, JSON.stringify(readOff.value))
}

export const standByAnswer = (stand_by: StandBy): { ready: boolean; at: string } | null => {
  const own = acts.value.find((act) => act.lane === stand_by.id && act.state !== 'refused')
  if (own) return { ready: own.body['ready'] === true, at: own.occurred_at }
  return stand_by.confirmed ? { ready: stand_by.confirmed.ready, at: stand_by.confirmed.reported.at } : null
}

export const openStandBys = computed<StandBy[]>(() =>
  Object.values(known.value.stand_bys).filter((stand_by) => !stand_by.lifted).sort((a, b) => a.pushed_at.localeCompare(b.pushed_at)),
)

/** Was it read that this stand-by is lifted? */
export const isReadEnd = (id: string): boolean => readOff.value.includes(id)

/** Lifted today: the force must learn that it may stand down. */
export const liftedStandBys = computed<StandBy[]>(() =>
  Object.values(known.value.stand_bys).filter((stand_by) => stand_by.lifted && now.value - Date.parse(stand_by.pushed_at) < LIFTED_SHOWN_MS),
)

const alarm = computed<Alarm | null>(() => {
  if (!session.value) return null
  if (toWithdraw.value.length > 0) return 'withdrawal'
  if (unanswered.value.some((order) => !muted.value.has(order.id))) return 'order'
  if (calledOff.value.length + changed.value.length > 0 || liftedStandBys.value.some((stand_by) => !isReadEnd(stand_by.id))) return 'stand-by'
  return openStandBys.value.some((stand_by) => standByAnswer(stand_by) === null && !muted.value.has(stand_by.id)) ? 'stand-by' : null
})

/** Starts to watch. Called once. */
export function attend(): void {
  effect(() => ring(alarm.value))
  effect(() => {
    const first = calling.value.find(({ reason }) => !aside.value.has(reason))?.order
    const here = view.value
    // An order that is being read is not pushed away by a newer one, nor is a form that is being filled in.
    const busy = sheet.value !== null || (here.at === 'order' && calling.value.some(({ order }) => order.id === here.id))
    if (first && !busy) go({ at: 'order', id: first.id })
  })
  // The page opened without an address: the one order that is under way is what the person wants to see.
  let opened = location.hash !== ''
  effect(() => {
    if (opened || known.value.as_of === null) return
    opened = true
    const [only, ...more] = openOrders.value
    if (only && more.length === 0 && !openStandBys.value.some((stand_by) => standByAnswer(stand_by) === null)) go({ at: 'order', id: only.id })
  })
  effect(() => void holdScreen(session.value !== null && (keepAwake.value || openOrders.value.length > 0)))
  const noticed = new Set<string>()
  effect(() => {
    const mark = (drill: boolean) => (drill ? `【${t('drill')}】` : '')
    const tell = (id: string, title: string, body: string) => {
      if (noticed.has(id)) return
      noticed.add(id)
      void notify(title, body, id)
    }
    for (const { order, id } of toWithdraw.value) tell(`${id}/${order.id}`, mark(order.drill) + t('withdraw.title'), t('withdraw.now'))
    for (const order of unanswered.value) tell(order.id, mark(order.drill) + t('order.new'), `${order.place.text} ${order.task}`)
    for (const order of calledOff.value) tell(`${order.id}/off`, mark(order.drill) + t('step.cancelled'), `${order.place.text} ${t('step.cancelled_text')}`)
    for (const { order } of changed.value) tell(`${order.id}/${JSON.stringify(told(order))}`, mark(order.drill) + t('change.title'), `${order.place.text} ${order.task}`)
    for (const stand_by of liftedStandBys.value) {
      if (!isReadEnd(stand_by.id)) tell(`${stand_by.id}/off`, mark(stand_by.drill) + t('standby.lifted'), stand_by.text)
    }
    for (const stand_by of openStandBys.value) {
      if (standByAnswer(stand_by) === null) tell(stand_by.id, mark(stand_by.drill) + t('standby.title'), stand_by.text)
    }
  })
}
