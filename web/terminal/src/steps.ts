//! Where an order stands, with what was tapped on this phone and is still on its way. Pure.
//! The node decides what is allowed (`may`); only while own taps are under way is the usual next step offered without asking.

import { isToRead, type Queued } from './queue.ts'
import type { ActName, May, Order, OrderStep, Time } from './types.ts'

/** The steps as a force goes through them. */
export const ROAD = ['acknowledged', 'departed', 'arrived', 'deployed', 'returned'] as const

const STEP_OF = {
  receive_order: 'received',
  acknowledge_order: 'acknowledged',
  decline_order: 'declined',
  depart_order: 'departed',
  arrive_order: 'arrived',
  deploy_order: 'deployed',
  return_order: 'returned',
} satisfies Partial<Record<ActName, OrderStep>> as Partial<Record<ActName, OrderStep>>

const RANK: Record<OrderStep, number> = {
  issued: 0, received: 1, acknowledged: 2, departed: 3, arrived: 4, deployed: 5, released: 6, returned: 7, declined: 8, cancelled: 9,
}

const NEXT: Partial<Record<OrderStep, ActName>> = {
  issued: 'acknowledge_order',
  received: 'acknowledge_order',
  acknowledged: 'depart_order',
  departed: 'arrive_order',
  arrived: 'deploy_order',
  deployed: 'report_progress',
  released: 'return_order',
  cancelled: 'return_order',
}

/** The lane of an order's acts in the outbox. */
export const laneOf = (order: { id: string }): string => order.id

export interface Standing {
  step: OrderStep
  /** When each step was taken, as the node knows it or as tapped here. */
  times: Partial<Record<OrderStep, Time>>
  /** Own taps on this order that the node's view doesn't show yet. */
  waiting: Queued[]
  refused: Queued[]
}

export function standing(order: Order, acts: Queued[]): Standing {
  const own = acts.filter((act) => act.lane === laneOf(order))
  const times: Partial<Record<OrderStep, Time>> = {}
  for (const { step, reported } of order.steps) times[step] = reported.at
  let step = order.step
  for (const act of own) {
    const taken = act.state === 'refused' ? undefined : STEP_OF[act.act]
    if (taken === undefined) continue
    if (!times[taken]) times[taken] = act.occurred_at
    // The desk may have released or called off the force meanwhile: an own older step never hides that.
    if (RANK[taken] > RANK[step]) step = taken
  }
  return { step, times, waiting: own.filter((act) => !isToRead(act) && !act.automatic), refused: own.filter((act) => act.state === 'refused') }
}

export interface Choice {
  act: ActName
  may: May
}

/** The one next step, and what else can be done now. */
export function choices(order: Order, stands: Standing): { next: Choice | null; others: Choice[] } {
  const onTheWay = stands.waiting.length > 0 && stands.step !== order.step
  const may = (act: ActName): May | undefined => (onTheWay ? guess(stands.step, act) : order.may[act])
  const possible = ACTS.flatMap((act) => {
    const answer = may(act)
    return answer === undefined || (answer !== true && !isNear(act, stands.step)) ? [] : [{ act, may: answer }]
  })
  const next = possible.find((choice) => choice.act === NEXT[stands.step]) ?? null
  return { next, others: possible.filter((choice) => choice !== next) }
}

const ACTS: ActName[] = ['acknowledge_order', 'decline_order', 'depart_order', 'arrive_order', 'deploy_order', 'report_progress', 'return_order']

/** What can't be done is shown with its reason where a person would look for it; further off it is only clutter. */
function isNear(act: ActName, step: OrderStep): boolean {
  if (act === NEXT[step]) return true
  return act === 'return_order' && (step === 'arrived' || step === 'deployed')
}

/** What usually follows, while the node's own answer is not to be had. A later step implies the earlier ones. */
function guess(step: OrderStep, act: ActName): May | undefined {
  const rank = RANK[step]
  if (rank >= RANK.returned) return undefined
  if (act === 'report_progress') return rank >= RANK.acknowledged ? true : undefined
  if (act === 'return_order') return rank >= RANK.departed ? true : undefined
  if (act === 'decline_order') return rank < RANK.departed ? true : undefined
  if (act === 'acknowledge_order' && rank >= RANK.acknowledged) return undefined
  const leads = STEP_OF[act]
  return leads !== undefined && RANK[leads] > rank && rank < RANK.released ? true : undefined
}

/** Does this order still want its first answer? Then it fills the screen and rings. */
export const wantsAnswer = (stands: Standing): boolean => stands.step === 'issued' || stands.step === 'received'

/** A step that a tap alone records. */
export const isStep = (act: ActName): act is 'depart_order' | 'arrive_order' | 'deploy_order' => act === 'depart_order' || act === 'arrive_order' || act === 'deploy_order'
