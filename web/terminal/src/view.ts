//! What is on the screen. The address says it (`#order/01J…`), so that the phone's back key works.

import { computed, signal } from '@preact/signals'

export type View = { at: 'now' } | { at: 'past' } | { at: 'phone' } | { at: 'order'; id: string }

const hash = signal(location.hash)
addEventListener('hashchange', () => (hash.value = location.hash))

export const view = computed<View>(() => {
  const [at, id] = hash.value.replace(/^#/, '').split('/')
  if (at === 'order' && id) return { at, id: decodeURIComponent(id) }
  return at === 'past' || at === 'phone' ? { at } : { at: 'now' }
})

/** Goes to a view; `instead` replaces the present one in the phone's history. */
export function go(to: View, instead = false): void {
  const address = to.at === 'order' ? `#order/${encodeURIComponent(to.id)}` : `#${to.at}`
  if (instead) location.replace(address)
  else location.hash = address
}

export type Sheet =
  | { form: 'acknowledge' | 'decline' | 'progress' | 'return' | 'late'; order: string }
  | { form: 'not-ready'; stand_by: string }
  | { form: 'contacts' }

/** The form that lies over the view; a new order doesn't tear it away (an emergency withdrawal lies above everything). */
export const sheet = signal<Sheet | null>(null)

export const closeSheet = (): void => void (sheet.value = null)
