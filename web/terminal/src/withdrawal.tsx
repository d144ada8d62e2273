//! Emergency withdrawal (紧急撤离): red over everything until this force has said who is out.

import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from './locales/index.ts'
import { confirmWithdrawal } from './sync.ts'
import type { Order } from './types.ts'
import { Refusals } from './outbox.tsx'
import { Unsaved, useSave } from './ui/save.tsx'
import { Call, DrillBand, Key, Stepper } from './ui/ui.tsx'

export function WithdrawalFace({ id, order }: { id: string; order: Order }) {
  const [missing, setMissing] = useState<number | null>(null)
  const { busy, failed, save } = useSave()
  const face = useRef<HTMLDivElement>(null)
  const phones = [{ position: order.arrangements.report_to.position, phone: order.arrangements.report_to.phone }, ...order.contacts]
  useEffect(() => face.current?.focus(), [])
  return (
    <div class={`withdrawal${order.drill ? ' drill' : ''}`} role="alertdialog" aria-modal="true" aria-label={t('withdraw.title')} tabIndex={-1} ref={face}>
      {order.drill && <DrillBand />}
      <div class="withdrawal-body">
        <h1>{t('withdraw.title')}</h1>
        <p class="withdraw-now">{t('withdraw.now')}</p>
        {order.withdrawal?.reason && <p class="withdraw-why">{order.withdrawal.reason}</p>}
        <p class="withdraw-where">{order.place.text}</p>
        <Refusals lane={order.id} />
        {phones.map(({ position, phone }) => phone && (
          <span class="contact" key={position}>
            {position} <Call who={position} phone={phone} />
          </span>
        ))}
      </div>
      <footer class="keys">
        <Unsaved why={failed} />
        {missing === null ? (
          <>
            <p>{t('withdraw.confirm')}</p>
            <Key big tone="quiet" icon="check" busy={busy} onPress={() => save(() => confirmWithdrawal(id, order, { everyone_out: true }))}>
              {t('withdraw.everyone')}
            </Key>
            <Key tone="plain" icon="warn" onPress={() => setMissing(1)}>
              {t('withdraw.missing')}
            </Key>
          </>
        ) : (
          <>
            <p>{t('withdraw.how_many')}</p>
            <Stepper label={t('withdraw.how_many')} value={missing} min={1} max={999} onChange={setMissing} />
            <Key big tone="quiet" icon="warn" busy={busy} onPress={() => save(() => confirmWithdrawal(id, order, { everyone_out: false, missing }))}>
              {t('withdraw.report_missing', { n: missing })}
            </Key>
            <Key tone="plain" onPress={() => setMissing(null)}>
              {t('withdraw.back')}
            </Key>
          </>
        )}
      </footer>
    </div>
  )
}
