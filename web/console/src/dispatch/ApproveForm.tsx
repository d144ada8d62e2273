/** Agreeing to a plan, whole or in part, on the revision that is shown (Plan 4.1.4). On a phone this is the second tap. */
import { useState } from 'react'
import { useDraft, type ActFormProps } from '../acts/index.ts'
import type { Plan } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Button, Field, Loading } from '../ui/index.ts'
import { TaskChoice, useTaskChoice } from './TaskChoice.tsx'

export function ApproveForm({ ctx, perform, busy, reason }: ActFormProps) {
  const plan = ctx.target as Plan | undefined
  return plan ? <Form plan={plan} perform={perform} busy={busy} reason={reason} /> : <Loading />
}

function Form({ plan, perform, busy, reason }: { plan: Plan } & Pick<ActFormProps, 'perform' | 'busy' | 'reason'>) {
  const choice = useTaskChoice(plan)
  const [remark, setRemark] = useDraft('remark', () => '')
  // The revision is the one on the screen: when the brigade changes the plan meanwhile, the node refuses.
  const [revision] = useState(plan.revision)
  const submit = () => void perform({ revision, ...choice.part, ...(remark.trim() && { remark: remark.trim() }) })
  const whole = choice.chosen.length === plan.tasks.length
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (!busy && !reason) submit() }}>
      <Button
        type="submit" kind="good" size="xl" wide busy={busy} autoFocus testId="act-submit"
        disabledReason={reason ?? (choice.chosen.length === 0 ? t('plan.approve.none') : undefined)}
      >
        {whole ? t('plan.approve.whole', { n: plan.tasks.length }) : t('plan.approve.part', { n: choice.chosen.length, of: plan.tasks.length })}
      </Button>
      <p className="consequence">{t('plan.approve.consequence')}</p>
      <TaskChoice plan={plan} choice={choice} />
      {plan.uncovered.length > 0 && <div className="uncovered"><b>{t('plan.uncovered')}</b><ul>{plan.uncovered.map((line) => <li key={line}>{line}</li>)}</ul></div>}
      <Field label={t('plan.remark')}><input className="input" value={remark} onChange={(event) => setRemark(event.target.value)} /></Field>
    </form>
  )
}
