// @vitest-environment jsdom
//! What a person sees on the phone, over the whole page.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeNode } from '../dev/node.ts'
import { ME, nodeWith, order, standBy, taken } from '../dev/scenes.ts'
import { actOn, acts, known, stop } from '../src/sync.ts'
import type { Order } from '../src/types.ts'
import { sheet } from '../src/view.ts'
import { close, dialog, fill, open, press, sees, seesNot, text, until } from './phone.tsx'

afterEach(close)

const AT_ORDER = { at: { at: 'order', id: 'order-0031' } } as const

const working = (): FakeNode => {
  const node = new FakeNode(ME)
  node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed', 'arrived'))
  return node
}

describe('a form', () => {
  it('stays with what was typed when the order under it leaves the desk', async () => {
    const node = working()
    await open(node, AT_ORDER)
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

describe('what could not be saved', () => {
  /** The phone's disk takes nothing, for this reason. */
  const diskFails = (name: string) => vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => { throw new DOMException('no', name) })
  afterEach(() => void vi.restoreAllMocks())

  it('keeps the form with its words and says why; pressed again, it goes once', async () => {
    const node = working()
    await open(node, AT_ORDER)
    await press('报告进展')
    fill(dialog().querySelector('textarea'), '北门有人被困')
    const disk = diskFails('QuotaExceededError')
    await press('报告', dialog())
    await sees('未保存：手机存储空间已满')
    expect(dialog().querySelector('textarea')?.value).toBe('北门有人被困')
    disk.mockRestore()
    await press('报告', dialog())
    await until(() => document.querySelector('[role=dialog]') === null)
    await until(() => node.done.length === 1)
    expect(node.done[0]?.body['text']).toBe('北门有人被困')
  })

  it('is said of a step’s key, which can be pressed again at once', async () => {
    const node = working()
    await open(node, AT_ORDER)
    const disk = diskFails('UnknownError')
    await press('已展开作业')
    await sees('未保存：手机存储出错')
    disk.mockRestore()
    await press('已展开作业')
    await until(() => node.orders[0]?.step === 'deployed')
    await seesNot('未保存')
  })

  it('is said of a stand-by and of a withdrawal', async () => {
    const node = nodeWith('stand-by')
    await open(node)
    diskFails('UnknownError')
    await press('确认待命')
    await sees('未保存：手机存储出错')
    node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed', 'arrived'))
    node.withdraw('w', '有爆炸危险', 'incident-1')
    await press('全部撤出')
    await until(() => document.querySelector('.withdrawal')?.textContent?.includes('未保存') === true)
  })

  it('is said when the page works for nobody', async () => {
    await open(working(), AT_ORDER)
    await press('报告进展')
    fill(dialog().querySelector('textarea'), '北门有人被困')
    await until(() => document.querySelector('.sheet-foot button:enabled') !== null)
    const shown = known.value
    stop()
    known.value = shown
    await press('报告', dialog())
    await sees('未保存：本页还没有准备好')
  })

  it('of a photo is kept until it was read, also after the report has arrived', async () => {
    const node = working()
    node.faults.noPhotos = true
    await open(node, AT_ORDER)
    const shown = known.value.orders['order-0031']
    if (shown) await actOn(shown, 'report_progress', { text: '火势已控制' }, { photos: [{ id: 'photo-x', bytes: new Uint8Array([1]).buffer }] })
    await until(() => known.value.orders['order-0031']?.progress.length === 1 && acts.value.every((act) => act.state === 'partly'))
    expect(text()).toContain('有 1 张照片未被接受')
    expect(text()).toContain('图片太大')
    expect(document.querySelectorAll('.progress li')).toHaveLength(1)
    await press('知道了')
    await seesNot('照片未被接受')
    expect(acts.value).toEqual([])
  })
})

describe('news on the way', () => {
  /** The phone's buzzer: what the alarm does on a phone, sound or not. */
  const buzz = vi.fn()
  beforeEach(() => {
    buzz.mockClear()
    Object.defineProperty(navigator, 'vibrate', { value: buzz, configurable: true })
  })
  const rings = () => until(() => buzz.mock.calls.some(([pattern]) => pattern !== 0))
  const isSilent = () => until(() => buzz.mock.lastCall?.[0] === 0)

  it('rings and fills the screen when place or substance changed, until it was read', async () => {
    const node = working()
    await open(node)
    expect(buzz).not.toHaveBeenCalled()
    node.classify('incident-1', { place: { text: '石岛油库 5 号罐区', quality: 'map' }, substance: '甲醇' })
    await until(() => document.querySelector('.order .changed') !== null)
    await rings()
    expect(document.querySelector('.order .changed')?.textContent).toMatch(/事发地点.*石岛油库 5 号罐区.*石岛油库 3 号罐区.*涉及物质.*甲醇/)
    await press('知道了')
    await seesNot('情况有变')
    await isSilent()
  })

  it('rings as well when it came while the page was closed', async () => {
    const node = working()
    await open(node)
    close()
    node.classify('incident-1', { hazard: { code: 'fire', name: '火灾' } })
    await open(node, { again: true })
    await sees('情况有变')
    await rings()
    close()
    await open(node, { again: true }) // closed without reading
    await sees('情况有变')
  })

  it('rings when the force is released, and its own steps never do', async () => {
    const node = working()
    await open(node, AT_ORDER)
    await press('已展开作业')
    await until(() => node.orders[0]?.step === 'deployed')
    await sees('展开作业')
    expect(text()).not.toContain('情况有变')
    expect(buzz).not.toHaveBeenCalled()
    node.move('order-0031', 'released')
    await sees('情况有变')
    await rings()
  })

  it('rings when an order is called off that was muted while it was new', async () => {
    const node = nodeWith('order')
    await open(node)
    await press('静音')
    await isSilent()
    buzz.mockClear()
    node.move('order-0031', 'cancelled')
    await sees('指令已取消，请中途返回')
    await rings()
    await press('知道了，返回')
    await isSilent()
  })

  it('rings when a stand-by is lifted, until it was read', async () => {
    const node = nodeWith('calm')
    node.pushStandBy(standBy('s', { confirmed: { ready: true, reported: { at: '', recorded_at: '', by: '' } } }))
    await open(node)
    node.lift('s')
    await sees('待命已解除')
    await rings()
    await press('知道了')
    await isSilent()
    expect(text()).toContain('待命已解除')
  })
})

describe('an order', () => {
  it('at a step that this build does not know shows its code, in the list and whole', async () => {
    const node = new FakeNode(ME)
    node.issue({ ...taken(order('order-0031'), 'received', 'acknowledged'), step: 'resting' as Order['step'] })
    await open(node)
    await sees('resting')
    await press(document.querySelector('.card')?.textContent ?? '')
    await until(() => document.querySelector('.order .hero')?.textContent?.includes('resting') === true)
  })

  it('that asks is announced, and takes the keyboard and the reader with it', async () => {
    const node = nodeWith('calm')
    await open(node)
    await sees('值守中')
    node.issue(order('order-0031'))
    await until(() => document.querySelector('.hero [role=alert]')?.textContent?.includes('石岛油库 3 号罐区') === true)
    await until(() => document.activeElement === document.querySelector('.order'))
  })

  it('opened by hand takes the focus as well, and is no alarm when nothing is asked', async () => {
    await open(working())
    await press(document.querySelector('.card')?.textContent ?? '')
    await until(() => document.querySelector('.order') !== null)
    await until(() => document.activeElement === document.querySelector('.order'))
    expect(document.querySelector('[role=alert]')).toBeNull()
  })

  it('that is over still asks for its people when the node still waits for the withdrawal', async () => {
    const node = working()
    await open(node)
    node.withdraw('w', '有爆炸危险', 'incident-1')
    node.move('order-0031', 'returned')
    await until(() => known.value.orders['order-0031']?.step === 'returned')
    await press('全部撤出')
    await until(() => node.done.some(({ path }) => path === '/withdrawals/w/confirm'))
    await until(() => document.querySelector('.withdrawal') === null)
  })
})
