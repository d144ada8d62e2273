//! Who is signed in on this phone. Kept over restarts; in a demo only for the tab, so that all desks can be played in one browser.

import { signal } from '@preact/signals'
import type { Me } from './types.ts'

const KEY = 'muster.terminal.session'

export interface Session {
  token: string
  me: Me
}

export const session = signal<Session | null>(null)
/** The node no longer knows the token: what is known stays readable and what waits stays queued until someone signs in again. */
export const expired = signal(false)

/** Takes up the kept session: this tab's, else the phone's. */
export function recallSession(): void {
  const text = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)
  if (text === null) return
  try {
    session.value = JSON.parse(text) as Session
  } catch {
    forgetSession() // unreadable: sign in again
  }
}

export function keepSession(fresh: Session): void {
  const shelf = fresh.me.demo || new URLSearchParams(location.search).has('tab') ? sessionStorage : localStorage
  shelf.setItem(KEY, JSON.stringify(fresh))
  expired.value = false
  session.value = fresh
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEY)
  localStorage.removeItem(KEY)
  expired.value = false
  session.value = null
}
