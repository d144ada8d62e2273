import { useState } from 'react'
import type { Plan } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Marks } from './Marks.tsx'

/** Which tasks of a plan are agreed to: all of them until some are taken out. */
export function useTaskChoice(plan: Plan) {
  const [out, setOut] = useState<string[]>([])
  const chosen = plan.tasks.map((task) => task.force_ref.id).filter((id) => !out.includes(id))
  return {
    chosen,
    /** `{}` for the whole plan. */
    part: chosen.length === plan.tasks.length ? {} : { tasks: chosen },
    toggle: (id: string) => setOut((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id])),
  }
}

export function TaskChoice({ plan, choice }: { plan: Plan; choice: ReturnType<typeof useTaskChoice> }) {
  return (
    <ul className="picklist" aria-label={t('plan.tasks')}>
      {plan.tasks.map((task) => {
        const on = choice.chosen.includes(task.force_ref.id)
        return (
          <li key={task.force_ref.id} data-on={on || undefined}>
            <label>
              <input type="checkbox" checked={on} onChange={() => choice.toggle(task.force_ref.id)} />
              <b>{task.force_ref.name}</b><span className="muted small">{task.task}</span>
              <Marks force={task.force} marks={task.marks} />
            </label>
          </li>
        )
      })}
    </ul>
  )
}
