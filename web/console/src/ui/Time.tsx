import { useWords, type UiWords } from './words.tsx'

/** Below this a countdown asks for attention. */
const SOON_S = 60

/** What is left until a moment, or how long it has passed. */
export function Countdown({ until, now }: { until: string | null | undefined; now: number }) {
  const words = useWords()
  if (!until) return null
  const left_s = Math.ceil((Date.parse(until) - now) / 1000)
  const tone = left_s < 0 ? 'bad' : left_s <= SOON_S ? 'waiting' : undefined
  return (
    <span className="countdown" data-tone={tone} role="timer">
      {left_s < 0 ? `${words.over} ` : ''}{clockText(Math.abs(left_s))}
    </span>
  )
}

/** How old something is. */
export function Age({ at, now }: { at: string | null | undefined; now: number }) {
  const words = useWords()
  if (!at) return null
  return <time className="age" dateTime={at} title={at}>{ageText(Date.parse(at), now, words)}</time>
}

/** `04:07`, from an hour on `1:04:07`, from a day on `26:04:07`. */
export function clockText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const h = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
  return h > 0 ? `${h}:${rest}` : rest
}

function ageText(at: number, now: number, words: UiWords): string {
  const s = Math.max(0, Math.floor((now - at) / 1000))
  if (s < 5) return words.justNow
  if (s < 60) return words.ago(`${s} ${words.seconds}`)
  if (s < 3600) return words.ago(`${Math.floor(s / 60)} ${words.minutes}`)
  if (s < 86_400) return words.ago(`${Math.floor(s / 3600)} ${words.hours}`)
  return words.ago(`${Math.floor(s / 86_400)} ${words.days}`)
}
