import type { Reported } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'

/** A gap of this much between happening and typing is worth showing. */
const TYPED_LATER_MS = 60_000

/** `08:07 崖头站值班员（电话，调度员代录于 08:09）` */
export function ReportedText({ reported, now, bare }: { reported: Reported; now: number; bare?: boolean }) {
  const later = Date.parse(reported.recorded_at) - Date.parse(reported.at) > TYPED_LATER_MS
  const who = reported.on_behalf_of ?? reported.by
  return (
    <span className="reportedtext">
      <time dateTime={reported.at}>{timeText(reported.at, now)}</time>
      {!bare && <> {who}</>}
      {reported.on_behalf_of && (
        <span className="muted">{t('reported.typed', { through: reported.through ? t(`through.${reported.through}`) : '', by: reported.by, at: timeText(reported.recorded_at, now) })}</span>
      )}
      {!reported.on_behalf_of && later && <span className="muted">{t('reported.later', { at: timeText(reported.recorded_at, now) })}</span>}
    </span>
  )
}
