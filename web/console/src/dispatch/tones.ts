import type { Notice, Order, OrderStep, Plan, PlanStatus } from '../api/index.ts'
import type { Tone } from '../ui/index.ts'

export const STEP_TONE = {
  issued: 'waiting', received: 'waiting', acknowledged: 'under-way', declined: 'bad', departed: 'under-way', arrived: 'good', deployed: 'good', released: 'past',
  returned: 'past', cancelled: 'past',
} satisfies Record<OrderStep, Tone>

export const PLAN_TONE = {
  draft: 'past', submitted: 'waiting', approved: 'good', partly_approved: 'good', sent_back: 'bad', withdrawn: 'past',
} satisfies Record<PlanStatus, Tone>

/** How urgent an order is to who watches the board: what failed first, then who has not answered, then who is moving. */
const STEP_RANK = {
  declined: 1, issued: 3, received: 3, acknowledged: 4, departed: 5, arrived: 6, deployed: 7, released: 8, returned: 9, cancelled: 9,
} satisfies Record<OrderStep, number>

export function byUrgency(a: Order, b: Order): number {
  return rank(a) - rank(b) || dueMs(a) - dueMs(b) || a.number.localeCompare(b.number)
}
const rank = (order: Order) => (order.withdrawal && !order.withdrawal.confirmed ? 0 : order.overdue ? 0.5 : STEP_RANK[order.step])
const dueMs = (order: Order) => (order.due ? Date.parse(order.due) : Number.MAX_SAFE_INTEGER)

/** Whether the desk must act: late, declined, or not heard out of a withdrawal. */
export const hasFailed = (order: Order) => !!order.overdue || order.step === 'declined' || (!!order.withdrawal && !order.withdrawal.confirmed)
export const isOver = (order: Order) => order.step === 'returned' || order.step === 'cancelled' || order.step === 'declined'

/** Whether the last known position has grown old: nobody has said for so long that the force is still there. */
export const positionIsOld = (order: Pick<Order, 'position' | 'position_at'>, limit_s: number, now: number) => !!order.position && !!order.position_at && now - Date.parse(order.position_at) > limit_s * 1000

export const writtenTone = (written: NonNullable<Plan['approval']>['written']): Tone => ({ not_needed: 'past', due: 'waiting', overdue: 'bad', done: 'good' } as const)[written]
export const noticeTone = (notice: Pick<Notice, 'acknowledged' | 'overdue'>): Tone => (notice.acknowledged ? 'good' : notice.overdue ? 'bad' : 'waiting')
