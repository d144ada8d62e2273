import type { ForceBrief, Mark, MarkCode } from '../api/index.ts'
import { t } from '../locales/index.ts'
import type { Tone } from '../ui/index.ts'

const MARK_TONE = { engaged: 'bad', off_duty: 'bad', uninsured: 'waiting', unverified: 'waiting', no_contact: 'bad' } satisfies Record<MarkCode, Tone>

/** What must be known before a force is chosen: on another incident, off duty, not verified. */
export function Marks({ force, marks }: { force?: ForceBrief | null; marks?: Mark[] }) {
  const all = [...(marks ?? []), ...(force?.marks ?? [])]
  const distinct = [...new Map(all.map((mark) => [mark.code, mark])).values()]
  const engaged = force?.engaged
  return (
    <>
      {engaged && <span className="mark-chip" data-tone="bad" title={t('mark.engaged.title')}>{t('mark.engaged', { number: engaged.number })}</span>}
      {distinct.filter((mark) => !(mark.code === 'engaged' && engaged)).map((mark) => (
        <span key={mark.code} className="mark-chip" data-tone={MARK_TONE[mark.code] ?? 'past'} title={mark.text}>{t(`mark.${mark.code}.short`)}</span>
      ))}
    </>
  )
}
