/** When it happened, and who told it through what: a thing typed in late is not a thing done late (代录). */
import type { Through } from '../api/index.ts'
import { lastClockTime, timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Choice, Field } from '../ui/index.ts'
import type { Values } from './spec.ts'

export interface ReportedValues { occurred: string; /** As typed; without it, whom the act itself supposes. */ who: string | undefined; through: Through; onBehalf: boolean }
const THROUGH: Through[] = ['phone', 'radio', 'in_person', 'paper']

export const emptyReported = (onBehalf: boolean): ReportedValues => ({ occurred: '', who: undefined, through: 'phone', onBehalf })

/** Why it can't go out as typed: a time that can't be read would else be recorded as now, a missing teller as the desk itself. */
export function reportedFault(value: ReportedValues, now: number): string | undefined {
  return clockFault(value.occurred, now) ?? (value.onBehalf && !value.who?.trim() ? t('reported.who.missing') : undefined)
}
export const clockFault = (typed: string, now: number) => (typed.trim() && !lastClockTime(typed, now) ? t('reported.occurred_at.wrong') : undefined)

/** What goes out; `reportedFault` was asked before. */
export function reportedBody(value: ReportedValues, now: number): Values {
  const occurred_at = lastClockTime(value.occurred, now)
  const who = value.who?.trim()
  return { ...(occurred_at && { occurred_at }), ...(value.onBehalf && who && { on_behalf_of: { who, through: value.through } }) }
}

/** When it happened, as four digits; empty is now. */
export function ClockField({ value, onChange, now }: { value: string; onChange: (typed: string) => void; now: number }) {
  const at = lastClockTime(value, now)
  const wrong = clockFault(value, now)
  return (
    <Field label={t('reported.occurred_at')} wrong={wrong} hint={wrong ? undefined : at ? timeText(at, now) : t('reported.occurred_at.now')}>
      <input className="input" inputMode="numeric" placeholder={t('reported.occurred_at.sample')} value={value} style={{ maxWidth: 140 }} onChange={(event) => onChange(event.target.value)} />
    </Field>
  )
}

export function ReportedFields(props: { value: ReportedValues; onChange: (value: ReportedValues) => void; offered: boolean; must: boolean; now: number }) {
  const { value, onChange } = props
  return (
    <fieldset className="reported">
      {props.offered && (
        <label className="check">
          <input type="checkbox" checked={value.onBehalf} disabled={props.must} onChange={(event) => onChange({ ...value, onBehalf: event.target.checked })} />
          <b>{t('reported.on_behalf')}</b><span className="muted small">{t('reported.on_behalf.hint')}</span>
        </label>
      )}
      {value.onBehalf && props.offered && (
        <>
          <Field label={t('reported.who')} required wrong={value.who?.trim() ? undefined : t('reported.who.missing')}>
            <input className="input" value={value.who ?? ''} onChange={(event) => onChange({ ...value, who: event.target.value })} />
          </Field>
          <Choice
            label={t('reported.through')} size="s" value={value.through} onChange={(through) => onChange({ ...value, through })}
            options={THROUGH.map((through) => ({ value: through, label: t(`through.${through}`) }))}
          />
        </>
      )}
      <ClockField value={value.occurred} now={props.now} onChange={(occurred) => onChange({ ...value, occurred })} />
    </fieldset>
  )
}
