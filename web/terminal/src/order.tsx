//! One order, filling the screen: what happened where, the task, whom to report to, and the one next step as the largest key.

import { useEffect, useRef, useState } from 'preact/hooks'
import { calledOff, layAside, mute, muted, readEnd, unanswered } from './attention.ts'
import { Changed } from './changed.tsx'
import { isOver } from './known.ts'
import { t, tCode } from './locales/index.ts'
import { Facts, Progress, ReadOut, ReturnFormView } from './order-facts.tsx'
import { Refusals } from './outbox.tsx'
import { currentPoint, follow } from './position.ts'
import { LineState, Warnings } from './status.tsx'
import { choices, isStep, ROAD, standing, wantsAnswer, type Choice, type Standing } from './steps.ts'
import { sharePosition } from './settings.ts'
import { actOn, acts, delivered, now, orderOf } from './sync.ts'
import { clockTime, span } from './time.ts'
import type { ActName, Order, OrderStep } from './types.ts'
import { Icon, type IconName } from './ui/icon.tsx'
import { toneOf } from './tone.ts'
import { Unsaved, useSave } from './ui/save.tsx'
import { DrillBand, Key } from './ui/ui.tsx'
import { go, sheet } from './view.ts'

/** A second tap within this time is the same finger, not the next step. */
const SETTLE_MS = 1_500

export function OrderFace({ id }: { id: string }) {
  const order = orderOf(id)
  if (!order) {
    return (
      <main class="view">
        <p class="calm">{t('order.gone')}</p>
        <Key onPress={() => go({ at: 'now' }, true)}>{t('back')}</Key>
      </main>
    )
  }
  return <Shown key={id} order={order} />
}

function Shown({ order }: { order: Order }) {
  const stands = standing(order, acts.value)
  const asks = wantsAnswer(stands)
  const over = isOver({ ...order, step: stands.step })
  const past = isOver(order) && !calledOff.value.includes(order)
  const others = unanswered.value.filter((other) => other.id !== order.id)
  const face = useRef<HTMLDivElement>(null)

  // Whoever goes by keyboard or by ear is brought along when an order takes the screen; a form that is open keeps the focus.
  useEffect(() => {
    if (sheet.value === null) face.current?.focus({ preventScroll: true })
  }, [])

  // The node learns that the order is on a screen that someone can see.
  useEffect(() => {
    if (order.step !== 'issued') return
    // The page's own doing, and said again by the first answer: that it could not be kept is nobody's news.
    const say = () => document.visibilityState === 'visible' && void actOn(order, 'receive_order').catch(() => undefined)
    say()
    document.addEventListener('visibilitychange', say)
    return () => document.removeEventListener('visibilitychange', say)
  }, [order.id, order.step])

  useEffect(() => {
    follow(sharePosition.value && !over && !asks)
    return () => follow(false)
  }, [over, asks, sharePosition.value])

  function leave() {
    layAside(order.id)
    go(over ? { at: 'past' } : { at: 'now' }, true)
  }

  return (
    <div class={`order${order.drill ? ' drill' : ''}`} role="region" aria-label={order.place.text} tabIndex={-1} ref={face}>
      {order.drill && <DrillBand />}
      <header class={`hero tone-${past ? 'quiet' : toneOf(stands.step)}${asks ? ' asks' : ''}`}>
        <div class="hero-bar">
          <button type="button" class="round" aria-label={t('back')} onClick={leave}>
            <Icon name="back" />
          </button>
          <b>{asks ? t('order.new') : tCode('step', stands.step)}</b>
          {asks && !muted.value.has(order.id) ? (
            <button type="button" class="pill" onClick={() => mute(order.id)}>
              <Icon name="mute" />
              {t('ring.mute')}
            </button>
          ) : (
            <LineState />
          )}
        </div>
        <h1>{order.place.text}</h1>
        <p class="hero-what">
          {order.hazard?.name}
          {order.substance ? ` · ${order.substance}` : ''}
        </p>
        <Deadline order={order} stands={stands} />
        {asks && <Announced order={order} />}
      </header>
      <main class="order-body">
        <Warnings short />
        {others[0] && (
          <button type="button" class="warning hot" onClick={() => go({ at: 'order', id: others[0]?.id ?? '' }, true)}>
            <Icon name="bell" />
            <span>
              {t('order.more', { n: others.length })}
              <b>{others[0].place.text}</b>
            </span>
          </button>
        )}
        <Changed order={order} />
        <Refusals lane={order.id} />
        {stands.step === 'cancelled' && <p class="note bad called-off">{t('step.cancelled_text')} {noteOf(order, 'cancelled')}</p>}
        {stands.step === 'released' && <p class="note good">{t('step.released_text')} {noteOf(order, 'released')}</p>}
        <section class="task">
          <h2>{t('order.task')}</h2>
          <p>{order.task}</p>
        </section>
        {!asks && <Road stands={stands} />}
        <Progress order={order} waiting={stands.waiting} />
        <Facts order={order} />
        {order.return_form && <ReturnFormView form={order.return_form} />}
        <ReadOut text={order.short_text} drill={order.drill} />
      </main>
      {calledOff.value.includes(order) ? (
        <footer class="keys">
          <Key
            big
            tone="alarm"
            icon="back"
            onPress={() => {
              readEnd(order.id)
              go({ at: 'now' }, true)
            }}
          >
            {t('step.cancelled_read')}
          </Key>
        </footer>
      ) : (
        <Keys order={order} stands={stands} />
      )}
    </div>
  )
}

/** A new order, told once to whoever does not see the screen; beside the deadline it would be told again each second. */
function Announced({ order }: { order: Order }) {
  return (
    <p class="unseen" role="alert">
      {order.drill && `【${t('drill')}】`}
      {t('order.new')}：{order.place.text} {order.hazard?.name} {order.task}
    </p>
  )
}

