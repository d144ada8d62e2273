//! Which colour a step has; the words beside it say the same.

import type { OrderStep } from './types.ts'
import type { Tone } from './ui/ui.tsx'

const TONE: Record<OrderStep, Tone> = {
  issued: 'alarm', received: 'alarm', acknowledged: 'way', departed: 'way', arrived: 'scene', deployed: 'scene',
  released: 'way', returned: 'quiet', declined: 'quiet', cancelled: 'alarm',
}
/** An unknown step has a face too. */
export const toneOf = (step: OrderStep): Tone => TONE[step] ?? 'plain'
