//! Which form lies over the view.

import { unanswered } from '../attention.ts'
import { t } from '../locales/index.ts'
import { known, orderOf } from '../sync.ts'
import { SheetFrame } from '../ui/ui.tsx'
import { closeSheet, type Sheet } from '../view.ts'
import { AcknowledgeForm } from './acknowledge.tsx'
import { ContactsForm } from './contacts.tsx'
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

/** What the form was about is no longer here: said in words, with a way out. */
function Gone() {
  return (
    <SheetFrame title={t('order.gone')} onClose={closeSheet}>
      <p>{t('order.gone')}</p>
    </SheetFrame>
  )
}

const FORMS = { acknowledge: AcknowledgeForm, decline: DeclineForm, progress: ProgressForm, return: ReturnForm, late: LateForm }

/** Always shows something: the page below is inert as long as a form is open. */
export function Forms({ sheet: open }: { sheet: Sheet }) {
  if (open.form === 'contacts') {
    return (
      <>
        <ContactsForm />
        <OtherOrder besides="" />
      </>
    )
  }
  if (open.form === 'not-ready') {
    const stand_by = known.value.stand_bys[open.stand_by]
    if (!stand_by) return <Gone />
    return (
      <>
        <NotReadyForm stand_by={stand_by} />
        <OtherOrder besides="" />
      </>
    )
  }
  // Also of the past: a form that is being filled in outlives the closing of its incident, and the node judges what is sent.
  const order = orderOf(open.order)
  if (!order) return <Gone />
  const Form = FORMS[open.form]
  return (
    <>
      <Form key={`${open.form}/${open.order}`} order={order} />
      <OtherOrder besides={order.id} />
    </>
  )
}
