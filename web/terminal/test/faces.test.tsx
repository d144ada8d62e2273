// @vitest-environment jsdom
//! What a person sees on the phone, over the whole page.

import { afterEach, describe, expect, it } from 'vitest'
import { FakeNode } from '../dev/node.ts'
import { ME, nodeWith, order, taken } from '../dev/scenes.ts'
import { known } from '../src/sync.ts'
import { sheet } from '../src/view.ts'
import { close, dialog, fill, open, press, sees, until } from './phone.tsx'

afterEach(close)

const working = (): FakeNode => {
  const node = new FakeNode(ME)
  node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed', 'arrived'))
  return node
}

describe('a form', () => {
  it('stays with what was typed when the order under it leaves the desk', async () => {
    const node = working()
    await open(node)
    await press('报告进展')
    fill(dialog().querySelector('textarea'), '北门有人被困')
    node.orders = []
    node.tell({ kind: 'incident.closed', incident: 'incident-1', ring: null })
    await until(() => known.value.orders['order-0031'] === undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(dialog().querySelector('textarea')?.value).toBe('北门有人被困')
  })

  it('that has lost its order says so and lets the page go', async () => {
    await open(nodeWith('calm'))
    sheet.value = { form: 'progress', order: 'order-gone' }
    await sees('这条指令已不在本机')
    await press('关闭', dialog())
    await until(() => document.querySelector('.page:not([inert])') !== null)
  })
})
