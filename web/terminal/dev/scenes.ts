//! Scenes to look at and to test with: a sample force of the demo and what may happen to it. Everything is invented.

import type { Me, Order, StandBy } from '../src/types.ts'
import { stamp } from '../src/time.ts'
import { FakeNode } from './node.ts'

export const ME: Me = {
  account: 'force-001',
  role: 'force',
  position: '荣成化工应急队 值班员',
  org: { id: 'org-chem', name: '荣成化工有限公司' },
  force: { id: 'force-001', name: '荣成化工应急队' },
  jurisdiction: { code: '371082', name: '荣成市' },
  demo: false,
}

const FORCE = { id: 'force-001', name: '荣成化工应急队', kind: 'enterprise', type: '危化品', org: { id: 'org-chem', name: '荣成化工有限公司' }, town: null, strength: 12, call_sign: '化工 1' }
const ago = (minutes: number): string => stamp(Date.now() - minutes * 60_000)

/** An order as issued a moment ago. */
export function order(id: string, change: Partial<Order> = {}): Order {
  const issued_at = ago(0.3)
  return {
    id,
    number: `荣联指〔2026〕${id.slice(-4)}`,
    incident: 'incident-1',
    incident_number: '20261124-0007',
    drill: false,
    basis: 'approved_plan',
    force: FORCE,
    force_ref: { id: FORCE.id, name: FORCE.name },
    task: '出泡沫车 1 台、堵漏组 6 人，在 3 号罐区南侧设泡沫炮阵地，冷却邻罐并准备堵漏。',
    arrangements: {
      assembly_point: { text: '石岛港务大道与海港路口，港区南门外停车场', point: [122.4217, 36.8893] },
      report_to: { position: '前方指挥部 作战组组长', phone: '0631-5550119' },
      radio_channel: '消防 3 频道（数字 412.350）',
      protection: '二级防化服、正压式空气呼吸器；进入罐区须经安全员登记',
      wind: '西北风 4 级，从东南侧道路绕行进入',
      bring: '抗溶性泡沫 6 吨、带压堵漏工具 1 套、可燃气体检测仪 4 台',
      plates: ['鲁K·A8119应急', '鲁K·B2037'],
      note: null,
    },
    step: 'issued',
    steps: [{ step: 'issued', reported: { at: issued_at, recorded_at: issued_at, by: '消防救援大队 值班大队长' } }],
    issued_by: '消防救援大队 值班大队长',
    issued_at,
    due: stamp(Date.now() + 165_000),
    contacts: [
      { position: '119 指挥中心 调度席', phone: '0631-5550110' },
      { position: '应急管理局 值班室', phone: '0631-5550120' },
    ],
    place: { text: '石岛油库 3 号罐区', point: [122.4195, 36.8921], town: { id: '371082001', name: '石岛街道' }, quality: 'map' },
    hazard: { code: 'haz-chem', name: '危险化学品' },
    substance: '汽油（92 号），邻罐为甲醇',
    progress: [],
    withdrawal: null,
    short_text: `指令 ${id.slice(-4)}：荣成化工应急队，石岛油库 3 号罐区火灾，出泡沫车 1 台、堵漏组 6 人，到港区南门外停车场集结，向前方指挥部作战组组长报到，频道消防 3。`,
    may: {},
    ...change,
  }
}

/** The same force is wanted at another incident. */
export const secondOrder = (id: string, change: Partial<Order> = {}): Order =>
  order(id, {
    incident: 'incident-2',
    incident_number: '20261124-0009',
    place: { text: '俚岛镇峨石山隧道东口', point: [122.5614, 37.2402], town: { id: '371082105', name: '俚岛镇' }, quality: 'town_seat' },
    hazard: { code: 'haz-traffic', name: '道路交通事故' },
    substance: null,
    task: '液化气槽车侧翻，检测泄漏并支援稀释。',
    basis: 'preauthorised',
    ...change,
  })

