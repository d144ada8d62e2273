//! What is to be done now: orders and stand-bys, each its own card; two incidents never share one.

import { calledOff, changed, liftedStandBys, openOrders, openStandBys, unanswered } from './attention.ts'
import { isOver } from './known.ts'
import { t, tCode } from './locales/index.ts'
import { Refusals } from './outbox.tsx'
import { StandByCard } from './stand-by.tsx'
import { standing } from './steps.ts'
import { acts, known, now, ready } from './sync.ts'
import { clockTime, span } from './time.ts'
import { toneOf } from './tone.ts'
import type { Order } from './types.ts'
import { DrillBand } from './ui/ui.tsx'
import { go } from './view.ts'

export function Now() {
  if (!ready.value) return <p class="calm">{t('now.loading')}</p>
  const first = new Set(unanswered.value)
  const orders = [...first, ...calledOff.value, ...openOrders.value.filter((order) => !first.has(order))]
  const standBys = openStandBys.value
  return (
    <>
      <h1 class="unseen">{t('now.title')}</h1>
      <Refusals />
      {standBys.map((stand_by) => (
        <StandByCard key={stand_by.id} stand_by={stand_by} />
      ))}
      {orders.map((order) => (
        <OrderCard key={order.id} order={order} />
      ))}
      {orders.length + standBys.length === 0 && <Nothing />}
      {liftedStandBys.value.map((stand_by) => (
        <StandByCard key={stand_by.id} stand_by={stand_by} />
      ))}
    </>
  )
}

function Nothing() {
  // Not knowing is not the same as knowing that there is nothing.
  if (known.value.as_of === null) return <p class="calm unknown">{t('now.unknown')}</p>
  return (
    <div class="calm">
      <i class="pulse" aria-hidden="true" />
      <h2>{t('now.none')}</h2>
      <p>{t('now.none_text')}</p>
    </div>
  )
}

/** One order in a list. */
export function OrderCard({ order }: { order: Order }) {
  const stands = standing(order, acts.value)
  const left_ms = order.due ? Date.parse(order.due) - now.value : null
  const settled = stands.step !== order.step
  const past = isOver(order) && !calledOff.value.includes(order)
  return (
    <button type="button" class={`card tone-${past ? 'quiet' : toneOf(stands.step)}${order.drill ? ' drill' : ''}`} onClick={() => go({ at: 'order', id: order.id })}>
      {order.drill && <DrillBand />}
      <span class="card-head">
        <b>{tCode('step', stands.step)}</b>
        {changed.value.some((one) => one.order.id === order.id) && <b>{t('change.title')}</b>}
        {left_ms !== null && !settled && !isOver(order) && (
          <span class={left_ms < 0 ? 'late' : ''}>{t(left_ms < 0 ? 'order.due_late' : 'order.due_in', { time: span(Math.abs(left_ms)) })}</span>
        )}
      </span>
      <span class="card-place">{order.place.text}</span>
      <span class="card-task">{order.task}</span>
      <span class="card-foot">
        {order.hazard?.name} · {order.number} · {clockTime(order.issued_at)}
        {stands.waiting.some((act) => act.state === 'waiting') && <em>{t('queue.waiting')}</em>}
      </span>
    </button>
  )
}
