//! Orders that are over, newest first: those that the node still tells of, and those that this phone has kept.

import { useEffect, useState } from 'preact/hooks'
import { isOver } from './known.ts'
import { t } from './locales/index.ts'
import { OrderCard } from './now.tsx'
import { session } from './session.ts'
import { standing } from './steps.ts'
import { acts, api, keepPast, known, pastOrders } from './sync.ts'

export function Past() {
  const [state, setState] = useState<'loading' | 'read' | 'failed'>('loading')
  useEffect(() => {
    const force = session.value?.me.force
    if (!force) return
    void api.history(force.id).then(async (answer) => {
      if (answer.kind === 'ok') await keepPast(answer.value.filter(isOver))
      setState(answer.kind === 'ok' ? 'read' : 'failed')
    })
  }, [])
  const all = new Map([...pastOrders.value, ...Object.values(known.value.orders)].map((order) => [order.id, order]))
  // An order whose incident is closed is past, whatever its last step was.
  const past = [...all.values()].filter((order) => known.value.orders[order.id] === undefined || isOver({ ...order, step: standing(order, acts.value).step }))
  past.sort((a, b) => b.issued_at.localeCompare(a.issued_at))
  return (
    <>
      <h1>{t('past.title')}</h1>
      {state === 'failed' && <p class="note">{t('past.offline')}</p>}
      {past.length === 0 && <p class="calm">{t(state === 'loading' ? 'now.loading' : 'past.none')}</p>}
      {past.map((order) => (
        <OrderCard key={order.id} order={order} />
      ))}
    </>
  )
}