export const standBy = (id: string, change: Partial<StandBy> = {}): StandBy => ({
  id,
  incident: 'incident-1',
  incident_number: '20261124-0007',
  drill: false,
  text: '石岛油库 3 号罐区起火，可能调用你队泡沫车和堵漏组，请做好出动准备。',
  pushed_at: ago(1),
  due: stamp(Date.now() + 240_000),
  confirmed: null,
  lifted: false,
  may: { confirm_stand_by: true },
  ...change,
})

/** Steps taken up to one, some minutes apart. */
export function taken(base: Order, ...steps: Order['step'][]): Order {
  const all = [...base.steps]
  steps.forEach((step, index) => {
    const at = ago((steps.length - index) * 9)
    all.push({ step, reported: { at, recorded_at: at, by: ME.position } })
  })
  return { ...base, issued_at: ago(steps.length * 9 + 2), step: steps.at(-1) ?? base.step, steps: all, due: null }
}

export const SCENES: Record<string, (node: FakeNode) => void> = {
  calm: () => {},
  'stand-by': (node) => node.pushStandBy(standBy('standby-1')),
  order: (node) => node.issue(order('order-0031')),
  'order-late': (node) => node.issue(order('order-0031', { due: ago(1.2) })),
  drill: (node) => node.issue(order('order-0031', { drill: true })),
  'drill-second': (node) => node.issue(secondOrder('order-0044', { drill: true })),
  'drill-stand-by': (node) => node.pushStandBy(standBy('standby-1', { drill: true })),
  acknowledged: (node) => node.issue({ ...taken(order('order-0031'), 'received', 'acknowledged'), due: stamp(Date.now() + 390_000) }),
  departed: (node) => node.issue({ ...taken(order('order-0031'), 'received', 'acknowledged', 'departed'), due: stamp(Date.now() + 600_000) }),
  deployed: (node) =>
    node.issue({
      ...taken(order('order-0031'), 'received', 'acknowledged', 'departed', 'arrived', 'deployed'),
      progress: [
        { text: '泡沫炮阵地已建立，邻罐温度 41℃，继续冷却', files: [], position: [122.4217, 36.8893], reported: { at: ago(6), recorded_at: ago(6), by: ME.position } },
        { text: '泡沫余量 4 吨', files: [], position: null, reported: { at: ago(3), recorded_at: ago(2), by: '119 指挥中心 调度席', through: 'radio', on_behalf_of: ME.position } },
      ],
    }),
  released: (node) => node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed', 'arrived', 'deployed', 'released')),
  cancelled: (node) => {
    node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed'))
    node.move('order-0031', 'cancelled', '火势已由首批力量控制')
  },
  two: (node) => {
    node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed'))
    node.issue(secondOrder('order-0044'))
  },
  withdrawal: (node) => {
    node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed', 'arrived', 'deployed'))
    node.withdraw('withdrawal-1', '2 号罐壁变色、啸叫，有爆炸危险', 'incident-1')
  },
  'withdrawal-drill': (node) => {
    node.issue(taken(order('order-0031', { drill: true }), 'received', 'acknowledged', 'departed', 'arrived', 'deployed'))
    node.withdraw('withdrawal-1', '演练：模拟罐壁变色', 'incident-1')
  },
  past: (node) => {
    node.issue(taken(order('order-0031'), 'received', 'acknowledged', 'departed', 'arrived', 'deployed', 'released', 'returned'))
    node.issue({ ...taken(secondOrder('order-0044'), 'received', 'declined') })
    node.issue({ ...taken(order('order-0052', { drill: true }), 'received', 'acknowledged', 'departed', 'arrived', 'returned') })
  },
}

/** A node with one scene played. */
export function nodeWith(scene: string): FakeNode {
  const node = new FakeNode(ME)
  const play = SCENES[scene]
  if (!play) throw new Error(`no scene ${scene} (known: ${Object.keys(SCENES).join(', ')})`)
  play(node)
  return node
}
