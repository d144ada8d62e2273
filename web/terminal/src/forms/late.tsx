//! 「补记时间」: a step that was taken and not tapped. It carries the time at which it happened.

import { useState } from 'preact/hooks'
import { t } from '../locales/index.ts'
import { choices, isStep, standing } from '../steps.ts'
import { actOn, acts } from '../sync.ts'
import { nowMs, stamp, timeToday } from '../time.ts'
import type { Order } from '../types.ts'
import { Chips, SheetFrame } from '../ui/ui.tsx'
import { closeSheet } from '../view.ts'

const AGO_MIN = [5, 10, 15, 20, 30, 60]

export function LateForm({ order }: { order: Order }) {
  const { next, others } = choices(order, standing(order, acts.value))
  const steps = [...(next ? [next] : []), ...others].flatMap(({ act, may }) => (isStep(act) && may === true ? [act] : []))
  const [act, setAct] = useState(steps[0] ?? null)
  const [ago, setAgo] = useState<number | null>(5)
  const [at, setAt] = useState('')
  const when_ms = ago !== null ? nowMs() - ago * 60_000 : timeToday(at)
  const fits = when_ms !== null && when_ms <= nowMs() && when_ms >= Date.parse(order.issued_at)

  async function write() {
    if (!act || when_ms === null) return
    await actOn(order, act, {}, { occurred_at: stamp(when_ms) })
  }

  return (
    <SheetFrame
      title={t('late.title')}
      tone="way"
      drill={order.drill}
      onClose={closeSheet}
      sends={{ word: t('late.go'), icon: 'check', refused: !act ? t('late.which') : fits ? undefined : t('late.bad_time'), write }}
    >
      <p class="hint">{t('late.why')}</p>
      <h3>{t('late.which')}</h3>
      <Chips label={t('late.which')} value={act} onChange={setAct} options={steps.map((value) => ({ value, text: t(`act.${value}`) }))} />
      <h3>{t('late.when')}</h3>
      <Chips label={t('late.when')} value={ago} onChange={setAgo} options={AGO_MIN.map((value) => ({ value, text: t('late.ago', { n: value }) }))} />
      <label>
        {t('late.at')}
        <input
          type="time"
          value={at}
          onInput={(event) => {
            setAt(event.currentTarget.value)
            setAgo(null)
          }}
        />
      </label>
    </SheetFrame>
  )
}
