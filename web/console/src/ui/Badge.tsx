import type { ReactNode } from 'react'
import { TONE_GLYPH, type Tone } from './tone.ts'

/** A state in one or two words; its sign says the same as its colour. */
export function Badge({ tone, children, big }: { tone: Tone | 'drill'; children: ReactNode; big?: boolean }) {
  return (
    <span className="badge" data-tone={tone} data-big={big || undefined}>
      {tone !== 'drill' && <span className="glyph" aria-hidden>{TONE_GLYPH[tone]}</span>}
      {children}
    </span>
  )
}

export function Count({ value, tone }: { value: number; tone?: 'bad' | 'waiting' }) {
  return value > 0 ? <span className="count" data-tone={tone}>{value}</span> : null
}
