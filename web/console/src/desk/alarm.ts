/** What is heard: each kind of ring has its own figure, so that a desk is known without looking. */
import type { Ring } from '../api/index.ts'

/** Tones as [frequency Hz, start s, length s]; how often the figure is played. */
interface Figure { tones: [number, number, number][]; times: number; wave: OscillatorType; gain: number }
const FIGURES: Record<Ring, Figure> = {
  call: { tones: [[880, 0, 0.18], [660, 0.22, 0.18], [880, 0.44, 0.18]], times: 3, wave: 'triangle', gain: 0.5 },
  approval: { tones: [[523, 0, 0.14], [659, 0.16, 0.14], [784, 0.32, 0.28]], times: 2, wave: 'triangle', gain: 0.45 },
  order: { tones: [[988, 0, 0.12], [988, 0.18, 0.12], [1319, 0.36, 0.3]], times: 3, wave: 'square', gain: 0.22 },
  answer: { tones: [[1175, 0, 0.07]], times: 1, wave: 'sine', gain: 0.25 },
  withdrawal: { tones: [[600, 0, 0.3], [1200, 0.3, 0.3], [600, 0.6, 0.3], [1200, 0.9, 0.3]], times: 4, wave: 'sawtooth', gain: 0.35 },
  failure: { tones: [[392, 0, 0.2], [330, 0.26, 0.3]], times: 2, wave: 'triangle', gain: 0.45 },
}
const FIGURE_PAUSE_S = 0.35

let context: AudioContext | undefined
const listeners = new Set<() => void>()

export const alarm = {
  /** Browsers let a page sound only after the user has touched it. */
  blocked: () => context?.state !== 'running',
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  /** From a press or key: from now on it can be heard. */
  async unlock() {
    try {
      context ??= new AudioContext()
      context.onstatechange = () => listeners.forEach((listener) => listener())
      await context.resume()
    } catch { /* no sound device: the page keeps saying that sound is off */ }
    listeners.forEach((listener) => listener())
  },
  /** Browsers mute a page anew at each load: the first press or key on it, wherever, lets it be heard. */
  unlockOnTouch() {
    const waiting = new AbortController()
    const touched = () => void alarm.unlock().then(() => { if (!alarm.blocked()) waiting.abort() })
    for (const touch of ['pointerup', 'keydown']) window.addEventListener(touch, touched, { capture: true, signal: waiting.signal })
    return () => waiting.abort()
  },
  ring(kind: Ring) {
    if (!context || context.state !== 'running') return
    const figure = FIGURES[kind]
    const length = Math.max(...figure.tones.map(([, start, s]) => start + s)) + FIGURE_PAUSE_S
    for (let i = 0; i < figure.times; i++) {
      for (const [hz, start, s] of figure.tones) play(context, figure, hz, context.currentTime + i * length + start, s)
    }
  },
}

function play(context: AudioContext, figure: Figure, hz: number, at: number, s: number) {
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.type = figure.wave
  tone.frequency.value = hz
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(figure.gain, at + 0.01)
  volume.gain.setValueAtTime(figure.gain, at + s - 0.02)
  volume.gain.linearRampToValueAtTime(0, at + s)
  tone.connect(volume).connect(context.destination)
  tone.start(at)
  tone.stop(at + s)
}

const FLASH_MS = 900
let flashing: ReturnType<typeof setInterval> | undefined
/** The tab's title calls until someone looks. */
export function flashTitle(text: string) {
  if (typeof document === 'undefined' || document.hasFocus()) return
  const calm = document.title.replace(/^● .*? \| /, '')
  clearInterval(flashing)
  let on = false
  flashing = setInterval(() => {
    on = !on
    document.title = on ? `● ${text} | ${calm}` : calm
  }, FLASH_MS)
  window.addEventListener('focus', () => {
    clearInterval(flashing)
    document.title = calm
  }, { once: true })
}
