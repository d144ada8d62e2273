/** What a state means to who looks at it: the only five colours with a meaning. */
export type Tone = 'waiting' | 'under-way' | 'good' | 'bad' | 'past'

/** Colour never speaks alone: each tone has its sign. */
export const TONE_GLYPH: Record<Tone, string> = { waiting: '◔', 'under-way': '▸', good: '✓', bad: '!', past: '–' }
