//! What wants an answer now, and so rings and fills the screen. It follows from the state, not from events: an order that came
//! while the page was closed rings as well, and one that was answered by telephone falls silent by itself.

import { computed, effect, signal } from '@preact/signals'
import { isOver } from './known.ts'
import { t } from './locales/index.ts'
import { holdScreen, notify, ring, type Alarm } from './ring.ts'
import { session } from './session.ts'
import { standing, wantsAnswer } from './steps.ts'
import { acts, known, now } from './sync.ts'
import type { Order, StandBy } from './types.ts'
import { go, sheet, view } from './view.ts'

/** Muted by hand, for this opening of the page. */
export const muted = signal<ReadonlySet<string>>(new Set())
/** Laid aside by hand to look at something else; it still rings. */
const aside = signal<ReadonlySet<string>>(new Set())
export const keepAwake = signal(localStorage.getItem('muster.terminal.awake') === 'yes')

const with_ = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => new Set([...set, id])
export const mute = (id: string): void => void (muted.value = with_(muted.value, id))
export const layAside = (id: string): void => void (aside.value = with_(aside.value, id))

const byAge = (a: Order, b: Order): number => a.issued_at.localeCompare(b.issued_at)

/** Orders that are not over, oldest first. */
export const openOrders = computed<Order[]>(() =>
  Object.values(known.value.orders).filter((order) => !isOver({ ...order, step: standing(order, acts.value).step })).sort(byAge),
)

export const unanswered = computed<Order[]>(() => openOrders.value.filter((order) => wantsAnswer(standing(order, acts.value))))

/** Orders whose force must confirm that it is out. */
export const toWithdraw = computed<{ order: Order; id: string }[]>(() =>
  Object.values(known.value.orders).sort(byAge).flatMap((order) => {
    const { withdrawal } = order
    if (!withdrawal || withdrawal.confirmed || isOver(order)) return []
    const answered = acts.value.some((act) => act.act === 'confirm_withdrawal' && act.lane === `${withdrawal.id}/${order.id}` && act.state !== 'refused')
    return answered ? [] : [{ order, id: withdrawal.id }]
  }),
)

const LIFTED_SHOWN_MS = 12 * 3_600_000
const READ_KEY = 'muster.terminal.called-off-read'
const READ_MAX = 200
const readOff = signal<string[]>(JSON.parse(localStorage.getItem(READ_KEY) ?? '[]') as string[])

/** Orders called off under way (中途返回) that the force has not yet seen: turning back must reach it as surely as going. */
export const calledOff = computed<Order[]>(() => Object.values(known.value.orders).filter((order) => order.step === 'cancelled' && !readOff.value.includes(order.id)).sort(byAge))

export function readCallOff(id: string): void {
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

/** Lifted today: the force must learn that it may stand down. */
export const liftedStandBys = computed<StandBy[]>(() =>
  Object.values(known.value.stand_bys).filter((stand_by) => stand_by.lifted && now.value - Date.parse(stand_by.pushed_at) < LIFTED_SHOWN_MS),
)

const alarm = computed<Alarm | null>(() => {
  if (!session.value) return null
  if (toWithdraw.value.length > 0) return 'withdrawal'
  if (unanswered.value.some((order) => !muted.value.has(order.id))) return 'order'
  if (calledOff.value.some((order) => !muted.value.has(order.id))) return 'stand-by'
  return openStandBys.value.some((stand_by) => standByAnswer(stand_by) === null && !muted.value.has(stand_by.id)) ? 'stand-by' : null
})

/** Starts to watch. Called once. */
export function attend(): void {
  effect(() => ring(alarm.value))
  effect(() => {
    const [first] = [...unanswered.value, ...calledOff.value].filter((order) => !aside.value.has(order.id))
    const here = view.value
    // An order that is being read is not pushed away by a newer one, nor is a form that is being filled in.
    const busy = sheet.value !== null || (here.at === 'order' && [...unanswered.value, ...calledOff.value].some((order) => order.id === here.id))
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
  const told = new Set<string>()
  effect(() => {
    const mark = (drill: boolean) => (drill ? `【${t('drill')}】` : '')
    const tell = (id: string, title: string, body: string) => {
      if (told.has(id)) return
      told.add(id)
      void notify(title, body, id)
    }
    for (const { order, id } of toWithdraw.value) tell(`${id}/${order.id}`, mark(order.drill) + t('withdraw.title'), t('withdraw.now'))
    for (const order of unanswered.value) tell(order.id, mark(order.drill) + t('order.new'), `${order.place.text} ${order.task}`)
    for (const order of calledOff.value) tell(`${order.id}/off`, mark(order.drill) + t('step.cancelled'), `${order.place.text} ${t('step.cancelled_text')}`)
    for (const stand_by of openStandBys.value) {
      if (standByAnswer(stand_by) === null) tell(stand_by.id, mark(stand_by.drill) + t('standby.title'), stand_by.text)
    }
  })
}
