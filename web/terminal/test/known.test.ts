//! What the page knows: lost, late, doubled and reordered news change nothing in the end.

import { describe, expect, it } from 'vitest'
import { FakeNode } from '../dev/node.ts'
import { ME, order, secondOrder, standBy, taken } from '../dev/scenes.ts'
import { changes, gone, NOTHING, told, withChange, withDesk, withOrder, withTold, type Known } from '../src/known.ts'
import type { Change, Desk, Order } from '../src/types.ts'

const desk = (seq: string, orders: Order[], more: Partial<Desk> = {}): Desk => ({ now: '2026-11-24T08:00:00.000+08:00', seq, orders, stand_bys: [], ...more })
const change = (seq: string, more: Partial<Change>): Change => ({ seq, at: '2026-11-24T08:00:00.000+08:00', kind: 'x', ring: null, ...more })
const step = (known: Known, id: string) => known.orders[id]?.step

describe('what is known', () => {
  const issued = order('a')
  const departed = taken(order('a'), 'acknowledged', 'departed')

  it('takes a desk as the whole truth, and forgets what is not on it', () => {
    const known = withDesk(withDesk(NOTHING, desk('1.5', [issued])), desk('1.6', [secondOrder('b')]))
    expect(Object.keys(known.orders)).toEqual(['b'])
  })

  it('is not set back by a desk that was read before the last event', () => {
    const known = withChange(withDesk(NOTHING, desk('1.5', [issued])), change('1.8', { order: departed })).known
    expect(step(withDesk(known, desk('1.6', [issued])), 'a')).toBe('departed')
    expect(step(withDesk(known, desk('1.6', [])), 'a')).toBe('departed') // issued after that desk was read
    expect(withDesk(known, desk('1.6', [issued])).seq).toBe('1.8')
  })

  it('is not set back by a doubled or late event', () => {
    const late = change('1.7', { order: issued })
    let { known } = withChange(NOTHING, change('1.8', { order: departed }))
    known = withChange(known, late).known
    known = withChange(known, change('1.8', { order: departed })).known
    expect(step(known, 'a')).toBe('departed')
    expect(step(withOrder(known, issued, '1.7'), 'a')).toBe('departed')
  })

  it('begins anew with a new epoch', () => {
    const known = withDesk(withChange(NOTHING, change('1.8', { order: departed })).known, desk('2.1', [issued]))
    expect(step(known, 'a')).toBe('issued')
    expect(known.seq).toBe('2.1')
  })

  it('asks for the desk when an event names what it doesn’t carry', () => {
    expect(withChange(NOTHING, change('1.8', {})).read).toBe(true)
    expect(withChange(NOTHING, change('1.8', { order: departed })).read).toBe(false)
    expect(withChange(NOTHING, change('1.8', { stand_by: standBy('s') })).read).toBe(false)
  })

  it('shows an emergency withdrawal at once, and asks whether it concerns more orders', () => {
    const before = withDesk(NOTHING, desk('1.5', [departed, secondOrder('b')]))
    const withdrawn = { ...departed, withdrawal: { id: 'w', reason: '有爆炸危险', confirmed: false } }
    const { known, read } = withChange(before, change('1.6', { ring: 'withdrawal', incident: 'incident-1', order: withdrawn }))
    expect(known.orders['a']?.withdrawal?.reason).toBe('有爆炸危险')
    expect(known.orders['b']?.withdrawal).toBeNull()
    expect(read).toBe(true)
    // A desk that was on its way before the withdrawal doesn't clear it.
    expect(withDesk(known, desk('1.5', [departed])).orders['a']?.withdrawal?.confirmed).toBe(false)
  })

  it('keeps telling that a stand-by was lifted, and lets go of orders whose incident is closed', () => {
    const before = withChange(withDesk(NOTHING, desk('1.5', [issued], { stand_bys: [standBy('s')] })), change('1.6', { stand_by: standBy('s', { lifted: true }) })).known
    const after = withDesk(before, desk('1.7', []))
    expect(after.stand_bys['s']?.lifted).toBe(true)
    expect(gone(before, after).map((order) => order.id)).toEqual(['a'])
  })

  it('takes a stand-by that the desk lists no longer for lifted: the page may have been closed meanwhile', () => {
    const before = withDesk(NOTHING, desk('1.5', [], { stand_bys: [standBy('s')] }))
    expect(withDesk(before, desk('1.7', [])).stand_bys['s']?.lifted).toBe(true)
    // A desk that was read before the stand-by came says nothing about it.
    const pushed = withChange(NOTHING, change('1.8', { stand_by: standBy('s') })).known
    expect(withDesk(pushed, desk('1.7', [])).stand_bys['s']?.lifted).toBe(false)
  })

  it('ends the same in whatever order the news of the node arrives', () => {
    const node = new FakeNode(ME)
    node.issue(order('a'))
    node.move('a', 'acknowledged')
    node.move('a', 'departed')
    const log = (node as unknown as { log: Change[] }).log.map((heard) => structuredClone(heard))
    const end = (news: Change[]) => news.reduce((known, heard) => withChange(known, heard).known, NOTHING).orders['a']?.step
    const [one, two, three] = log as [Change, Change, Change]
    for (const news of [[one, two, three], [three, two, one], [two, three, one], [one, one, three, two, three]]) expect(end(news)).toBe('departed')
  })
})

