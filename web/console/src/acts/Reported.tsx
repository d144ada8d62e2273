/** When it happened, and who told it through what: a thing typed in late is not a thing done late (代录). */
import type { Through } from '../api/index.ts'
import { lastClockTime, timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Choice, Field } from '../ui/index.ts'
import type { Values } from './spec.ts'

export interface ReportedValues { occurred: string; who: string; through: Through; onBehalf: boolean }
const THROUGH: Through[] = ['phone', 'radio', 'in_person', 'paper']

export function emptyReported(teller: string | undefined, onBehalf: boolean): ReportedValues {
  return { occurred: '', who: teller ?? '', through: 'phone', onBehalf }
}

export function reportedBody(value: ReportedValues, now: number): Values {
  const occurred_at = lastClockTime(value.occurred, now)
  return {
    ...(occurred_at && { occurred_at }),
    ...(value.onBehalf && value.who.trim() && { on_behalf_of: { who: value.who.trim(), through: value.through } }),
  }
}

export function ReportedFields(props: { value: ReportedValues; onChange: (value: ReportedValues) => void; offered: boolean; must: boolean; now: number }) {
  const { value, onChange } = props
  const at = lastClockTime(value.occurred, props.now)
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
          <Field label={t('reported.who')} required>
            <input className="input" value={value.who} onChange={(event) => onChange({ ...value, who: event.target.value })} />
          </Field>
          <Choice
            label={t('reported.through')} size="s" value={value.through} onChange={(through) => onChange({ ...value, through })}
            options={THROUGH.map((through) => ({ value: through, label: t(`through.${through}`) }))}
          />
        </>
      )}
      <Field label={t('reported.occurred_at')} hint={value.occurred ? (at ? timeText(at, props.now) : t('reported.occurred_at.wrong')) : t('reported.occurred_at.now')}>
        <input
          className="input" inputMode="numeric" placeholder={t('reported.occurred_at.sample')} value={value.occurred} style={{ maxWidth: 140 }}
          onChange={(event) => onChange({ ...value, occurred: event.target.value })}
        />
      </Field>
    </fieldset>
  )
}
