//! 「归队登记」 (Plan 5.1): hours, what was used up, who confirmed it on scene. Evidence for compensation.

import { useState } from 'preact/hooks'
import { t } from '../locales/index.ts'
import { standing } from '../steps.ts'
import { actOn, acts } from '../sync.ts'
import { nowMs } from '../time.ts'
import type { Consumable, Order } from '../types.ts'
import { Icon } from '../ui/icon.tsx'
import { SheetFrame, Stepper } from '../ui/ui.tsx'
import { closeSheet } from '../view.ts'

const HALF_HOUR_MIN = 30
const HOURS_MAX_MIN = 240 * 60
const QUANTITY_MAX = 1_000_000
const LINES_MAX = 30
const QUICK = ['return.quick.1', 'return.quick.2', 'return.quick.3', 'return.quick.4'] as const

type Line = { name: string; quantity: string; unit: string }

export function ReturnForm({ order }: { order: Order }) {
  const [minutes, setMinutes] = useState(() => worked(order))
  const [lines, setLines] = useState<Line[]>([])
  const [by, setBy] = useState('')
  const [note, setNote] = useState('')
  const change = (at: number, part: Partial<Line>) => setLines((before) => before.map((line, index) => (index === at ? { ...line, ...part } : line)))
  const consumables: Consumable[] = lines.map((line) => ({ name: line.name.trim(), quantity: Number(line.quantity), unit: line.unit.trim() }))
  const whole = consumables.every((line) => line.name !== '' && line.unit !== '' && Number.isInteger(line.quantity) && line.quantity > 0 && line.quantity <= QUANTITY_MAX)

  async function write() {
    await actOn(order, 'return_order', {
      worked_min: minutes,
      consumables,
      ...(by.trim() === '' ? {} : { confirmed_by: by.trim() }),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    })
  }

  return (
    <SheetFrame
      title={t('return.title')}
      tone="way"
      drill={order.drill}
      onClose={closeSheet}
      sends={{ word: t('return.go'), icon: 'check', refused: whole ? undefined : t('return.incomplete'), write }}
    >
      <p class="hint">{t('return.why')}</p>
      <h3>{t('return.hours')}</h3>
      <Stepper label={t('return.hours')} value={minutes} min={0} max={HOURS_MAX_MIN} step={HALF_HOUR_MIN} show={(n) => t('return.hours_value', { h: n / 60 })} onChange={setMinutes} />
      <h3>{t('return.consumables')}</h3>
      {lines.map((line, at) => (
        <div class="line-of" key={at}>
          <input aria-label={t('return.name')} placeholder={t('return.name')} maxLength={60} value={line.name} onInput={(event) => change(at, { name: event.currentTarget.value })} />
          <input aria-label={t('return.quantity')} placeholder={t('return.quantity')} inputMode="numeric" maxLength={7} value={line.quantity} onInput={(event) => change(at, { quantity: event.currentTarget.value })} />
          <input aria-label={t('return.unit')} placeholder={t('return.unit')} maxLength={12} value={line.unit} onInput={(event) => change(at, { unit: event.currentTarget.value })} />
          <button type="button" class="round" aria-label={t('return.remove', { n: at + 1 })} onClick={() => setLines((before) => before.filter((_, index) => index !== at))}>
            <Icon name="cross" />
          </button>
        </div>
      ))}
      {lines.length < LINES_MAX && (
        <div class="chips">
          {QUICK.map((quick) => {
            const [name = '', unit = ''] = t(quick).split('|')
            return (
              <button type="button" class="chip" key={quick} onClick={() => setLines((before) => [...before, { name, quantity: '', unit }])}>
                + {name}
              </button>
            )
          })}
          <button type="button" class="chip" onClick={() => setLines((before) => [...before, { name: '', quantity: '', unit: '' }])}>
            + {t('return.add')}
          </button>
        </div>
      )}
      <label>
        {t('return.confirmed_by')}
        <input placeholder={t('return.confirmed_hint')} maxLength={60} value={by} onInput={(event) => setBy(event.currentTarget.value)} />
      </label>
      <label>
        {t('return.note')}
        <textarea rows={2} maxLength={500} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </SheetFrame>
  )
}

/** From departing (or arriving) to being released or now, in half hours. */
function worked(order: Order): number {
  const { times } = standing(order, acts.value)
  const from = times.departed ?? times.arrived ?? times.acknowledged
  if (!from) return 0
  const to_ms = times.released ? Date.parse(times.released) : nowMs()
  return Math.max(0, Math.round((to_ms - Date.parse(from)) / 60_000 / HALF_HOUR_MIN) * HALF_HOUR_MIN)
}
