//! Messages to this phone when the page is closed (web push). It is asked for by a key, with the reason beside it; it ends with
//! the session, at the node and here. Where no push service is reached the page says so and claims nothing.

import { signal } from '@preact/signals'
import { api } from './sync.ts'

/** `closed`: this node has no such channel. `unsupported`, `insecure`: this browser or this address can't. `denied`: somebody forbade
 *  it. `unreached`: the browser can't register with its maker's service. `later`: the node was not reached. */
export type Push = 'unknown' | 'closed' | 'unsupported' | 'insecure' | 'denied' | 'off' | 'on' | 'unreached' | 'refused' | 'later'
export type TrialOutcome = 'handed_over' | 'bad_address' | 'refused' | 'unreachable' | 'timed_out' | 'throttled' | 'later'

export const push = signal<Push>('unknown')
/** How the last trial went. */
export const trial = signal<TrialOutcome | null>(null)
/** Nothing leaves this node: it rehearses. */
export const rehearsed = signal(false)
let key: string | null = null

const ours = () => navigator.serviceWorker?.getRegistration('/terminal/')

/** What the node and this browser say now. */
export async function lookAtPush(): Promise<void> {
  const answer = await api.push()
  if (answer.kind !== 'ok') {
    if (push.value === 'unknown') push.value = 'later'
    return
  }
  key = answer.value.key
  rehearsed.value = answer.value.rehearsal
  if (key === null) push.value = 'closed'
  else if (!globalThis.isSecureContext) push.value = 'insecure'
  else if (!('PushManager' in globalThis) || !('Notification' in globalThis)) push.value = 'unsupported'
  else if (answer.value.subscribed) push.value = 'on'
  else if (Notification.permission === 'denied') push.value = 'denied'
  else if (push.value === 'unknown' || push.value === 'later' || push.value === 'on') push.value = 'off'
}

/** Asks whoever holds the phone, then the browser's service, then the node. */
export async function allowPush(): Promise<void> {
  if (key === null) return
  if ((await Notification.requestPermission()) !== 'granted') {
    push.value = 'denied'
    return
  }
  let subscription: PushSubscription
  try {
    const registration = await ours()
    if (!registration) {
      push.value = 'unsupported'
      return
    }
    // One that was made under another key is no good any more.
    await (await registration.pushManager.getSubscription())?.unsubscribe()
    subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: octets(key) })
  } catch {
    push.value = 'unreached' // the browser's maker runs the service; from many networks it is not reached
    return
  }
  const answer = await api.subscribe(JSON.stringify(subscription))
  push.value = answer.kind === 'ok' ? 'on' : answer.kind === 'refused' ? 'refused' : 'later'
  if (answer.kind !== 'ok') await forgetHere()
}

/** Ends it, at the node and here. */
export async function endPush(): Promise<void> {
  trial.value = null
  const answer = await api.unsubscribe()
  if (answer.kind === 'ok') push.value = 'off'
  await forgetHere()
}

/** The browser forgets it, whatever the node has heard: for signing out, which ends it at the node. */
export async function forgetHere(): Promise<void> {
  try {
    await (await (await ours())?.pushManager?.getSubscription())?.unsubscribe()
  } catch {
    // The browser's service is not reached; the node has ended it already.
  }
}

/** A message now, to see whether it comes. */
export async function tryPush(): Promise<void> {
  const answer = await api.tryPush()
  trial.value = answer.kind === 'ok' ? answer.value.outcome : 'later'
  if (trial.value === 'bad_address') await lookAtPush()
}

function octets(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
