//! Which form lies over the view.

import { known } from '../sync.ts'
import type { Sheet } from '../view.ts'
import { AcknowledgeForm } from './acknowledge.tsx'
import { DeclineForm, NotReadyForm } from './decline.tsx'
import { LateForm } from './late.tsx'
import { ProgressForm } from './progress.tsx'
import { ReturnForm } from './return.tsx'

const FORMS = { acknowledge: AcknowledgeForm, decline: DeclineForm, progress: ProgressForm, return: ReturnForm, late: LateForm }

export function Forms({ sheet: open }: { sheet: Sheet }) {
  if (open.form === 'not-ready') {
    const stand_by = known.value.stand_bys[open.stand_by]
    return stand_by ? <NotReadyForm stand_by={stand_by} /> : null
  }
  const order = known.value.orders[open.order]
  if (!order) return null
  const Form = FORMS[open.form]
  return <Form key={`${open.form}/${open.order}`} order={order} />
}
