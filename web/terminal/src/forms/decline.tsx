//! 「不能出动」 and 「不能待命」: the reason decides what dispatch does next, so it is asked in one tap.

import { useState } from 'preact/hooks'
import { t } from '../locales/index.ts'
import { actOn, confirmStandBy } from '../sync.ts'
import type { Order, StandBy } from '../types.ts'
import { Chips, SheetFrame } from '../ui/ui.tsx'
import { closeSheet } from '../view.ts'

const REASONS = ['decline.people', 'decline.engaged', 'decline.equipment', 'decline.road', 'decline.ability', 'decline.other'] as const
export const WORDS_MAX = 500

export function DeclineForm({ order }: { order: Order }) {
  return <Reason title={t('decline.title')} why={t('decline.why')} go={t('decline.go')} drill={order.drill} done={(reason) => actOn(order, 'decline_order', { reason })} />
}

export function NotReadyForm({ stand_by }: { stand_by: StandBy }) {
  return (
    <Reason title={t('standby.not_ready')} why={t('standby.why')} go={t('standby.not_ready')} drill={stand_by.drill} done={(note) => confirmStandBy(stand_by, { ready: false, note })} />
  )
}

function Reason(props: { title: string; why: string; go: string; drill: boolean; done: (reason: string) => Promise<void> }) {
  const [reason, setReason] = useState<(typeof REASONS)[number] | null>(null)
  const [words, setWords] = useState('')
  const said = words.trim()
  const whole = [reason !== null && reason !== 'decline.other' ? t(reason) : '', said].filter((part) => part !== '').join('：')
  return (
    <SheetFrame
      title={props.title}
      tone="alarm"
      drill={props.drill}
      onClose={closeSheet}
      sends={{ word: props.go, icon: 'cross', refused: whole === '' ? t('standby.why') : undefined, write: () => props.done(whole) }}
    >
      <p>{props.why}</p>
      <Chips label={props.why} value={reason} onChange={setReason} options={REASONS.map((value) => ({ value, text: t(value) }))} />
      <label>
        {t('decline.words')}
        <textarea rows={2} maxLength={WORDS_MAX} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </label>
    </SheetFrame>
  )
}