describe('what has changed since it was read', () => {
  const departed = taken(order('a'), 'acknowledged', 'departed')
  const what = (now: Order, before = departed) => changes(told(before), now).map((change) => change.what)

  it('is the place, the kind and the substance, each with what it was', () => {
    const moved = { ...departed, place: { ...departed.place, text: '石岛油库 5 号罐区' }, hazard: { code: 'fire', name: '火灾' }, substance: null }
    expect(changes(told(departed), moved)).toEqual([
      { what: 'place', was: '石岛油库 3 号罐区', is: '石岛油库 5 号罐区' },
      { what: 'hazard', was: '危险化学品', is: '火灾' },
      { what: 'substance', was: '汽油（92 号），邻罐为甲醇', is: '' },
    ])
    expect(what({ ...departed, place: { ...departed.place, point: [122.5, 36.9] } })).toEqual(['place'])
    expect(what(departed)).toEqual([])
  })

  it('is no kind that is said in another language', () => {
    expect(changes(told(departed), { ...departed, hazard: departed.hazard && { ...departed.hazard, name: 'Hazardous chemicals' } })).toEqual([])
  })

  it('is the desk’s step, not the force’s own', () => {
    expect(what(taken(order('a'), 'acknowledged', 'departed', 'arrived'))).toEqual([])
    expect(what(taken(order('a'), 'acknowledged', 'departed', 'released'))).toEqual(['released'])
  })

  it('is a step that became overdue, and the next one again; the first answer rings by itself', () => {
    const late = { ...departed, overdue: { since: '2026-11-24T08:10:00+08:00' } }
    expect(what(late)).toEqual(['overdue'])
    expect(what(late, late)).toEqual([])
    expect(what({ ...late, overdue: { since: '2026-11-24T08:30:00+08:00' } }, late)).toEqual(['overdue'])
    expect(what(departed, late)).toEqual([])
    expect(what({ ...order('a'), overdue: late.overdue }, order('a'))).toEqual([])
  })

  it('is kept until it was read, over any number of readings of the desk', () => {
    const moved = { ...departed, substance: '甲醇' }
    let known = withTold(withDesk(NOTHING, desk('1.5', [departed])))
    for (const seq of ['1.6', '1.7']) known = withTold(withDesk(known, desk(seq, [moved])))
    expect(changes(known.told['a'], moved)).toHaveLength(1)
    expect(Object.keys(withTold(withDesk(known, desk('1.8', []))).told)).toEqual([])
  })
})
