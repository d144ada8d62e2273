/** The one way to the node: reads, acts with their idempotency key, and what can go wrong, told apart. */
import { createIntents, tabStore, type Intents } from './intents.ts'
import { session } from './session.ts'
import type { Instead, ProblemBody, Receipt } from './types.ts'

/** The node answered, and the answer is no (RFC 9457). */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly clause: string | undefined
  readonly title: string | undefined
  readonly instead: Instead[]
  readonly errors: { pointer: string; detail: string }[]

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = body.code ?? 'unknown'
    this.clause = body.clause ?? undefined
    this.title = body.title
    this.instead = body.instead ?? []
    this.errors = body.errors ?? []
  }
}

/** No answer came: what was asked may or may not have happened. Asking again uses the same key. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('unreachable', { cause })
    this.name = 'Unreachable'
  }
}

export interface ClientOptions {
  base?: string
  fetch?: typeof fetch
  intents?: Intents
  /** Pauses between the attempts of one act, ms. Its length is how often an act is repeated by itself. */
  retryPauses_ms?: number[]
  sleep?: (ms: number) => Promise<void>
}

export interface Client {
  get<T>(path: string, signal?: AbortSignal): Promise<T>
  act(path: string, body?: object): Promise<Receipt>
  /** A question that needs a body; changes nothing, so it carries no key. */
  ask<T>(path: string, body: object): Promise<T>
  upload(incident: string, file: File): Promise<{ id: string; name: string; size: number; media_type: string }>
  /** Bytes of a document or attachment, with the session that a plain link would not carry. */
  download(path: string): Promise<{ blob: Blob; name: string }>
  signIn(username: string, password: string, code?: string): Promise<{ token: string }>
  signOut(): Promise<void>
}

const REQUEST_LIMIT_MS = 20_000

export function createClient(options: ClientOptions = {}): Client {
  const base = options.base ?? '/api/v1'
  const send = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init))
  const intents = options.intents ?? createIntents(tabStore())
  const pauses = options.retryPauses_ms ?? [400, 1_200, 3_000]
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)))

  async function request(method: string, path: string, init: { body?: BodyInit; headers?: Record<string, string>; signal?: AbortSignal } = {}) {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': session.lang(), ...init.headers }
    const token = session.token()
    if (token) headers.authorization = `Bearer ${token}`
    const timeout = AbortSignal.timeout(REQUEST_LIMIT_MS)
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
    let response: Response
    try {
      response = await send(base + path, { method, headers, body: init.body, signal, credentials: 'same-origin' })
    } catch (cause) {
      if (init.signal?.aborted) throw cause
      throw new Unreachable(cause)
    }
    if (response.ok) return response
    if (response.status === 502 || response.status === 503 || response.status === 504) throw new Unreachable(response.status)
    const problem = new Problem(response.status, await problemBody(response))
    if (response.status === 401 && path !== '/session') session.lost()
    throw problem
  }

  async function once(path: string, body: object, key: string): Promise<Receipt> {
    const response = await request('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    })
    return (await response.json()) as Receipt
  }

  return {
    async get<T>(path: string, signal?: AbortSignal) {
      return (await (await request('GET', path, { signal })).json()) as T
    },
    async act(path, body = {}) {
      const key = intents.keyFor(path, body)
      for (let attempt = 0; ; attempt++) {
        try {
          const receipt = await once(path, body, key)
          intents.settled(path, body)
          return receipt
        } catch (error) {
          if (error instanceof Problem && error.status < 500) {
            intents.settled(path, body)
            throw error
          }
          const pause = pauses[attempt]
          if (pause === undefined) throw error // the key stays: asking again is the same intention
          await sleep(pause)
        }
      }
    },
    async ask<T>(path: string, body: object) {
      const response = await request('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
      return (await response.json()) as T
    },
    async upload(incident, file) {
      const form = new FormData()
      form.append('file', file, file.name)
      const response = await request('POST', `/files?incident=${encodeURIComponent(incident)}`, { body: form })
      return (await response.json()) as { id: string; name: string; size: number; media_type: string }
    },
    async download(path) {
      const response = await request('GET', path, { headers: { accept: '*/*' } })
      return { blob: await response.blob(), name: fileName(response) ?? path.split('/').pop()?.split('?')[0] ?? 'file' }
    },
    async signIn(username, password, code) {
      const response = await request('POST', '/session', {
        body: JSON.stringify({ username, password, ...(code ? { code } : {}) }),
        headers: { 'content-type': 'application/json' },
      })
      return (await response.json()) as { token: string }
    },
    async signOut() {
      await request('DELETE', '/session')
    },
  }
}

async function problemBody(response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody
  } catch {
    return { title: response.statusText, status: response.status }
  }
}

function fileName(response: Response): string | undefined {
  const header = response.headers.get('content-disposition') ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(header)?.[1]
}

export const client = createClient()
