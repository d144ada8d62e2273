import type { ReactNode } from 'react'

/** A row of things that can be done now. */
export function CommandBar({ children, label }: { children: ReactNode; label: string }) {
  return <div className="commandbar" role="toolbar" aria-label={label}>{children}</div>
}
