//! Where an order stands, and the one next step.

import { describe, expect, it } from 'vitest'
import { ME, nodeWith, order, SCENES, taken } from '../dev/scenes.ts'
import { FakeNode } from '../dev/node.ts'
import type { Queued } from '../src/queue.ts'
import { choices, standing, wantsAnswer } from '../src/steps.ts'
import type { ActName, Order } from '../src/types.ts'

const queued = (act: ActName, more: Partial<Queued> = {}): Queued => ({
  n: 1, key: act, lane: 'a', incident: 'i', act, path: '', body: {}, occurred_at: '2026-11-24T08:00:00.000+08:00', automatic: false, photos: [], about: { incident_number: '', drill: false },
  state: 'waiting', tries: 0, next_ms: 0, ...more,
})
/** The order as the node shows it, with `may`. */
function shown(base: Order): Order {
  const node = new FakeNode(ME)
  node.orders = [base]
  return node.desk().orders[0] as Order
}
const next = (base: Order, ...acts: Queued[]) => choices(base, standing(base, acts)).next?.act

describe('the next step', () => {
  it('follows the node’s own answer', () => {
    expect(next(shown(order('a')))).toBe('acknowledge_order')
    expect(next(shown(taken(order('a'), 'acknowledged')))).toBe('depart_order')
    expect(next(shown(taken(order('a'), 'acknowledged', 'departed')))).toBe('arrive_order')
    expect(next(shown(taken(order('a'), 'acknowledged', 'departed', 'arrived', 'deployed')))).toBe('report_progress')
    expect(next(shown(taken(order('a'), 'acknowledged', 'departed', 'arrived', 'released')))).toBe('return_order')
  })

  it('goes on without a network: own taps lead to the step after them', () => {
    const base = shown(order('a'))
    expect(next(base, queued('acknowledge_order'))).toBe('depart_order')
    expect(next(base, queued('acknowledge_order'), queued('depart_order'), queued('arrive_order'))).toBe('deploy_order')
  })

  it('can skip a step: a later one implies the earlier', () => {
    const { others } = choices(shown(taken(order('a'), 'acknowledged')), standing(taken(order('a'), 'acknowledged'), []))
    expect(others.map(({ act }) => act)).toContain('arrive_order')
    const stands = standing(order('a'), [queued('arrive_order')])
    expect([stands.step, wantsAnswer(stands)]).toEqual(['arrived', false])
  })

  it('shows what the node forbids, with its reason', () => {
    const base = shown(taken(order('a'), 'acknowledged', 'departed', 'arrived'))
    const home = choices(base, standing(base, [])).others.find(({ act }) => act === 'return_order')
    expect(home?.may).toMatchObject({ clause: '4.1.5' })
  })

  it('offers nothing on an order that is over, but the return form after being called off', () => {
    const declined = shown(taken(order('a'), 'declined'))
    expect(choices(declined, standing(declined, []))).toMatchObject({ next: null, others: [] })
    expect(next(shown(taken(order('a'), 'departed', 'cancelled')))).toBe('return_order')
  })

  it('leaves declining open until departure, since a vehicle may fail', () => {
    const base = shown(taken(order('a'), 'acknowledged'))
    expect(choices(base, standing(base, [])).others.map(({ act }) => act)).toContain('decline_order')
    const away = shown(taken(order('a'), 'acknowledged', 'departed'))
    expect(choices(away, standing(away, [])).others.map(({ act }) => act)).not.toContain('decline_order')
  })

  it('is not led on by a tap that was refused, and never hides that the desk called the force off', () => {
    const base = shown(order('a'))
    expect(standing(base, [queued('acknowledge_order', { state: 'refused' })]).step).toBe('issued')
    expect(standing(taken(order('a'), 'cancelled'), [queued('arrive_order')]).step).toBe('cancelled')
    expect(standing(taken(order('a'), 'released'), [queued('deploy_order')]).step).toBe('released')
  })

  it('never mixes two orders', () => {
    expect(standing(order('b'), [queued('arrive_order')]).step).toBe('issued')
  })
})

describe('the scenes to look at', () => {
  it('each play', () => {
    for (const scene of Object.keys(SCENES)) expect(() => nodeWith(scene)).not.toThrow()
  })
})
