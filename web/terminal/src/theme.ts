//! Day or night display; by the system unless chosen.

import { signal } from '@preact/signals'

export type Theme = 'auto' | 'light' | 'dark'
const KEY = 'muster.terminal.theme'
const kept = localStorage.getItem(KEY)
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto')

export function applyTheme(next: Theme = theme.value): void {
  theme.value = next
  localStorage.setItem(KEY, next)
  if (next === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
}
