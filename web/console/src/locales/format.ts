/** Times and figures as the administration writes them, always in the jurisdiction's zone. */
import { currentLang } from './index.ts'

const ZONE = 'Asia/Shanghai'
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
})
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

interface Civil { year: string; month: string; day: string; hour: string; minute: string; second: string }
export function civil(at: string | number): Civil {
  const found = Object.fromEntries(parts.formatToParts(new Date(at)).map((part) => [part.type, part.value]))
  return found as unknown as Civil
}

/** `08:03`; on another day than `now`, with the date before it. */
export function timeText(at: string | null | undefined, now: number): string {
  if (!at) return ''
  const then = civil(at)
  const today = civil(now)
  const clock = `${then.hour}:${then.minute}`
  if (then.year === today.year && then.month === today.month && then.day === today.day) return clock
  return `${dayText(then, then.year !== today.year)} ${clock}`
}

/** `08:03:21` */
export function clockSecondsText(at: string | number): string {
  const then = civil(at)
  return `${then.hour}:${then.minute}:${then.second}`
}

/** `2026年11月24日08时03分` */
export function formalTimeText(at: string | number | null | undefined): string {
  if (at === null || at === undefined || at === '') return ''
  const then = civil(at)
  return currentLang() === 'en'
    ? `${Number(then.day)} ${MONTHS[Number(then.month) - 1]} ${then.year}, ${then.hour}:${then.minute}`
    : `${then.year}年${Number(then.month)}月${Number(then.day)}日${then.hour}时${then.minute}分`
}

/** `2026年11月24日` */
export function dateText(at: string | number): string {
  return dayText(civil(at), true)
}
function dayText(then: Civil, withYear: boolean): string {
  if (currentLang() === 'en') return `${Number(then.day)} ${MONTHS[Number(then.month) - 1]}${withYear ? ` ${then.year}` : ''}`
  return `${withYear ? `${then.year}年` : ''}${Number(then.month)}月${Number(then.day)}日`
}

/** `4分07秒`, `1小时05分` */
export function durationText(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '—'
  const english = currentLang() === 'en'
  const s = Math.max(0, Math.round(seconds))
  const h = Math.floor(s / 3600)
  const m = Math.floor((s % 3600) / 60)
  const two = (n: number) => String(n).padStart(2, '0')
  if (h >= 48 && s % 86_400 === 0) return english ? `${s / 86_400} days` : `${s / 86_400}天`
  if (h > 0) return english ? `${h} h ${two(m)} min` : `${h}小时${two(m)}分`
  if (m > 0) return english ? `${m} min ${two(s % 60)} s` : `${m}分${two(s % 60)}秒`
  return english ? `${s} s` : `${s}秒`
}

export function distanceText(metres: number): string {
  const english = currentLang() === 'en'
  if (metres < 1000) return english ? `${Math.round(metres)} m` : `${Math.round(metres)} 米`
  const km = (metres / 1000).toFixed(metres < 10_000 ? 1 : 0)
  return english ? `${km} km` : `${km} 公里`
}

/** A typed `08:03` (or `0803`) as the last such moment not after now; undefined when it is no time. */
export function lastClockTime(typed: string, now: number): string | undefined {
  const found = /^\s*(\d{1,2})[:：]?(\d{2})\s*$/.exec(typed)
  if (!found) return undefined
  const hour = Number(found[1])
  const minute = Number(found[2])
  if (hour > 23 || minute > 59) return undefined
  const today = civil(now)
  const iso = (y: string, m: string, d: string) => `${y}-${m}-${d}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00+08:00`
  const at = iso(today.year, today.month, today.day)
  if (Date.parse(at) <= now + 60_000) return at
  const yesterday = civil(now - 86_400_000)
  return iso(yesterday.year, yesterday.month, yesterday.day)
}

/** `yyyy-mm-ddThh:mm` of a date and time input, as the node wants it. */
export function localToIso(local: string): string {
  return `${local.length === 16 ? `${local}:00` : local}+08:00`
}
export function isoToLocal(at: string | number): string {
  const then = civil(at)
  return `${then.year}-${then.month}-${then.day}T${then.hour}:${then.minute}`
}
