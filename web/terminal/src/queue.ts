//! The outbox: everything a person taps is first written to the phone, then sent; never the other way round.
//!
//!     tap ──▶ waiting (on disk, with its key and the time of the tap) ──▶ sent ──▶ gone, once the node's own view shows it
//!                 │  no network, node busy: again later, same key, same bytes
//!                 │                                                            └▶ partly: without a photo, until that was read
//!                 └▶ refused: shown in words until the person has read it
//!
//! Acts of one order are sent in the order of the taps. A photo never holds up a step: a report with photos is overtaken by
//! steps, and only coming home waits for it. The key makes a repeated send harmless: the node gives its first answer again.

import type { Store } from './store.ts'
import { nowMs } from './time.ts'
import type { ActName, Problem, Time } from './types.ts'

export interface PhotoRef {
  id: string
  /** Set once the node has the picture. */
  file?: string
  /** Why the node did not take it; the report then goes without it. */
  refused?: Problem
}

export interface NewAct {
  /** Idempotency key, made at the tap and never changed. */
  key: string
  /** What is kept in order among itself: an order, a stand-by, a withdrawal. */
  lane: string
  act: ActName
  path: string
  body: Record<string, unknown>
  occurred_at: Time
  /** Sent by the page by itself (receipt of an order): nobody waits for it and it holds up nothing. */
  automatic: boolean
  photos: PhotoRef[]
  incident: string
  /** For the list on the phone: which incident, and whether it is a drill. */
  about: { incident_number: string; place?: string; drill: boolean }
  /** `partly`: arrived and shown by the node, but without a photo that it refused. */
  state: 'waiting' | 'sent' | 'refused' | 'partly'
  tries: number
  next_ms: number
  /** The bytes as first sent: the same key must always carry the same body. */
  sent_body?: string
  seq?: string
  refusal?: Problem
}

export interface Queued extends NewAct {
  /** Order of the taps on this phone. */
  n: number
}

export type Outcome =
  | { kind: 'done'; seq: string }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'later'; offline: boolean; wait_ms?: number }
  | { kind: 'signed_out' }

/** The way to the node. */
export interface Carrier {
  act(path: string, key: string, body: string): Promise<Outcome>
  photo(key: string, incident: string, bytes: ArrayBuffer): Promise<Outcome & { file?: string }>
}

/** Waits between tries: 1 s, doubled each time, at most a minute, ± 20 % so that phones do not come all at once. */
export const RETRY_FIRST_MS = 1_000
export const RETRY_MAX_MS = 60_000

/** Does this act wait for a person to read what the node did not take? */
export const isToRead = (act: Queued): boolean => act.state === 'refused' || act.state === 'partly'

/** May `later` not be sent while `earlier` waits? */
export function blocks(earlier: Queued, later: Queued): boolean {
  if (earlier.lane !== later.lane || earlier.n >= later.n || earlier.state !== 'waiting' || earlier.automatic) return false
  return earlier.photos.length === 0 || later.photos.length > 0 || later.act === 'return_order'
}

/** The next act to send, of those with photos or of those without. */
export function nextToSend(acts: Queued[], withPhotos: boolean, now_ms: number): Queued | undefined {
  return acts.find(
    (act) =>
      act.state === 'waiting' &&
      act.photos.length > 0 === withPhotos &&
      act.next_ms <= now_ms &&
      !acts.some((other) => blocks(other, act)),
  )
}

export interface OutboxOptions {
  store: Store
  carrier: Carrier
  /** Called after each change with everything that is kept. */
  changed: (acts: Queued[]) => void
  /** Called when an act has arrived, before it is forgotten. */
  arrived?: (act: Queued) => void
  signedOut?: () => void
  random?: () => number
  /** Sets a timer; tests bring their own. */
  after?: (ms: number, then: () => void) => unknown
  /** Runs one sender at a time over all tabs of this account. */
  alone?: (name: string, run: () => Promise<void>) => Promise<void>
}

export class Outbox {
  private readonly store: Store
  private readonly options: OutboxOptions
  private readonly running = [false, false]
  private readonly again = [false, false]
  private stopped = false
  /** How often someone was in a hurry: a try that began before doesn't set the wait after. */
  private hurries = 0
  private wake_ms = Infinity
  private writing: Promise<unknown> = Promise.resolve()

  constructor(options: OutboxOptions) {
    this.options = options
    this.store = options.store
  }

  /** Writes the act down. When this resolves the phone has it on disk; sending starts by itself. The same key again changes nothing. */
  async add(act: Omit<NewAct, 'state' | 'tries' | 'next_ms' | 'photos'>, photos: { id: string; bytes: ArrayBuffer }[] = []): Promise<void> {
    // One after the other, or two calls with the same key would each find that it is not there yet.
    const written = this.writing.then(async () => {
      if ((await this.store.all()).some((queued) => queued.key === act.key)) return
      const fresh: NewAct = { ...act, photos: photos.map(({ id }) => ({ id })), state: 'waiting', tries: 0, next_ms: 0 }
      await this.store.add(fresh, photos)
    })
    this.writing = written.catch(() => undefined)
    await written
    // Written it is: that the list could not be read anew must not look like a tap that was lost.
    await this.tell().catch(() => undefined)
    void this.send()
  }

  /** Sends what is due. Called after each tap, by the retry timer, and when the network is back. */
  async send(): Promise<void> {
    await Promise.all([this.drain(false), this.drain(true)])
  }

