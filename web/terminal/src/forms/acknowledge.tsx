//! 「确认出动」: how many go, and how long they need.

import { useState } from 'preact/hooks'
import { t } from '../locales/index.ts'
import { actOn } from '../sync.ts'
import type { Order } from '../types.ts'
import { Chips, SheetFrame, Stepper } from '../ui/ui.tsx'
import { closeSheet } from '../view.ts'

export const STRENGTH_MAX = 999
const ETA_MIN = [5, 10, 15, 20, 30, 45, 60]

export function AcknowledgeForm({ order }: { order: Order }) {
  const [strength, setStrength] = useState(Math.max(1, order.strength ?? order.force?.strength ?? 1))
  const [eta, setEta] = useState(0)
  return (
    <SheetFrame
      title={t('ack.title')}
      tone="scene"
      drill={order.drill}
      onClose={closeSheet}
      sends={{ word: t('ack.go'), icon: 'check', write: () => actOn(order, 'acknowledge_order', { strength, ...(eta > 0 ? { eta_min: eta } : {}) }) }}
    >
      <h3>{t('ack.strength')}</h3>
      <Stepper label={t('ack.strength')} value={strength} min={1} max={STRENGTH_MAX} show={(n) => t('people', { n })} onChange={setStrength} />
      <h3>{t('ack.eta')}</h3>
      <Chips
        label={t('ack.eta')}
        value={eta}
        onChange={setEta}
        options={[...ETA_MIN.map((value) => ({ value, text: t('minutes', { n: value }) })), { value: 0, text: t('ack.eta_unknown') }]}
      />
    </SheetFrame>
  )
}
