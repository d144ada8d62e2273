//! 「联系方式」 on the phone's page: who is called in which order, by what means; in red what could not be reached.

import { useEffect } from 'preact/hooks'
import { contacts, corrections, readContacts, unread } from './contacts.ts'
import { t, tCode } from './locales/index.ts'
import { clockTime } from './time.ts'
import { Key } from './ui/ui.tsx'
import { sheet } from './view.ts'

export function ContactsPanel() {
  useEffect(() => void readContacts(), [])
  const entry = contacts.value
  const may = entry?.may['set_contacts']
  return (
    <section class="panel" data-contacts>
      <h2>{t('contacts.title')}</h2>
      {corrections.value.map((owed) => (
        <p class="note bad" role="alert" key={`${owed.title}/${owed.channel_name}`} data-correction>
          {t('contacts.wrong', { title: owed.title, channel: owed.channel_name, time: clockTime(owed.since) })}
          {owed.reason && <small>{owed.reason}</small>}
        </p>
      ))}
      {unread.value && <p class="note">{t('contacts.offline')}</p>}
      {entry && (
        <>
          <ol class="people">
            {entry.contacts.map((one) => (
              <li key={one.title}>
                <b>{one.title}</b> <span>{one.name}</span>
                <span class="num">{one.phone}</span>
                <small>{one.ways.length > 0 ? one.ways.map((way) => tCode('channel', way.channel)).join(t('list.then')) : t('contacts.by_hand')}</small>
              </li>
            ))}
          </ol>
          <Key refused={typeof may === 'object' ? may.detail : undefined} onPress={() => (sheet.value = { form: 'contacts' })}>
            {t(corrections.value.length > 0 ? 'contacts.mend' : 'contacts.change')}
          </Key>
        </>
      )}
    </section>
  )
}
