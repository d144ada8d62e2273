/** Serves the small world of `world.ts` under the node's addresses, in `vite dev` only. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import * as world from './world.ts'

const MAPS = resolve(import.meta.dirname, '../../../data/rongcheng/map')

export function fakeNode(): Plugin {
  return {
    name: 'fake-node', apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://local')
        if (url.pathname === '/healthz') return send(response, 200, { status: 'ok', demo: true })
        if (url.pathname.startsWith('/map/')) {
          readFile(resolve(MAPS, url.pathname.slice('/map/'.length))).then((bytes) => { response.setHeader('content-type', 'application/json'); response.end(bytes) }, () => send(response, 404, {}))
          return
        }
        if (!url.pathname.startsWith('/api/v1')) return next()
        answer(request, response, url).catch((error: unknown) => send(response, 500, { detail: String(error) }))
      })
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, url: URL) {
  const path = url.pathname.slice('/api/v1'.length)
  const account = (request.headers.authorization ?? '').replace('Bearer ', '')
  const body = request.method === 'POST' ? JSON.parse((await text(request)) || '{}') as Record<string, unknown> : {}
  if (path === '/session' && request.method === 'POST') return body.password ? send(response, 200, { token: body.username, me: world.me(String(body.username)) }) : send(response, 401, { detail: '账号或密码不对', code: 'wrong_password' })
  if (path === '/session') return send(response, 204, {})
  if (!account) return send(response, 401, { title: '未登录', detail: '请先登录', code: 'not_signed_in' })
  if (path === '/stream') return stream(response)
  if (request.method === 'POST') {
    if (path === '/call-sheets/parse') return send(response, 200, world.sheet(String(body.text)))
    return send(response, 201, { kind: 'incident', id: 'incident-2', incident: path === '/incidents' ? 'incident-2' : (/incidents\/([^/]+)/.exec(path)?.[1] ?? 'incident-1'), seq: '1.10' })
  }
  const [, part, id, sub] = path.split('/')
  if (path === '/me') return send(response, 200, world.me(account))
  if (path === '/desk') return send(response, 200, world.desk(account))
  if (path === '/reference') return send(response, 200, world.reference)
  if (path === '/search') {
    const q = (url.searchParams.get('q') ?? '').toLowerCase()
    return send(response, 200, world.hits.filter((hit) => hit.name.includes(q) || hit.initials.startsWith(q)))
  }
  if (path === '/forces') return send(response, 200, world.forces.map(world.forceView))
  if (part === 'forces') return send(response, 200, world.forceView(world.forces.find((one) => one.id === id) ?? (world.forces[0] as (typeof world.forces)[number])))
  if (path === '/orgs') return send(response, 200, world.reference.orgs)
  if (path === '/duty') return send(response, 200, [{ org: { id: 'org-yingji', name: '应急管理局' }, officer: '应急局值班员02', leader: '应急局带班领导01', deputies: ['应急局备岗01', '应急局备岗02'] }, { org: { id: 'org-xiaofang', name: '消防救援大队' }, officer: '大队值班员01', leader: '大队值班指挥长01', deputies: [] }])
  if (path === '/shifts/sheet') { const all = world.file('incident-1'); return send(response, 200, { desk: 'brigade', officer: '大队值班员01', since: world.at(-300), next_officer: '大队值班员02', as_of: world.at(0), incidents: world.summaries, forces_out: all?.orders ?? [], plans: all?.plans ?? [], deadlines: all?.deadlines ?? [], instructions: all?.instructions ?? [] }) }
  if (path === '/compositions') return send(response, 200, [{ composition: { id: 'hazchem-3', hazard: 'hazchem', grade: 3, version: 2, source_zh: '示例，须经本地批准', source_en: 'sample', slots: [{ id: 'foam', capability: 'foam', quantity: 6, within_min: 25, own_station_first: true, known_gap: false, min_strength: null, why_zh: '', why_en: '' }] }, preauthorised: null }])
  if (path === '/incidents') return send(response, 200, { items: world.summaries })
  if (path.startsWith('/incidents/similar')) return send(response, 200, { items: [{ ...world.summaries[0], distance_m: 120, minutes: 24 }] })
  if (part === 'incidents' && id) {
    if (sub === 'timeline') return send(response, 200, { items: world.timeline })
    if (sub === 'proposal') return send(response, 200, world.proposal(id))
    if (sub === 'notifications') return send(response, 200, world.notifications)
    if (sub === 'review') return send(response, 200, world.review(id))
    if (sub === 'briefing') return send(response, 200, { lines: ['石岛油库泄漏起火，2 人被困。', '已出动 7 支，到场 2 支。', '火势控制在防火堤内。'] })
    if (sub === 'short-text') return send(response, 200, { text: '石岛油库泄漏起火，2 人被困；已出动 7 支，到场 2 支；火势控制在防火堤内；由消防救援大队指挥。' })
    const file = world.file(id)
    return file ? send(response, 200, world.incidentView(file)) : send(response, 404, { detail: '没有这起警情', code: 'not_found' })
  }
  return send(response, 404, { detail: path, code: 'not_found' })
}

function stream(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const beat = () => response.write(`event: heartbeat\ndata: ${JSON.stringify({ now: new Date().toISOString(), seq: '1.9' })}\n\n`)
  beat()
  const timer = setInterval(beat, 10_000)
  response.on('close', () => clearInterval(timer))
}

function send(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
  response.end(JSON.stringify(body))
}
async function text(request: IncomingMessage): Promise<string> {
  let whole = ''
  for await (const piece of request) whole += String(piece)
  return whole
}
