//! 「锁屏推送」 on the phone's page: whether messages reach this phone when the page is closed, and the key that asks for it.

import { useEffect, useState } from 'preact/hooks'
import { t } from './locales/index.ts'
import { allowPush, endPush, lookAtPush, push, rehearsed, trial, tryPush } from './push.ts'
import { Key } from './ui/ui.tsx'

export function PushPanel() {
  const [busy, setBusy] = useState(false)
  useEffect(() => void lookAtPush(), [])
  const state = push.value
  if (state === 'unknown') return null
  const does = (what: () => Promise<void>) => () => {
    setBusy(true)
    void what().finally(() => setBusy(false))
  }
  const on = state === 'on'
  const asks = state === 'off' || state === 'unreached' || state === 'refused' || state === 'later'
  return (
    <section class="panel" data-push={state}>
      <h2>{t('push.title')}</h2>
      <p class={`state ${on ? 'good' : 'bad'}`}>
        <span>{t('push.this_phone')}</span>
        <b>{t(`push.${state}`)}</b>
      </p>
      <p class="note">{t('push.why')}</p>
      {rehearsed.value && on && <p class="hint">{t('push.rehearsal')}</p>}
      {asks && (
        <Key icon="bell" busy={busy} onPress={does(allowPush)}>
          {t('push.allow')}
        </Key>
      )}
      {on && (
        <div class="pair">
          <Key icon="bell" busy={busy} onPress={does(tryPush)}>
            {t('push.try')}
          </Key>
          <Key busy={busy} onPress={does(endPush)}>
            {t('push.end')}
          </Key>
        </div>
      )}
      {trial.value && (
        <p class={`note ${trial.value === 'handed_over' ? 'good' : 'bad'}`} role="status">
          {t(`push.trial.${trial.value}`)}
        </p>
      )}
    </section>
  )
}
