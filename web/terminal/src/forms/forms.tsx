//! Which form lies over the view.

import { unanswered } from '../attention.ts'
import { t } from '../locales/index.ts'
import { known } from '../sync.ts'
import type { Sheet } from '../view.ts'
import { AcknowledgeForm } from './acknowledge.tsx'
import { DeclineForm, NotReadyForm } from './decline.tsx'
import { LateForm } from './late.tsx'
import { ProgressForm } from './progress.tsx'
import { ReturnForm } from './return.tsx'

/** A new order rings and is announced over a form that is being filled in; it doesn't tear the form away. */
function OtherOrder({ besides }: { besides: string }) {
  const other = unanswered.value.find((order) => order.id !== besides)
  if (!other) return null
  return (
    <p class="other-order" role="alert">
      {other.drill && `【${t('drill')}】`}
      {t('order.other_new')}：{other.place.text}
    </p>
  )
}

const FORMS = { acknowledge: AcknowledgeForm, decline: DeclineForm, progress: ProgressForm, return: ReturnForm, late: LateForm }

export function Forms({ sheet: open }: { sheet: Sheet }) {
  if (open.form === 'not-ready') {
    const stand_by = known.value.stand_bys[open.stand_by]
    return stand_by ? (
      <>
        <NotReadyForm stand_by={stand_by} />
        <OtherOrder besides="" />
      </>
    ) : null
  }
  const order = known.value.orders[open.order]
  if (!order) return null
  const Form = FORMS[open.form]
  return (
    <>
      <Form key={`${open.form}/${open.order}`} order={order} />
      <OtherOrder besides={order.id} />
    </>
  )
}
