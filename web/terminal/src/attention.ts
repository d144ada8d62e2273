//! What wants an answer now, and so rings and fills the screen. It follows from the state, not from events: an order that came
//! while the page was closed rings as well, and one that was answered by telephone falls silent by itself.

import { computed, effect, signal } from '@preact/signals'
import { isOver } from './known.ts'
import { t } from './locales/index.ts'
import { holdScreen, notify, ring, type Alarm } from './ring.ts'
import { session } from './session.ts'
import { standing, wantsAnswer } from './steps.ts'
import { acts, known } from './sync.ts'
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
    if (!withdrawal || withdrawal.confirmed || order.step === 'returned' || order.step === 'declined' || order.step === 'cancelled') return []
    const answered = acts.value.some((act) => act.act === 'confirm_withdrawal' && act.lane === `${withdrawal.id}/${order.id}` && act.state !== 'refused')
    return answered ? [] : [{ order, id: withdrawal.id }]
  }),
)

export const standByAnswer = (stand_by: StandBy): { ready: boolean; at: string } | null => {
  const own = acts.value.find((act) => act.lane === stand_by.id && act.state !== 'refused')
  if (own) return { ready: own.body['ready'] === true, at: own.occurred_at }
  return stand_by.confirmed ? { ready: stand_by.confirmed.ready, at: stand_by.confirmed.at } : null
}

export const openStandBys = computed<StandBy[]>(() =>
  Object.values(known.value.stand_bys).filter((stand_by) => !stand_by.lifted).sort((a, b) => a.pushed_at.localeCompare(b.pushed_at)),
)

const alarm = computed<Alarm | null>(() => {
  if (!session.value) return null
  if (toWithdraw.value.length > 0) return 'withdrawal'
  if (unanswered.value.some((order) => !muted.value.has(order.id))) return 'order'
  return openStandBys.value.some((stand_by) => standByAnswer(stand_by) === null && !muted.value.has(stand_by.id)) ? 'stand-by' : null
})

/** Starts to watch. Called once. */
export function attend(): void {
  effect(() => ring(alarm.value))
  effect(() => {
    const [first] = unanswered.value.filter((order) => !aside.value.has(order.id))
    const here = view.value
    // An order that is being read is not pushed away by a newer one, nor is a form that is being filled in.
    const busy = sheet.value !== null || (here.at === 'order' && unanswered.value.some((order) => order.id === here.id))
    if (first && !busy) go({ at: 'order', id: first.id })
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
    for (const stand_by of openStandBys.value) {
      if (standByAnswer(stand_by) === null) tell(stand_by.id, mark(stand_by.drill) + t('standby.title'), stand_by.text)
    }
  })
}
