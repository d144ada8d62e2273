//! How fresh the picture is, and what keeps this phone from doing its duty.

import { t } from './locales/index.ts'
import { sound } from './ring.ts'
import { acts, durable, known, line } from './sync.ts'
import { clockTime } from './time.ts'
import { Icon } from './ui/icon.tsx'

/** How fresh the picture is: live, or as of when. */
export function LineState() {
  const { as_of } = known.value
  const live = line.value === 'live'
  const age = as_of === null ? t('line.never') : t('line.as_of', { time: clockTime(as_of, true) })
  return (
    <div class={`line ${line.value}`} role="status">
      <span>{t(`line.${line.value}`)}</span>
      {!live && <small>{age}</small>}
    </div>
  )
}

/** What keeps this phone from doing its duty, with the way out. */
export function Warnings({ short }: { short?: boolean }) {
  const waiting = acts.value.filter((act) => act.state === 'waiting' && !act.automatic).length
  return (
    <>
      {!short && waiting > 0 && (
        <p class="warning" role="status">
          <i class="dot" aria-hidden="true" />
          <span>{t('queue.waiting_n', { n: waiting })}</span>
        </p>
      )}
      {sound.value !== 'on' && (
        <button type="button" class="warning">
          <Icon name="mute" />
          <span>
            {t(sound.value === 'none' ? 'ring.none' : 'ring.off')}
            {sound.value === 'locked' && <b>{t('ring.tap')}</b>}
          </span>
        </button>
      )}
      {!durable.value && (
        <p class="warning">
          <Icon name="warn" />
          <span>{t('queue.memory')}</span>
        </p>
      )}
    </>
  )
}