  /** The network or the session is back: nothing waits for its timer any more. */
  async hurry(): Promise<void> {
    this.hurries += 1
    await this.store.hurry()
    await this.send()
  }

  /** The node's view has caught up to `seq` (or began anew): acts it shows need no keeping. */
  async settled(isShown: (act: Queued) => boolean): Promise<void> {
    let any = false
    for (const act of await this.store.all()) {
      if (act.state === 'sent' && isShown(act)) {
        if (act.photos.some((photo) => photo.refused)) await this.store.put({ ...act, state: 'partly' })
        else await this.store.remove(act)
        any = true
      }
    }
    if (any) await this.tell()
  }

  /** The person has read a refusal, of the act or of its photos. */
  async dismiss(n: number): Promise<void> {
    const act = (await this.store.all()).find((queued) => queued.n === n && isToRead(queued))
    if (act) await this.store.remove(act)
    await this.tell()
  }

  /** Reads the phone's list anew (start, or another tab changed it). */
  async tell(): Promise<void> {
    this.options.changed(await this.store.all())
  }

  /** Nothing is sent from now on; what waits stays on the phone. */
  stop(): void {
    this.stopped = true
  }

  private async drain(withPhotos: boolean): Promise<void> {
    const lane = withPhotos ? 1 : 0
    if (this.running[lane]) {
      this.again[lane] = true
      return
    }
    this.running[lane] = true
    try {
      const alone = this.options.alone ?? ((_, run) => run())
      await alone(withPhotos ? 'photos' : 'acts', async () => {
        for (;;) {
          this.again[lane] = false
          const act = this.stopped ? undefined : nextToSend(await this.store.all(), withPhotos, nowMs())
          if (!act) {
            if (this.again[lane]) continue
            return
          }
          if (!(await this.deliver(act))) return
        }
      })
    } finally {
      this.running[lane] = false
    }
    // Asked for meanwhile, while this round was failing.
    if (this.again[lane] && !this.stopped) return this.drain(withPhotos)
    await this.wakeLater()
  }

  /** One attempt; false stops the round (no network, or signed out). */
  private async deliver(act: Queued): Promise<boolean> {
    const { hurries } = this
    const outcome = (await this.uploads(act)) ?? (await this.sendBody(act))
    if (outcome.kind === 'done') {
      const sent: Queued = { ...act, state: 'sent', seq: outcome.seq }
      await this.store.put(sent)
      this.options.arrived?.(sent)
    } else if (outcome.kind === 'refused') {
      // A receipt is the page's own doing: that it is no longer wanted is nobody's news.
      if (act.automatic) await this.store.remove(act)
      else await this.store.put({ ...act, state: 'refused', refusal: outcome.problem })
    } else if (outcome.kind === 'later') {
      const spread = 0.8 + 0.4 * (this.options.random ?? Math.random)()
      const wait_ms = outcome.wait_ms ?? Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(act.tries, 10)) * spread
      await this.store.put({ ...act, tries: act.tries + 1, next_ms: hurries === this.hurries ? nowMs() + wait_ms : 0 })
    }
    await this.tell()
    if (outcome.kind === 'signed_out') this.options.signedOut?.()
    // What is out of the way may let something of the other kind go: a report with photos, a return form.
    if (outcome.kind === 'done' || outcome.kind === 'refused') void this.drain(act.photos.length === 0)
    return outcome.kind === 'done' || outcome.kind === 'refused' || (outcome.kind === 'later' && !outcome.offline)
  }

  /** Brings the photos to the node first, each under its own key, and writes down each answer before the next step. */
  private async uploads(act: Queued): Promise<Outcome | undefined> {
    for (const photo of act.photos) {
      if (photo.file !== undefined || photo.refused !== undefined) continue
      const bytes = await this.store.photo(photo.id)
      if (!bytes) {
        photo.refused = { title: '', detail: 'the picture is no longer on this phone', status: 0, code: 'photo_lost' }
      } else {
        const outcome = await this.options.carrier.photo(photo.id, act.incident, bytes)
        if (outcome.kind === 'done' && outcome.file !== undefined) photo.file = outcome.file
        else if (outcome.kind === 'refused') photo.refused = outcome.problem
        else return outcome.kind === 'done' ? { kind: 'later', offline: false } : outcome
      }
      await this.store.put(act)
    }
    return undefined
  }

  private async sendBody(act: Queued): Promise<Outcome> {
    if (act.sent_body === undefined) {
      const files = act.photos.flatMap((photo) => (photo.file === undefined ? [] : [photo.file]))
      act.sent_body = JSON.stringify(act.photos.length > 0 ? { ...act.body, files } : act.body)
      await this.store.put(act)
    }
    return this.options.carrier.act(act.path, act.key, act.sent_body)
  }

  private async wakeLater(): Promise<void> {
    if (this.stopped) return
    const due = (await this.store.all()).filter((act) => act.state === 'waiting' && act.next_ms > nowMs()).map((act) => act.next_ms)
    if (due.length === 0) return
    const at_ms = Math.min(...due)
    if (at_ms >= this.wake_ms) return // an earlier timer is already set, and sets the next
    this.wake_ms = at_ms
    const after = this.options.after ?? ((ms, then) => setTimeout(then, ms))
    after(Math.max(50, at_ms - nowMs()), () => {
      this.wake_ms = Infinity
      void this.send()
    })
  }
}
