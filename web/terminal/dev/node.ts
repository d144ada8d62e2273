//! A small node for development and tests: it answers as the API contract says, for one force, from memory. It plays faults on
//! demand (an answer that is lost, a node that is busy, a line that is cut), since a queue is only as good as its worst day.

import type { ActName, Change, Desk, Me, Order, OrderStep, Problem, Receipt, StandBy } from '../src/types.ts'
import { stamp } from '../src/time.ts'

const STEP: Partial<Record<string, { act: ActName; step: OrderStep }>> = {
  receive: { act: 'receive_order', step: 'received' },
  acknowledge: { act: 'acknowledge_order', step: 'acknowledged' },
  decline: { act: 'decline_order', step: 'declined' },
  depart: { act: 'depart_order', step: 'departed' },
  arrive: { act: 'arrive_order', step: 'arrived' },
  deploy: { act: 'deploy_order', step: 'deployed' },
  return: { act: 'return_order', step: 'returned' },
}
const FIELDS: Record<string, string[]> = {
  receive: [],
  acknowledge: ['strength', 'eta_min'],
  decline: ['reason'],
  depart: ['position', 'strength'],
  arrive: ['position', 'strength'],
  deploy: ['position', 'strength'],
  progress: ['text', 'position', 'files'],
  return: ['worked_min', 'consumables', 'confirmed_by', 'note'],
  confirm: ['ready', 'note', 'order', 'everyone_out', 'missing'],
}
const REPORTED = ['occurred_at', 'on_behalf_of']
const ROAD: OrderStep[] = ['issued', 'received', 'acknowledged', 'departed', 'arrived', 'deployed', 'released', 'returned']

const problem = (status: number, code: string, detail: string, more: Partial<Problem> = {}): Response =>
  Response.json({ type: `about:${code}`, title: code, detail, status, code, ...more }, { status, headers: { 'content-type': 'application/problem+json' } })

export interface Faults {
  /** The next so many acts are done, and their answers lost on the way. */
  loseAnswers: number
  /** The next so many acts are turned away with 503. */
  busy: number
  /** No request arrives. */
  cut: boolean
  /** No stream is given, only answers. */
  noStream: boolean
  /** Pictures are refused. */
  noPhotos: boolean
  /** The next act is refused, as if the desk had been quicker. */
  refuse: boolean
}

export class FakeNode {
  readonly me: Me
  orders: Order[] = []
  standBys: StandBy[] = []
  files = new Map<string, ArrayBuffer>()
  faults: Faults = { loseAnswers: 0, busy: 0, cut: false, noStream: false, noPhotos: false, refuse: false }
  /** Every act as it arrived, also doubled ones. */
  readonly seen: { path: string; key: string; body: string }[] = []
  /** Every act that took effect. */
  readonly done: { path: string; key: string; body: Record<string, unknown> }[] = []
  token = 'token-1'
  private seq = 100
  private readonly answers = new Map<string, { body: string; receipt: Receipt }>()
  private readonly log: Change[] = []
  private listeners = new Set<(text: string) => void>()

  constructor(me: Me) {
    this.me = me
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(typeof input === 'string' && input.startsWith('/') ? `http://node${input}` : input, init)
    if (this.faults.cut) throw new TypeError('network')
    const { pathname, searchParams } = new URL(request.url)
    const path = pathname.replace(/^\/api\/v1/, '')
    if (path === '/session' && request.method === 'POST') return this.signIn((await request.json()) as { username: string; password: string })
    if (request.headers.get('authorization') !== `Bearer ${this.token}`) return problem(401, 'signed_out', '请先登录')
    if (path === '/session') return new Response(null, { status: 204 })
    if (path === '/desk') return Response.json(this.desk())
    if (path === '/stream') return this.faults.noStream ? problem(503, 'busy', '暂停服务') : this.stream(request)
    if (path === '/orders') return Response.json(this.orders.filter((order) => order.force_ref.id === searchParams.get('force')).map((order) => this.shown(order)))
    if (path.startsWith('/files/')) return new Response(this.files.get(path.slice(7)) ?? null, { headers: { 'content-type': 'image/jpeg' } })
    if (path === '/files') return this.file(request)
    const [, kind, id, verb] = path.split('/')
    if (request.method === 'GET' && kind === 'orders' && !verb) {
      const order = this.orders.find((known) => known.id === id)
      return order ? Response.json(this.shown(order)) : problem(404, 'not_found', '没有这条指令')
    }
    if (request.method !== 'POST' || !verb) return problem(404, 'not_found', '没有这个地址')
    return this.act(path, kind ?? '', id ?? '', verb, request.headers.get('idempotency-key') ?? '', await request.text())
  }

  private signIn({ username, password }: { username: string; password: string }): Response {
    if (username !== this.me.account || password !== 'muster-demo') return problem(401, 'wrong_password', '账号或密码不对')
    return Response.json({ token: this.token, me: this.me })
  }

