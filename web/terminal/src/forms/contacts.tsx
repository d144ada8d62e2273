//! The force sets its own entry: who is called first, by which number, by what means in which order. The whole list at once.

import { useState } from 'preact/hooks'
import { contacts, corrections, readContacts } from '../contacts.ts'
import { t, tCode } from '../locales/index.ts'
import { session } from '../session.ts'
import { api, newKey } from '../sync.ts'
import type { ContactEntry, ContactWay } from '../types.ts'
import { Icon } from '../ui/icon.tsx'
import { SheetFrame } from '../ui/ui.tsx'
import { NotSaved } from '../unsaved.ts'
import { closeSheet } from '../view.ts'

/** What a number is called or written to by; other ways of an entry are kept as they are. */
const BY_PHONE = ['sms', 'voice'] as const

export function ContactsForm() {
  const [rows, setRows] = useState<ContactEntry[]>(() => contacts.value?.contacts ?? [])
  const [why, setWhy] = useState('')
  const [key] = useState(newKey)
  const put = (at: number, change: Partial<ContactEntry>) => setRows(rows.map((row, index) => (index === at ? { ...row, ...change } : row)))
  const lacking = rows.some((row) => row.title.trim() === '' || row.name.trim() === '' || row.phone.trim() === '')

  async function write() {
    setWhy('')
    const force = session.value?.me.force
    if (!force) throw new NotSaved('unsaved.not_ready')
    const list = rows.map(({ title, name, phone, ways }) => ({ title: title.trim(), name: name.trim(), phone: phone.trim(), ways }))
    const body = JSON.stringify({ of: { force: force.id }, contacts: list })
    const outcome = await api.act('/contacts', `${key}-${digest(body)}`, body)
    if (outcome.kind === 'refused') setWhy(outcome.problem.detail)
    if (outcome.kind !== 'done') throw new NotSaved(outcome.kind === 'refused' ? 'contacts.refused' : 'contacts.not_sent')
    await readContacts()
  }

  return (
    <SheetFrame title={t('contacts.title')} onClose={closeSheet} sends={{ word: t('contacts.save'), icon: 'check', refused: lacking ? t('contacts.lacking') : undefined, write }}>
      <p class="hint">{t('contacts.hint')}</p>
      {rows.map((row, at) => {
        const owed = corrections.value.filter((one) => one.title === row.title)
        return (
          <fieldset class="person" key={at}>
            <legend>{at + 1}</legend>
            {owed.map((one) => (
              <p class="note bad" key={one.channel_name}>{t('contacts.was_wrong', { channel: one.channel_name })}{one.reason && <small>{one.reason}</small>}</p>
            ))}
            <label>
              {t('contacts.who')}
              <input value={row.title} onInput={(event) => put(at, { title: event.currentTarget.value })} />
            </label>
            <label>
              {t('contacts.name')}
              <input value={row.name} onInput={(event) => put(at, { name: event.currentTarget.value })} />
            </label>
            <label>
              {t('contacts.phone')}
              <input type="tel" inputMode="tel" value={row.phone} onInput={(event) => put(at, { phone: event.currentTarget.value })} />
            </label>
            <Ways ways={row.ways} onChange={(ways) => put(at, { ways })} />
            <div class="pair">
              <button type="button" class="chip" disabled={at === 0} onClick={() => setRows(swapped(rows, at))}>{t('contacts.earlier')}</button>
              <button type="button" class="chip" onClick={() => setRows(rows.filter((_, index) => index !== at))}>{t('contacts.remove')}</button>
            </div>
          </fieldset>
        )
      })}
      <button type="button" class="chip" onClick={() => setRows([...rows, { title: '', name: '', phone: '', ways: [{ channel: 'sms', address: null }] }])}>
        <Icon name="plus" /> {t('contacts.add')}
      </button>
      {why !== '' && <p class="note bad" role="alert">{why}</p>}
    </SheetFrame>
  )
}

/** First one first: a tap on a way takes it out or puts it last; an arrow puts it earlier. */
function Ways({ ways, onChange }: { ways: ContactWay[]; onChange: (ways: ContactWay[]) => void }) {
  const missing = BY_PHONE.filter((channel) => !ways.some((way) => way.channel === channel))
  const name = (way: ContactWay) => tCode('channel', way.channel)
  return (
    <div class="ways" role="group" aria-label={t('contacts.ways')}>
      <h3>{t('contacts.ways')}</h3>
      <div class="chips">
        {ways.map((way, at) => (
          <button type="button" class="chip" aria-pressed="true" aria-label={t('contacts.way_out', { way: name(way) })} key={`${way.channel}/${way.address}`} onClick={() => onChange(ways.filter((_, index) => index !== at))}>
            {at + 1} {name(way)}
          </button>
        ))}
        {ways.length > 1 && <button type="button" class="chip" onClick={() => onChange([...ways.slice(1), ...ways.slice(0, 1)])}>{t('contacts.turn')}</button>}
        {missing.map((channel) => (
          <button type="button" class="chip" aria-pressed="false" key={channel} onClick={() => onChange([...ways, { channel, address: null }])}>
            + {tCode('channel', channel)}
          </button>
        ))}
      </div>
      {ways.length === 0 && <p class="hint">{t('contacts.by_hand')}</p>}
    </div>
  )
}

function swapped(rows: ContactEntry[], at: number): ContactEntry[] {
  const next = [...rows]
  const [row] = next.splice(at, 1)
  if (row) next.splice(at - 1, 0, row)
  return next
}

/** The same list again is the same request; another list is another. */
function digest(text: string): string {
  let sum = 2166136261
  for (const octet of new TextEncoder().encode(text)) sum = Math.imul(sum ^ octet, 16777619) >>> 0
  return sum.toString(16)
}
