import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries, useNow } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Button, Panel, Sheet } from '../ui/index.ts'
import { AsItCame } from './AsItCame.tsx'
import { ContactsCard } from './ContactsCard.tsx'

/** Contacts that could not be reached because the register is wrong, and answers that belong to nothing; nothing where all is well. */
export function Corrections() {
  const now = useNow()
  const channels = useQuery(queries.channels())
  const [open, setOpen] = useState<{ kind: 'force' | 'org'; id: string; name: string }>()
  if (!channels.data) return null
  const { corrections, unmatched } = channels.data
  if (corrections.length === 0 && unmatched.length === 0) return null
  return (
    <Panel title={t('corrections')} count={corrections.length + unmatched.length}>
      <ul className="lines">
        {corrections.map((one) => (
          <li key={`${one.of.id}/${one.title}/${one.channel_name}`}>
            <b>{one.of.name}</b><span>{one.title} {one.channel_name}</span><Badge tone="bad">{t('corrections.wrong')}</Badge><span className="muted small">{[timeText(one.since, now), one.reason].filter(Boolean).join(' · ')}</span><AsItCame words={one.detail} />
            <Button size="s" onPress={() => setOpen({ kind: one.kind === 'org' ? 'org' : 'force', id: one.of.id, name: one.of.name })}>{t('corrections.open')}</Button>
          </li>
        ))}
        {unmatched.map((one, index) => <li key={index}><b>{one.from}</b><span>「{one.text}」</span><Badge tone="waiting">{t('corrections.unmatched')}</Badge><span className="muted small">{one.channel_name} {timeText(one.at, now)}</span></li>)}
      </ul>
      {open && <Sheet open title={open.name} onClose={() => setOpen(undefined)}><ContactsCard kind={open.kind} id={open.id} /></Sheet>}
    </Panel>
  )
}
