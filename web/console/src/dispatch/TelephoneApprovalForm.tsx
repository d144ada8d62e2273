/** The common way: the officer agrees on the telephone; either desk records who, when, the words and the recording's number. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ClockField, clockFault, useDraft, type ActFormProps } from '../acts/index.ts'
import { queries, useNow, type Plan } from '../api/index.ts'
import { lastClockTime } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Button, Choice, Field, Loading } from '../ui/index.ts'
import { TaskChoice, useTaskChoice } from './TaskChoice.tsx'

export function TelephoneApprovalForm({ ctx, perform, busy, reason }: ActFormProps) {
  const plan = ctx.target as Plan | undefined
  return plan ? <Form plan={plan} perform={perform} busy={busy} reason={reason} /> : <Loading />
}

function Form({ plan, perform, busy, reason }: { plan: Plan } & Pick<ActFormProps, 'perform' | 'busy' | 'reason'>) {
  const duty = useQuery(queries.duty())
  // Whom the plan asks is told by the node; beside them, who is on duty where the approval is given.
  const titles = (duty.data ?? []).filter((entry) => entry.deputies.length > 0).flatMap((entry) => [entry.leader, entry.officer, ...entry.deputies]).filter(Boolean)
  const officers = [...new Set([...plan.asked, ...titles])].slice(0, 6)
  const [officer, setOfficer] = useDraft('officer', () => plan.asked.at(-1) ?? '') // who is asked now; those before gave no answer
  const [words, setWords] = useDraft('words', () => t('telephone.words.usual'))
  const [recording, setRecording] = useDraft('recording', () => '')
  const [occurred, setOccurred] = useDraft('occurred', () => '')
  const choice = useTaskChoice(plan)
  const [revision] = useState(plan.revision)
  const now = useNow()
  const at = lastClockTime(occurred, now)
  const submit = () => void perform({
    revision, officer: officer.trim(), words: words.trim(), ...choice.part, ...(recording.trim() && { recording: recording.trim() }), ...(at && { occurred_at: at }),
  })
  const lacking = !officer.trim() ? t('telephone.officer.missing') : !words.trim() ? t('telephone.words.missing') : choice.chosen.length === 0 ? t('plan.approve.none') : clockFault(occurred, now)
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (!busy && !reason && !lacking) submit() }}>
      {officers.length > 0 && <Choice label={t('telephone.officer')} value={officers.includes(officer) ? officer : undefined} onChange={setOfficer} options={officers.map((one, i) => ({ value: one, label: one, hotkey: String(i + 1) }))} autoFocus onEnter={() => { if (!lacking && !busy && !reason) submit() }} />}
      <Field label={officers.length > 0 ? t('telephone.officer.other') : t('telephone.officer')} required><input className="input" value={officer} onChange={(event) => setOfficer(event.target.value)} data-field="officer" /></Field>
      <div className="grid-2">
        <Field label={t('telephone.words')} required><input className="input" value={words} onChange={(event) => setWords(event.target.value)} data-field="words" /></Field>
        <Field label={t('field.recording')}><input className="input" value={recording} onChange={(event) => setRecording(event.target.value)} data-field="recording" /></Field>
        <ClockField value={occurred} onChange={setOccurred} now={now} />
      </div>
      <TaskChoice plan={plan} choice={choice} />
      <p className="consequence">{t('telephone.consequence')}</p>
      <Button type="submit" kind="good" size="l" wide busy={busy} disabledReason={reason ?? lacking} testId="act-submit">{t('act.record_telephone_approval')}</Button>
    </form>
  )
}