  private act(path: string, kind: string, id: string, verb: string, key: string, body: string): Response {
    this.seen.push({ path, key, body })
    if (key === '') return problem(422, 'key_missing', '缺少 Idempotency-Key')
    const before = this.answers.get(key)
    if (before) return before.body === body ? this.answer(before.receipt) : problem(422, 'key_reused', '同一个键用于另一请求')
    if (this.faults.busy > 0) {
      this.faults.busy -= 1
      return problem(503, 'busy', '平台忙，请稍后')
    }
    const act = JSON.parse(body) as Record<string, unknown>
    const unknown = Object.keys(act).find((field) => ![...(FIELDS[verb] ?? []), ...(verb === 'receive' ? [] : REPORTED)].includes(field))
    if (unknown) return problem(422, 'unknown_field', '请求有误', { errors: [{ pointer: `/${unknown}`, detail: `没有 ${unknown} 这个字段` }] })
    if (this.faults.refuse) {
      this.faults.refuse = false
      return problem(409, 'order_cancelled', '指令已由调度取消，不能再登记到场', { clause: '4.1.4', instead: [{ act: 'report_progress', text: '电话向 119 指挥中心说明情况' }] })
    }
    const refused = kind === 'orders' ? this.onOrder(id, verb, act) : kind === 'stand-bys' ? this.onStandBy(id, act) : this.onWithdrawal(id, act)
    if (refused) return refused
    this.done.push({ path, key, body: act })
    const receipt = { kind: kind.slice(0, -1), id, incident: null, seq: `1.${this.seq}` }
    this.answers.set(key, { body, receipt })
    return this.answer(receipt)
  }

  private answer(receipt: Receipt): Response {
    if (this.faults.loseAnswers > 0) {
      this.faults.loseAnswers -= 1
      throw new TypeError('network')
    }
    return Response.json(receipt)
  }

  private onOrder(id: string, verb: string, act: Record<string, unknown>): Response | undefined {
    const order = this.orders.find((known) => known.id === id)
    if (!order) return problem(404, 'not_found', '没有这条指令')
    if (order.step === 'cancelled' && verb !== 'return') return problem(409, 'order_cancelled', `指令 ${order.number} 已取消，不能再${verb === 'depart' ? '出动' : '操作'}`, { clause: '4.1.4' })
    const at = String(act['occurred_at'] ?? stamp(Date.now()))
    const reported = { at, recorded_at: stamp(Date.now()), by: this.me.position }
    if (verb === 'progress') {
      order.progress.unshift({ text: String(act['text']), files: (act['files'] as string[] | undefined) ?? [], position: null, reported })
    } else {
      const step = STEP[verb]?.step
      if (!step) return problem(404, 'not_found', '没有这个地址')
      if (order.steps.some((known) => known.step === step)) return problem(409, 'already_done', `指令 ${order.number} 的这一步已经记录`)
      if (step === 'declined' || ROAD.indexOf(step) > ROAD.indexOf(order.step)) order.step = step
      order.steps.push({ step, reported, ...(step === 'declined' ? { note: String(act['reason']) } : {}) })
      order.due = step === 'acknowledged' || step === 'departed' ? stamp(Date.now() + 600_000) : step === 'received' ? order.due : null
    }
    this.tell({ kind: `order.${verb}`, incident: order.incident, ring: null, order: this.shown(order) })
    return undefined
  }

  private onStandBy(id: string, act: Record<string, unknown>): Response | undefined {
    const found = this.standBys.find((known) => known.id === id)
    if (!found) return problem(404, 'not_found', '没有这条待命')
    found.confirmed = { ready: act['ready'] === true, reported: { at: String(act['occurred_at']), recorded_at: stamp(Date.now()), by: this.me.position } }
    this.tell({ kind: 'stand_by.confirmed', incident: found.incident, ring: null, stand_by: found })
    return undefined
  }

  private onWithdrawal(id: string, act: Record<string, unknown>): Response | undefined {
    const order = this.orders.find((known) => known.id === act['order'])
    if (!order?.withdrawal || order.withdrawal.id !== id) return problem(404, 'not_found', '没有这次撤离')
    order.withdrawal = { ...order.withdrawal, confirmed: true }
    this.tell({ kind: 'withdrawal.confirmed', incident: order.incident, ring: null, order: this.shown(order) })
    return undefined
  }

  private async file(request: Request): Promise<Response> {
    const key = request.headers.get('idempotency-key') ?? ''
    if (this.faults.noPhotos) return problem(413, 'too_large', '图片太大')
    const bytes = await request.arrayBuffer()
    if (!this.answers.has(key)) {
      const id = `file-${this.files.size + 1}`
      this.files.set(id, bytes)
      this.answers.set(key, { body: '', receipt: { kind: 'file', id, incident: null, seq: '' } })
    }
    const id = this.answers.get(key)?.receipt.id ?? ''
    if (this.faults.loseAnswers > 0) {
      this.faults.loseAnswers -= 1
      throw new TypeError('network')
    }
    return Response.json({ id, name: 'photo.jpg', size: bytes.byteLength, media_type: 'image/jpeg' })
  }

