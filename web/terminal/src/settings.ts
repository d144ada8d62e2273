//! Choices of the person that stay on the phone.

import { signal } from '@preact/signals'

const KEY = 'muster.terminal.position'
export const sharePosition = signal(localStorage.getItem(KEY) !== 'no')

export function setSharePosition(on: boolean): void {
  localStorage.setItem(KEY, on ? 'yes' : 'no')
  sharePosition.value = on
}
