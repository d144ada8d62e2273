import { useQuery } from '@tanstack/react-query'
import { ActButton } from '../acts/index.ts'
import { queries } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Badge, Failed, Loading } from '../ui/index.ts'
import { writeWays } from './ways.ts'

/** How a force or an organisation is reached; who stands on its duty list is asked while on duty only. */
export function ContactsCard({ kind, id }: { kind: 'force' | 'org'; id: string }) {
  const found = useQuery(queries.contacts(kind, id))
  if (found.isPending) return <Loading rows={2} />
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />
  const { contacts, may } = found.data
  const initial = { contacts: contacts.map((one) => ({ title: one.title, name: one.name, phone: one.phone, ways: writeWays(one.ways) })) }
  return (
    <>
      <div className="row wrap"><h3 className="section">{t('contacts')}</h3><ActButton act="set_contacts" may={may.set_contacts} subject={{ id: `${kind}/${id}` }} initial={initial} size="s" /></div>
      <ul className="lines">
        {contacts.map((one) => (
          <li key={one.title}><b>{one.title}</b><span>{one.name}</span><a href={`tel:${one.phone}`}>{one.phone}</a><span className="muted small">{one.ways.length > 0 ? writeWays(one.ways) : t('contacts.by_hand')}</span>{!one.on_duty && <Badge tone="past">{t('contacts.off_duty')}</Badge>}</li>
        ))}
      </ul>
    </>
  )
}
