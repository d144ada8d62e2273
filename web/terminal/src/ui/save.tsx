//! Saving what was tapped: nothing closes and nothing is forgotten before the phone's disk has it, and what failed is said.

import { useState } from 'preact/hooks'
import { t, type Text } from '../locales/index.ts'
import { whyNotSaved } from '../unsaved.ts'

export interface Save {
  busy: boolean
  /** Why the last try failed; null after one that did not. */
  failed: Text | null
  /** Runs the writing, then `done`; when the writing fails, only says so. One at a time. */
  save: (write: () => Promise<void>, done?: () => void) => void
}

export function useSave(): Save {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<Text | null>(null)
  async function run(write: () => Promise<void>, done?: () => void) {
    setBusy(true)
    setFailed(null)
    try {
      await write()
      done?.()
    } catch (error) {
      setFailed(whyNotSaved(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, failed, save: (write, done) => void (busy || run(write, done)) }
}

/** 「未保存」, beside the key that was pressed. */
export function Unsaved({ why }: { why: Text | null }) {
  if (why === null) return null
  return (
    <p class="note bad" role="alert">
      {t('unsaved', { why: t(why) })}
    </p>
  )
}
