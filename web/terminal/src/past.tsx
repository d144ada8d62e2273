//! Orders that are over, newest first; without a network those that the phone keeps.

import { useEffect, useState } from 'preact/hooks'
import { isOver } from './known.ts'
import { t } from './locales/index.ts'
import { OrderCard } from './now.tsx'
import { session } from './session.ts'
import { standing } from './steps.ts'
import { acts, api, known, pastOrders } from './sync.ts'

export function Past() {
  const [state, setState] = useState<'loading' | 'read' | 'failed'>('loading')
  useEffect(() => {
    const force = session.value?.me.force
    if (!force) return
    void api.history(force.id).then((answer) => {
      if (answer.kind === 'ok') pastOrders.value = answer.value
      setState(answer.kind === 'ok' ? 'read' : 'failed')
    })
  }, [])
  const all = new Map([...pastOrders.value, ...Object.values(known.value.orders)].map((order) => [order.id, order]))
  const over = [...all.values()].filter((order) => isOver({ ...order, step: standing(order, acts.value).step })).sort((a, b) => b.issued_at.localeCompare(a.issued_at))
  return (
    <>
      <h1>{t('past.title')}</h1>
      {state === 'failed' && <p class="note">{t('past.offline')}</p>}
      {over.length === 0 && <p class="calm">{t(state === 'loading' ? 'now.loading' : 'past.none')}</p>}
      {over.map((order) => (
        <OrderCard key={order.id} order={order} />
      ))}
    </>
  )
}
