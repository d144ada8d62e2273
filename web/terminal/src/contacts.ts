//! How this force is reached: its own entry of the register, and what was found wrong with it. Kept at the node alone: a list that is
//! changed without a network would overwrite what somebody else has mended meanwhile.

import { signal } from '@preact/signals'
import { session } from './session.ts'
import { api } from './sync.ts'
import type { Contacts, Correction } from './types.ts'

export const contacts = signal<Contacts | null>(null)
/** What this force owes: contacts that could not be reached. */
export const corrections = signal<Correction[]>([])
/** The last reading did not come through: what is shown may be old. */
export const unread = signal(false)

export async function readContacts(): Promise<void> {
  const force = session.value?.me.force
  if (!force) return
  const [entry, owed] = await Promise.all([api.contacts(force.id), api.corrections()])
  if (session.value?.me.force?.id !== force.id) return // another account meanwhile
  unread.value = entry.kind !== 'ok' || owed.kind !== 'ok'
  if (entry.kind === 'ok') contacts.value = entry.value
  if (owed.kind === 'ok') corrections.value = owed.value
}

export function forgetContacts(): void {
  contacts.value = null
  corrections.value = []
}
