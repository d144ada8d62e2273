/** A plan: what is asked, whose answer is awaited, what was answered and how. */
import { ActButton, ReportedText } from '../acts/index.ts'
import type { Plan } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t, tCode } from '../locales/index.ts'
import { Badge, Countdown, Table } from '../ui/index.ts'
import { ArrangementsList } from './ArrangementsFields.tsx'
import { Marks } from './Marks.tsx'
import { PLAN_TONE, writtenTone } from './tones.ts'

export function PlanHead({ plan, now }: { plan: Plan; now: number }) {
  return (
    <div className="row wrap">
      <b>{plan.number}</b>
      <Badge tone={PLAN_TONE[plan.status]}>{t(`plan.status.${plan.status}`)}</Badge>
      {plan.drill && <Badge tone="drill">{t('drill')}</Badge>}
      {plan.by_order_of_post && <Badge tone="under-way">{t('plan.by_order_of_post')}</Badge>}
      {plan.supplement_to && <Badge tone="past">{t('plan.supplement')}</Badge>}
      <span className="muted small">{t('plan.tasks.count', { n: plan.tasks.length })}</span>
      {plan.status === 'submitted' && <>
        <span className="muted small">{t('plan.asked', { who: plan.asked.join('、') })}</span>
        <Countdown until={plan.answer_due} now={now} />
      </>}
      {plan.approval && plan.approval.written !== 'not_needed' && (
        <Badge tone={writtenTone(plan.approval.written)}>{t(`plan.written.${plan.approval.written}`)}{plan.approval.written === 'due' && plan.approval.written_due ? ` ${timeText(plan.approval.written_due, now)}` : ''}</Badge>
      )}
    </div>
  )
}

export function PlanActs({ plan, keyed, big }: { plan: Plan; keyed?: boolean; big?: boolean }) {
  const subject = { incident: plan.incident, id: plan.id }
  const initial = { revision: plan.revision }
  return (
    <div className="commandbar" data-big={big || undefined}>
      {(['approve_plan', 'submit_plan', 'record_telephone_approval', 'confirm_in_writing', 'send_back_plan', 'revise_plan', 'withdraw_plan'] as const).map((act) => (
        <ActButton key={act} act={act} may={plan.may[act]} subject={subject} initial={initial} keyed={keyed} size={big ? 'l' : 'm'} />
      ))}
    </div>
  )
}

export function PlanCard({ plan, now, keyed }: { plan: Plan; now: number; keyed?: boolean }) {
  return (
    <article className="card" data-plan={plan.id} data-waiting={plan.status === 'submitted' || undefined}>
      <PlanHead plan={plan} now={now} />
      {plan.reasons && <p className="quote" data-tone="bad">{t('plan.sent_back.because')}{plan.reasons}</p>}
      {plan.approval && (
        <p className="small">
          {t('plan.approved.by', { officer: plan.approval.officer, means: t(`plan.means.${plan.approval.means}`) })}
          {plan.approval.words && `「${plan.approval.words}」`}{plan.approval.recording && ` ${t('field.recording')} ${plan.approval.recording}`} <span className="muted"><ReportedText reported={plan.approval.at} now={now} bare /></span>
        </p>
      )}
      <PlanActs plan={plan} keyed={keyed} />
    </article>
  )
}

/** Everything that the officer must see before agreeing. */
export function PlanDetail({ plan, now }: { plan: Plan; now: number }) {
  return (
    <div className="stack">
      {plan.uncovered.length > 0 && <div className="uncovered"><b>{t('plan.uncovered')}</b><ul>{plan.uncovered.map((line) => <li key={line}>{line}</li>)}</ul></div>}
      <Table
        label={t('plan.tasks')} rows={plan.tasks} rowKey={(task) => task.force_ref.id}
        columns={[
          { key: 'force', title: t('force'), header: true, cell: (task) => <>{task.force_ref.name} <Marks force={task.force} marks={task.marks} /></> },
          { key: 'task', title: t('order.task'), cell: (task) => task.task },
          { key: 'basis', title: t('plan.basis'), cell: (task) => <span className="muted">{tCode('basis', task.basis)}</span> },
          { key: 'agreed', title: t('plan.agreed'), cell: (task) => (task.agreed === null ? '' : <Badge tone={task.agreed ? 'good' : 'bad'}>{t(task.agreed ? 'yes' : 'no')}</Badge>) },
        ]}
      />
      <ArrangementsList arrangements={plan.arrangements} />
      <p className="small muted">{t('plan.signed_by', { who: plan.signed_by })}{plan.submitted && <> · <ReportedText reported={plan.submitted} now={now} /></>}</p>
    </div>
  )
}
