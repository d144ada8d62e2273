import type { Order } from '../api/index.ts'
import { byUrgency } from './tones.ts'

/** One row for each order, the most urgent first. */
export function distinctOrders(orders: Order[]): Order[] {
  return [...new Map(orders.map((order) => [order.id, order])).values()].sort(byUrgency)
}
