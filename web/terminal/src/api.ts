//! The way to the node: JSON over HTTP with the session's token. Every answer becomes a value; nothing is thrown at a face.

import type { Carrier, Outcome } from './queue.ts'
import type { TrialOutcome } from './push.ts'
import type { Contacts, Correction, Desk, Me, Order, Problem, PushOffer } from './types.ts'

const ACT_TIMEOUT_MS = 15_000
const PHOTO_TIMEOUT_MS = 120_000
/** The node itself waits for the push service. */
const PUSH_TIMEOUT_MS = 40_000
const BASE = '/api/v1'

export type Answer<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'later'; offline: boolean; wait_ms?: number }
  | { kind: 'signed_out' }

export interface Api extends Carrier {
  signIn(username: string, password: string, code?: string): Promise<Answer<{ token: string; me: Me }>>
  signOut(): Promise<void>
  desk(): Promise<Answer<Desk>>
  /** One order, not older than `min_seq` (read your own write). */
  order(id: string, min_seq?: string): Promise<Answer<Order>>
  history(force: string): Promise<Answer<Order[]>>
  file(id: string): Promise<Blob | undefined>
  push(): Promise<Answer<PushOffer>>
  /** The browser's subscription, as it writes it. */
  subscribe(subscription: string): Promise<Answer<PushOffer>>
  unsubscribe(): Promise<Answer<void>>
  tryPush(): Promise<Answer<{ outcome: TrialOutcome }>>
  contacts(force: string): Promise<Answer<Contacts>>
  corrections(): Promise<Answer<Correction[]>>
  stream(since: string | undefined, signal: AbortSignal): Promise<Response>
}

/** The node's answer, sorted by what can be done about it: use it, read why not, try again later, sign in again. Who is signing in reads why not. */
export async function sort<T>(response: Response, signing = false): Promise<Answer<T>> {
  if (response.ok) {
    const text = await response.text()
    return { kind: 'ok', value: (text === '' ? undefined : JSON.parse(text)) as T }
  }
  if (response.status === 401 && !signing) return { kind: 'signed_out' }
  if (response.status >= 500 || response.status === 429 || response.status === 408) {
    const seconds = Number(response.headers.get('retry-after'))
    return { kind: 'later', offline: false, ...(seconds > 0 ? { wait_ms: Math.min(seconds, 300) * 1000 } : {}) }
  }
  return { kind: 'refused', problem: await problemOf(response) }
}

async function problemOf(response: Response): Promise<Problem> {
  const bare: Problem = { title: '', detail: `HTTP ${response.status}`, status: response.status, code: `http_${response.status}` }
  try {
    return { ...bare, ...((await response.json()) as Partial<Problem>) }
  } catch {
    return bare // something between us and the node answered, not the node
  }
}

/** `token` and `lang` are asked at each request, so that a new sign-in or language holds from then on. */
export function httpApi(token: () => string | undefined, lang: () => string, send: typeof fetch = (...a) => fetch(...a)): Api {
  const ask = async <T>(method: string, path: string, options: { body?: BodyInit; headers?: Record<string, string>; timeout_ms?: number; signing?: boolean } = {}): Promise<Answer<T>> => {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), options.timeout_ms ?? ACT_TIMEOUT_MS)
    const bearer = token()
    try {
      const response = await send(BASE + path, {
        method,
        cache: 'no-store',
        credentials: 'omit',
        signal: stop.signal,
        headers: { 'accept-language': lang(), ...(bearer ? { authorization: `Bearer ${bearer}` } : {}), ...options.headers },
        ...(options.body === undefined ? {} : { body: options.body }),
      })
      return await sort<T>(response, options.signing)
    } catch {
      return { kind: 'later', offline: true }
    } finally {
      clearTimeout(timer)
    }
  }
  const json = { 'content-type': 'application/json' }
  const asOutcome = (answer: Answer<{ seq?: string; id?: string }>): Outcome & { file?: string } =>
    answer.kind === 'ok' ? { kind: 'done', seq: answer.value?.seq ?? '', ...(answer.value?.id ? { file: answer.value.id } : {}) } : answer

  return {
    signIn: (username, password, code) => ask('POST', '/session', { body: JSON.stringify({ username, password, ...(code ? { code } : {}) }), headers: json, signing: true }),
    async signOut() {
      await ask('DELETE', '/session')
    },
    desk: () => ask('GET', '/desk'),
    order: (id, min_seq) => ask('GET', `/orders/${encodeURIComponent(id)}${min_seq ? `?min_seq=${encodeURIComponent(min_seq)}` : ''}`),
    history: (force) => ask('GET', `/orders?force=${encodeURIComponent(force)}`),
    act: async (path, key, body) => asOutcome(await ask('POST', path, { body, headers: { ...json, 'idempotency-key': key } })),
    photo: async (key, incident, bytes) =>
      asOutcome(
        await ask('POST', `/files?incident=${encodeURIComponent(incident)}`, {
          body: bytes,
          headers: { 'content-type': 'image/jpeg', 'idempotency-key': key },
          timeout_ms: PHOTO_TIMEOUT_MS,
        }),
      ),
    async file(id) {
      const bearer = token()
      try {
        const response = await send(`${BASE}/files/${encodeURIComponent(id)}`, { credentials: 'omit', headers: bearer ? { authorization: `Bearer ${bearer}` } : {} })
        return response.ok ? await response.blob() : undefined
      } catch {
        return undefined
      }
    },
    push: () => ask('GET', '/push'),
    subscribe: (subscription) => ask('POST', '/push/subscription', { body: subscription, headers: json }),
    unsubscribe: () => ask('DELETE', '/push/subscription'),
    tryPush: () => ask('POST', '/push/trial', { timeout_ms: PUSH_TIMEOUT_MS }),
    contacts: (force) => ask('GET', `/contacts?force=${encodeURIComponent(force)}`),
    corrections: () => ask('GET', '/corrections'),
    stream: (since, signal) => {
      const bearer = token()
      return send(`${BASE}/stream`, {
        signal,
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          accept: 'text/event-stream',
          'accept-language': lang(),
          ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
          ...(since ? { 'last-event-id': since } : {}),
        },
      })
    },
  }
}
