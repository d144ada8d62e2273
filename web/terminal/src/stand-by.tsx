//! A stand-by (待命, Plan 4.3.1): the force readies itself and confirms; it doesn't move.

import { isReadEnd, mute, muted, readEnd, standByAnswer } from './attention.ts'
import { t } from './locales/index.ts'
import { acts, confirmStandBy, now } from './sync.ts'
import { clockTime, span } from './time.ts'
import type { StandBy } from './types.ts'
import { Unsaved, useSave } from './ui/save.tsx'
import { DrillBand, Key } from './ui/ui.tsx'
import { sheet } from './view.ts'

export function StandByCard({ stand_by }: { stand_by: StandBy }) {
  const answer = standByAnswer(stand_by)
  const sending = acts.value.some((act) => act.lane === stand_by.id && act.state === 'waiting')
  const left_ms = stand_by.due ? Date.parse(stand_by.due) - now.value : null
  const may = stand_by.may['confirm_stand_by']
  const { busy, failed, save } = useSave()
  return (
    <article class={`stand-by${answer || stand_by.lifted ? ' answered' : ''}${stand_by.drill ? ' drill' : ''}`} aria-label={t('standby.title')}>
      {stand_by.drill && <DrillBand />}
      <header>
        <h2>{t('standby.title')}</h2>
        {!answer && !stand_by.lifted && left_ms !== null && (
          <span class={left_ms < 0 ? 'late' : ''}>{t(left_ms < 0 ? 'standby.reply_late' : 'standby.reply_in', { time: span(Math.abs(left_ms)) })}</span>
        )}
      </header>
      <p class="stand-by-text">{stand_by.text}</p>
      <p class="card-foot">
        {t('order.incident', { number: stand_by.incident_number })} · {clockTime(stand_by.pushed_at)}
      </p>
      {stand_by.lifted ? (
        <>
          <p class="answer" role="status">
            {t('standby.lifted')}
          </p>
          {!isReadEnd(stand_by.id) && <Key onPress={() => readEnd(stand_by.id)}>{t('refused.read')}</Key>}
        </>
      ) : answer ? (
        <p class={`answer ${answer.ready ? 'good' : 'bad'}`} role="status">
          {t(answer.ready ? 'standby.is_ready' : 'standby.is_not_ready')} {clockTime(answer.at)}
          <small>{t(sending ? 'queue.waiting' : 'standby.stay')}</small>
        </p>
      ) : (
        <>
          <p>{t('standby.stay')}</p>
          <Unsaved why={failed} />
          <div class="pair">
            <Key tone="quiet" refused={typeof may === 'object' ? may.detail : undefined} onPress={() => (sheet.value = { form: 'not-ready', stand_by: stand_by.id })}>
              {t('standby.not_ready')}
            </Key>
            <Key tone="way" big busy={busy} refused={typeof may === 'object' ? may.detail : undefined} onPress={() => save(() => confirmStandBy(stand_by, { ready: true }))}>
              {t('standby.ready')}
            </Key>
          </div>
          {!muted.value.has(stand_by.id) && (
            <button type="button" class="link" onClick={() => mute(stand_by.id)}>
              {t('ring.mute')}
            </button>
          )}
        </>
      )}
    </article>
  )
}
