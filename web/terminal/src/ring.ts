//! The alarm: sound, vibration, a notice when the page is behind others, and the screen kept on. A browser lets a page sound only
//! after a tap, and a page on a locked phone is asleep: so the page always says whether it can ring, and never claims more.

import { signal } from '@preact/signals'

/** `locked`: needs one tap; `none`: this browser has no sound. */
export const sound = signal<'on' | 'locked' | 'none'>('locked')
/** The system's leave to show notices; `none`: this browser has none. */
export const notices = signal<NotificationPermission | 'none'>('Notification' in globalThis ? Notification.permission : 'none')
export const awake = signal(false)

export type Alarm = 'order' | 'stand-by' | 'withdrawal'

let context: AudioContext | undefined
let playing: { alarm: Alarm; timer: ReturnType<typeof setInterval> } | undefined

/** Any tap frees the sound; called once at the start. */
export function freeSoundOnTap(): void {
  const free = () => void unlock()
  for (const kind of ['pointerup', 'keydown']) addEventListener(kind, free)
  if (!('AudioContext' in globalThis)) sound.value = 'none'
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && wanted) void holdScreen(true)
  })
}

async function unlock(): Promise<void> {
  if (sound.value === 'none') return
  context ??= openContext()
  if (context.state !== 'running') await context.resume().catch(() => undefined)
  sound.value = context.state === 'running' ? 'on' : 'locked'
}

function openContext(): AudioContext {
  const opened = new AudioContext()
  opened.onstatechange = () => (sound.value = opened.state === 'running' ? 'on' : 'locked')
  return opened
}

/** Rings until another call stops or changes it. The strongest alarm wins; the caller decides which that is. */
export function ring(alarm: Alarm | null): void {
  if ((playing?.alarm ?? null) === alarm) return
  if (playing) {
    clearInterval(playing.timer)
    navigator.vibrate?.(0)
    playing = undefined
  }
  if (alarm === null) return
  const { every_ms } = PATTERN[alarm]
  const once = () => strike(alarm)
  once()
  playing = { alarm, timer: setInterval(once, every_ms) }
}

/** One stroke of the alarm, for the trial on the phone's page. */
export async function tryRing(): Promise<void> {
  await unlock()
  strike('order')
}

const PATTERN: Record<Alarm, { tones: [hz: number, from_s: number, to_s: number][]; buzz: number[]; every_ms: number }> = {
  order: { tones: [[880, 0, 0.35], [660, 0.35, 0.7], [880, 0.7, 1.05], [660, 1.05, 1.4]], buzz: [400, 150, 400], every_ms: 2_000 },
  'stand-by': { tones: [[660, 0, 0.2], [880, 0.25, 0.5]], buzz: [250], every_ms: 6_000 },
  withdrawal: { tones: [[1200, 0, 0.15], [1200, 0.2, 0.35], [1200, 0.4, 0.55], [800, 0.6, 1.1]], buzz: [150, 50, 150, 50, 600], every_ms: 1_200 },
}

function strike(alarm: Alarm): void {
  const { tones, buzz } = PATTERN[alarm]
  navigator.vibrate?.(buzz)
  if (!context || context.state !== 'running') return
  const at = context.currentTime
  for (const [hz, from_s, to_s] of tones) {
    const tone = new OscillatorNode(context, { type: 'square', frequency: hz })
    const level = new GainNode(context, { gain: 0 })
    // A few milliseconds of slope, or the loudspeaker clicks.
    level.gain.setValueAtTime(0, at + from_s)
    level.gain.linearRampToValueAtTime(0.6, at + from_s + 0.01)
    level.gain.setValueAtTime(0.6, at + to_s - 0.02)
    level.gain.linearRampToValueAtTime(0, at + to_s)
    tone.connect(level).connect(context.destination)
    tone.start(at + from_s)
    tone.stop(at + to_s)
  }
}

export async function askNotices(): Promise<void> {
  if (notices.value === 'none') return
  notices.value = await Notification.requestPermission()
}

/** Shows a notice when the page is not in front. The same tag again only renews it. */
export async function notify(title: string, body: string, tag: string): Promise<void> {
  if (document.visibilityState === 'visible' || notices.value !== 'granted') return
  const worker = await navigator.serviceWorker?.getRegistration('/terminal/')
  // `vibrate` and `renotify` are known to phones but not to TypeScript's library.
  const options = { body, tag, icon: '/terminal/icon-192.png', requireInteraction: true, renotify: true, vibrate: [400, 150, 400] } as NotificationOptions
  if (worker) await worker.showNotification(title, options)
  else new Notification(title, options)
}

let lock: WakeLockSentinel | undefined
let wanted = false

/** Keeps the screen on, as far as the browser lets it. */
export async function holdScreen(on: boolean): Promise<void> {
  wanted = on
  if (!on) {
    await lock?.release().catch(() => undefined)
    lock = undefined
    awake.value = false
    return
  }
  if (lock && !lock.released) return
  try {
    lock = await navigator.wakeLock.request('screen')
    awake.value = true
    lock.onrelease = () => (awake.value = false)
  } catch {
    awake.value = false // battery saver, or a browser without it: shown on the phone's page
  }
}
