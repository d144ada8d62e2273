/** The four faces of a view that has nothing to show: nothing there, not yet there, not to be had, no longer fresh. */
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import { useWords } from './words.tsx'

export function Empty({ children, hint, small }: { children?: ReactNode; hint?: ReactNode; small?: boolean }) {
  const words = useWords()
  return (
    <div className="face" data-small={small || undefined}>
      {!small && <span className="mark" aria-hidden>○</span>}
      <div>{children ?? words.empty}</div>
      {hint && <div className="small">{hint}</div>}
    </div>
  )
}

export function Loading({ rows = 5 }: { rows?: number }) {
  const words = useWords()
  return <div className="bones" role="status" aria-label={words.loading}>{Array.from({ length: rows }, (_, i) => <i key={i} />)}</div>
}

export function Failed({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const words = useWords()
  return (
    <div className="face" data-tone="bad" role="alert">
      <span className="mark" aria-hidden>!</span>
      <strong>{words.failed}</strong>
      <div>{words.errorText(error)}</div>
      {onRetry && <Button onPress={onRetry}>{words.retry}</Button>}
    </div>
  )
}

/** Over everything while the node is silent. */
export function Stale({ children }: { children: ReactNode }) {
  return <div className="stale" role="status">{children}</div>
}