  /** What an order looks like now, with what may be done. */
  private shown(order: Order): Order {
    const may: Order['may'] = {}
    const taken = (step: OrderStep) => order.steps.some((known) => known.step === step)
    const not = (detail: string) => ({ code: 'wrong_status', detail, clause: '4.1.4' })
    const over = order.step === 'declined' || order.step === 'cancelled'
    for (const { act, step } of Object.values(STEP).filter((known) => known !== undefined)) {
      if (taken(step)) continue
      if (act === 'decline_order') may[act] = ROAD.indexOf(order.step) < 3 && !over ? true : not('已出动，不能再答复不能出动')
      else if (act === 'return_order') may[act] = order.step === 'released' || order.step === 'cancelled' ? true : { ...not('须经现场指挥同意撤回后登记'), clause: '4.1.5' }
      else may[act] = over ? not('指令已结束') : true
    }
    may['report_progress'] = !over && ROAD.indexOf(order.step) < 6 ? true : not('指令已结束')
    return { ...order, may }
  }

  desk(): Desk {
    const orders = this.orders.map((order) => this.shown(order))
    return { now: stamp(Date.now()), seq: `1.${this.seq}`, orders, stand_bys: this.standBys.filter((stand_by) => !stand_by.lifted) }
  }

  /** A change that every listener hears. */
  tell(change: Omit<Change, 'seq' | 'at'>): void {
    this.seq += 1
    const whole: Change = { ...change, seq: `1.${this.seq}`, at: stamp(Date.now()) }
    this.log.push(whole)
    for (const listener of this.listeners) listener(frame('change', whole.seq, whole))
  }

  issue(order: Order): void {
    this.orders.push(order)
    this.tell({ kind: 'order.issued', incident: order.incident, drill: order.drill, ring: 'order', order: this.shown(order) })
  }

  pushStandBy(stand_by: StandBy): void {
    this.standBys.push(stand_by)
    this.tell({ kind: 'stand_by.pushed', incident: stand_by.incident, ring: 'order', stand_by })
  }

  withdraw(id: string, reason: string, incident: string): void {
    for (const order of this.orders) {
      if (order.incident !== incident) continue
      order.withdrawal = { id, reason, confirmed: false }
      this.tell({ kind: 'command.withdrawal_ordered', incident, ring: 'withdrawal', text: reason, order: this.shown(order) })
    }
  }

  /** The desk corrects what is known of an incident: the event names no order, as the node's doesn't. */
  classify(incident: string, change: Partial<Pick<Order, 'place' | 'hazard' | 'substance'>>): void {
    for (const order of this.orders) if (order.incident === incident) Object.assign(order, change)
    this.tell({ kind: 'incident.classified', incident, ring: 'order' })
  }

  /** A stand-by is over: the force may stand down. */
  lift(id: string): void {
    const found = this.standBys.find((known) => known.id === id)
    if (!found) return
    found.lifted = true
    this.tell({ kind: 'stand_by.lifted', incident: found.incident, ring: 'order', stand_by: found })
  }

  /** The desk moves an order on by itself. */
  move(id: string, step: OrderStep, note?: string): void {
    const order = this.orders.find((known) => known.id === id)
    if (!order) return
    order.step = step
    order.due = null
    const now = stamp(Date.now())
    order.steps.push({ step, reported: { at: now, recorded_at: now, by: '现场指挥' }, note: note ?? null })
    this.tell({ kind: `order.${step}`, incident: order.incident, ring: null, order: this.shown(order) })
  }

  private stream(request: Request): Response {
    const since = Number((request.headers.get('last-event-id') ?? `1.${this.seq}`).split('.')[1])
    const missed = this.log.filter((change) => Number(change.seq.split('.')[1]) > since)
    let end = () => {}
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const text = new TextEncoder()
        const write = (piece: string) => controller.enqueue(text.encode(piece))
        const beat = () => write(frame('heartbeat', undefined, { now: stamp(Date.now()), seq: `1.${this.seq}` }))
        beat()
        for (const change of missed) write(frame('change', change.seq, change))
        const timer = setInterval(beat, 10_000)
        this.listeners.add(write)
        end = () => {
          clearInterval(timer)
          this.listeners.delete(write)
        }
        request.signal.addEventListener('abort', () => {
          end()
          controller.error(new DOMException('the line was cut', 'AbortError'))
        })
      },
      cancel: () => end(),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

const frame = (event: string, id: string | undefined, data: unknown): string => `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
