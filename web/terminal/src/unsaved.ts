//! Why a tap could not be kept on the phone.

import type { Text } from './locales/index.ts'

/** A tap that could not be kept, with the text that says why. */
export class NotSaved extends Error {
  readonly why: Text
  constructor(why: Text) {
    super(why)
    this.why = why
  }
}

/** The text for whatever stopped a writing. */
export function whyNotSaved(error: unknown): Text {
  if (error instanceof NotSaved) return error.why
  return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'unsaved.full' : 'unsaved.disk'
}
