//! Puts the fake node behind Vite's servers (`--mode play`): `GET /dev/scene/NAME` begins a scene, `/dev/play/NAME` adds one to it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Connect, Plugin } from 'vite'
import { nodeWith, SCENES } from './scenes.ts'

export function fakeNode(): Plugin {
  let node = nodeWith('calm')
  const handle: Connect.NextHandleFunction = (req, res, next) => {
    const url = req.url ?? ''
    const [, dev, verb, name = ''] = url.split('/')
    // The rule that the node's own pages live under: no script or style that is not a file of ours.
    if (url.startsWith('/terminal/')) res.setHeader('content-security-policy', "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'; object-src 'none'; base-uri 'none'")
    if (dev === 'dev' && verb === 'scene') {
      node = nodeWith(name)
      res.end(`${name}\n`)
    } else if (dev === 'dev' && verb === 'play') {
      SCENES[name]?.(node)
      res.end(`${name}\n`)
    } else if (dev === 'dev' && verb === 'fault') {
      Object.assign(node.faults, JSON.parse(decodeURIComponent(name)))
      res.end('\n')
    } else if (dev === 'dev' && verb === 'done') {
      res.end(JSON.stringify(node.done))
    } else if (url.startsWith('/api/')) {
      void answer(req, res, (request) => node.fetch(request))
    } else next()
  }
  return {
    name: 'muster-fake-node',
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  }
}

async function answer(req: IncomingMessage, res: ServerResponse, send: (request: Request) => Promise<Response>): Promise<void> {
  const stop = new AbortController()
  res.on('close', () => stop.abort())
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const headers = Object.entries(req.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []))
  try {
    const response = await send(
      new Request(`http://node${req.url}`, { method: req.method ?? 'GET', headers, signal: stop.signal, ...(body.length > 0 ? { body } : {}) }),
    )
    res.writeHead(response.status, Object.fromEntries(response.headers))
    if (!response.body) res.end()
    else Readable.fromWeb(response.body as never).on('error', () => res.end()).pipe(res)
  } catch {
    res.destroy() // the line is cut
  }
}
