//! A phone for tests: the whole page over a small node, with a store of its own.

import 'fake-indexeddb/auto'
import { render } from 'preact'
import { expect, vi } from 'vitest'
import type { FakeNode } from '../dev/node.ts'
import { App } from '../src/app.tsx'
import { attend } from '../src/attention.ts'
import { session } from '../src/session.ts'
import { ready, start, stop } from '../src/sync.ts'
import { go, sheet, type View } from '../src/view.ts'

const PATIENCE_MS = 3_000
let phones = 0
let place: HTMLElement | undefined

attend()

/** Opens the page for this node's force at a view; `again` takes up what the last phone has kept. */
export async function open(node: FakeNode, { at = { at: 'now' } as View, again = false } = {}): Promise<void> {
  vi.stubGlobal('fetch', node.fetch)
  if (!again) phones += 1
  go(at, true)
  const who = { token: node.token, me: { ...node.me, account: `phone-${phones}` } }
  place = document.body.appendChild(document.createElement('div'))
  session.value = who
  render(<App />, place)
  await start(who)
  await until(() => ready.value)
}

/** Closes the page; what the phone has kept stays. */
export function close(): void {
  if (place) render(null, place)
  place?.remove()
  stop()
  session.value = null
  sheet.value = null
  vi.unstubAllGlobals()
}

/** Waits until the page has come to it. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
  if (!holds()) console.error(document.body.textContent)
  expect(holds()).toBe(true)
}

export const text = (): string => document.body.textContent ?? ''
export const sees = (words: string): Promise<void> => until(() => text().includes(words))
export const seesNot = (words: string): Promise<void> => until(() => !text().includes(words))
const named = (name: string, within: ParentNode): HTMLButtonElement | undefined =>
  [...within.querySelectorAll('button')].find((button) => (button.getAttribute('aria-label') ?? button.textContent ?? '').trim() === name && !button.disabled && !button.closest('[inert]'))
/** Presses the key of this name, once it can be pressed. */
export async function press(name: string, within: ParentNode = document): Promise<void> {
  await until(() => named(name, within) !== undefined)
  named(name, within)?.click()
}
export const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role=dialog]') ?? document.body
export function fill(field: HTMLInputElement | HTMLTextAreaElement | null, words: string): void {
  if (!field) throw new Error('no such field')
  field.value = words
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
