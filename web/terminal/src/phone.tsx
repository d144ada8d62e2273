//! What this phone can and can't do: ring, open without a network, stay awake; and what it still has to send.

import { useState } from 'preact/hooks'
import { keepAwake } from './attention.ts'
import { forgetContacts } from './contacts.ts'
import { choose, language, t } from './locales/index.ts'
import { ContactsPanel } from './contacts-panel.tsx'
import { Outbox } from './outbox.tsx'
import { PushPanel } from './push-panel.tsx'
import { forgetHere, push } from './push.ts'
import { askNotices, awake, notices, sound, tryRing } from './ring.ts'
import { forgetSession, session } from './session.ts'
import { setSharePosition, sharePosition } from './settings.ts'
import { acts, api, stop } from './sync.ts'
import { applyTheme, theme, type Theme } from './theme.ts'
import { Chips, Key, Switch } from './ui/ui.tsx'

export function Phone() {
  return (
    <>
      <h1>{t('phone.title')}</h1>
      <Outbox />
      <section class="panel">
        <h2>{t('phone.can_ring')}</h2>
        <Line name={t('ring.sound')} good={sound.value === 'on'} text={t(sound.value === 'on' ? 'ring.on' : sound.value === 'none' ? 'ring.none' : 'ring.off')} />
        <Line name={t('ring.vibrate')} good={'vibrate' in navigator} text={t('vibrate' in navigator ? 'ring.yes' : 'ring.no')} />
        <Line name={t('ring.notices')} good={notices.value === 'granted'} text={t(`ring.notices.${notices.value}`)} />
        <p class="note">{t('ring.locked_phone')}</p>
        <div class="pair">
          <Key icon="bell" onPress={() => void tryRing()}>
            {t('ring.try')}
          </Key>
          {notices.value === 'default' && <Key onPress={() => void askNotices()}>{t('ring.allow')}</Key>}
        </div>
        <Switch
          label={t('phone.screen')}
          on={keepAwake.value}
          onChange={(on) => {
            localStorage.setItem('muster.terminal.awake', on ? 'yes' : 'no')
            keepAwake.value = on
          }}
        />
        {keepAwake.value && <p class="hint">{t(awake.value ? 'phone.screen_on' : 'phone.screen_off')}</p>}
      </section>
      <PushPanel />
      <ContactsPanel />
      <section class="panel">
        <Switch label={t('phone.position')} on={sharePosition.value} onChange={setSharePosition} />
        <p class="hint">{t('phone.position_text')}</p>
        <Line
          name={t('phone.offline')}
          good={Boolean(navigator.serviceWorker?.controller)}
          text={t(!globalThis.isSecureContext ? 'phone.offline_insecure' : navigator.serviceWorker?.controller ? 'phone.offline_yes' : 'phone.offline_no')}
        />
      </section>
      <section class="panel">
        <h3>{t('phone.theme')}</h3>
        <Chips<Theme>
          label={t('phone.theme')}
          value={theme.value}
          onChange={applyTheme}
          options={(['auto', 'light', 'dark'] as const).map((value) => ({ value, text: t(`phone.theme.${value}`) }))}
        />
        <h3>{t('phone.language')}</h3>
        <Chips label={t('phone.language')} value={language.value} onChange={choose} options={[{ value: 'zh-CN', text: '中文' }, { value: 'en', text: 'English' }] as const as { value: 'zh-CN' | 'en'; text: string }[]} />
      </section>
      <SignOut />
    </>
  )
}

function Line({ name, good, text }: { name: string; good: boolean; text: string }) {
  return (
    <p class={`state ${good ? 'good' : 'bad'}`}>
      <span>{name}</span>
      <b>{text}</b>
    </p>
  )
}

function SignOut() {
  const [sure, setSure] = useState(false)
  const waiting = acts.value.filter((act) => act.state === 'waiting' && !act.automatic).length
  async function leave() {
    // The node ends what this browser is told with the session; the browser forgets it too.
    await api.signOut()
    await forgetHere()
    push.value = 'unknown'
    forgetContacts()
    stop()
    forgetSession()
  }
  return (
    <section class="panel">
      <p class="state">
        <span>{t('phone.signed_in')}</span>
        <b>{session.value?.me.account}</b>
      </p>
      {sure ? (
        <>
          <p class="note bad">{t('phone.sign_out_sure', { n: waiting })}</p>
          <div class="pair">
            <Key onPress={() => setSure(false)}>{t('cancel')}</Key>
            <Key tone="alarm" onPress={() => void leave()}>
              {t('phone.sign_out')}
            </Key>
          </div>
        </>
      ) : (
        <Key onPress={() => setSure(true)}>{t('phone.sign_out')}</Key>
      )}
    </section>
  )
}