const noteOf = (order: Order, step: OrderStep): string => order.steps.find((taken) => taken.step === step)?.note ?? ''

/** How long the next step still has; quiet once own taps are under way. */
function Deadline({ order, stands }: { order: Order; stands: Standing }) {
  const over = isOver(order)
  if (!order.due || stands.step !== order.step || over) return null
  const left_ms = Date.parse(order.due) - now.value
  const asks = wantsAnswer(stands)
  const text = left_ms < 0 ? (asks ? 'order.reply_late' : 'order.due_late') : asks ? 'order.reply_in' : 'order.due_in'
  return (
    <p class={`deadline${left_ms < 0 ? ' late' : ''}`}>
      <Icon name="clock" />
      {t(text, { time: span(Math.abs(left_ms)) })}
    </p>
  )
}

/** The road from acknowledged to home, each step with its time. */
function Road({ stands }: { stands: Standing }) {
  const last = Math.max(-1, ...ROAD.map((step, index) => (stands.times[step] === undefined ? -1 : index)))
  return (
    <ol class="road" aria-label={t('order.status')}>
      {ROAD.map((step, index) => {
        const at = stands.times[step]
        return (
          <li key={step} class={at ? 'done' : index < last ? 'passed' : ''} aria-current={index === last ? 'step' : undefined}>
            <i aria-hidden="true">{index <= last && <Icon name="check" />}</i>
            <span>{t(`road.${step}`)}</span>
            <small>{at ? clockTime(at) : ''}</small>
          </li>
        )
      })}
    </ol>
  )
}

const KEY_ICON: Partial<Record<ActName, IconName>> = { report_progress: 'camera', decline_order: 'cross', depart_order: 'arrow', arrive_order: 'pin', acknowledge_order: 'check' }

function Keys({ order, stands }: { order: Order; stands: Standing }) {
  const [settling, setSettling] = useState(false)
  const { busy, failed, save } = useSave()
  const { next, others } = choices(order, stands)
  const side = others.filter(({ act }) => act === 'decline_order' || act === 'report_progress' || act === 'return_order')
  const canType = [next, ...others].some((choice) => choice !== null && isStep(choice.act) && choice.may === true)

  // The first answer is yes or no, side by side and nothing else.
  const asks = wantsAnswer(stands)

  function take({ act }: Choice) {
    const form = FORM[act]
    if (form) {
      sheet.value = { form, order: order.id }
      return
    }
    const position = sharePosition.value ? currentPoint() : undefined
    if (!isStep(act)) return
    save(
      () => actOn(order, act, position ? { position } : {}),
      () => {
        setSettling(true)
        setTimeout(() => setSettling(false), SETTLE_MS)
      },
    )
  }

  const no = asks ? side.find(({ act }) => act === 'decline_order') : undefined
  if (asks && next && no) {
    return (
      <footer class="keys ask">
        <Sending stands={stands} lane={order.id} />
        <Key refused={reasonOf(no)} onPress={() => take(no)}>
          {t('act.decline_order')}
        </Key>
        <Key big tone="scene" icon="check" refused={reasonOf(next)} onPress={() => take(next)}>
          {t(`act.${next.act}`)}
        </Key>
      </footer>
    )
  }
  if (!next && side.length === 0 && !canType && !delivered.value[order.id] && stands.waiting.length === 0) return null
  return (
    <footer class="keys">
      <Unsaved why={failed} />
      <Sending stands={stands} lane={order.id} />
      {next && (
        <Key big tone={stands.step === 'cancelled' ? 'way' : toneOf(stands.step)} icon={KEY_ICON[next.act] ?? 'check'} busy={busy || settling} refused={reasonOf(next)} onPress={() => take(next)}>
          {t(`act.${next.act}`)}
        </Key>
      )}
      {(side.length > 0 || canType) && (
        <div class="pair">
          {side.map((choice) => (
            <Key key={choice.act} icon={KEY_ICON[choice.act] ?? 'check'} off={choice.may !== true} onPress={() => take(choice)}>
              {t(`act.${choice.act}`)}
            </Key>
          ))}
          {canType && (
            <Key tone="plain" icon="clock" onPress={() => (sheet.value = { form: 'late', order: order.id })}>
              {t('act.late')}
            </Key>
          )}
        </div>
      )}
      {side.map((choice) => {
        const reason = reasonOf(choice)
        return reason === undefined ? null : (
          <p class="why-not" key={choice.act}>
            {t(`act.${choice.act}`)}：{reason}
          </p>
        )
      })}
    </footer>
  )
}

const reasonOf = ({ may }: Choice): string | undefined => (typeof may === 'object' ? may.detail : undefined)

const FORM = { acknowledge_order: 'acknowledge', decline_order: 'decline', report_progress: 'progress', return_order: 'return' } as Partial<
  Record<ActName, 'acknowledge' | 'decline' | 'progress' | 'return'>
>

/** What became of the last tap: on the phone, or with the node. */
function Sending({ stands, lane }: { stands: Standing; lane: string }) {
  const waiting = stands.waiting.filter((act) => act.state === 'waiting')
  const done = delivered.value[lane]
  if (waiting.length > 0) {
    const names = [...new Set(waiting.map((act) => t(`act.${act.act}`)))].join('、')
    return (
      <p class="sending" role="status">
        <i class="dot" aria-hidden="true" />
        {t('queue.waiting')}：{names}
      </p>
    )
  }
  if (!done) return null
  return (
    <p class="sending done" role="status">
      <Icon name="check" />
      {t(`act.${done.act}`)} · {t('queue.done', { time: clockTime(done.at, true) })}
    </p>
  )
}
