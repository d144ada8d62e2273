import type { ReactNode } from 'react'
import { Count } from './Badge.tsx'

export function Panel(props: {
  title?: ReactNode; count?: number; countTone?: 'bad' | 'waiting'; actions?: ReactNode; children: ReactNode; flush?: boolean; className?: string; label?: string
}) {
  return (
    <section className={`panel ${props.className ?? ''}`} aria-label={props.label ?? (typeof props.title === 'string' ? props.title : undefined)}>
      {(props.title || props.actions) && (
        <header>
          <h2>{props.title}{props.count !== undefined && <Count value={props.count} tone={props.countTone} />}</h2>
          <span className="spacer" />
          {props.actions}
        </header>
      )}
      <div className="body" data-flush={props.flush || undefined}>{props.children}</div>
    </section>
  )
}

/** Pairs of name and value. */
export function Facts({ items }: { items: (readonly [ReactNode, ReactNode] | null | false | undefined)[] }) {
  return (
    <dl className="facts">
      {items.map((item, i) => item && item[1] !== null && item[1] !== undefined && item[1] !== '' && (
        <FactsRow key={i} name={item[0]} value={item[1]} />
      ))}
    </dl>
  )
}
function FactsRow({ name, value }: { name: ReactNode; value: ReactNode }) {
  return <><dt>{name}</dt><dd>{value}</dd></>
}
