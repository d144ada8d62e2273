import type { ActSpec, Values } from '../acts/index.ts'
import { readWays } from './ways.ts'

/** `force/ID` or `org/ID`: whose contacts are set. */
export const deliveryActs = {
  set_contacts: {
    path: () => '/contacts', kind: 'primary',
    fields: [
      { kind: 'rows', name: 'contacts', label: 'contacts', required: true, hint: 'contacts.hint', fields: [
        { kind: 'text', name: 'title', label: 'contacts.title' }, { kind: 'text', name: 'name', label: 'contacts.name' },
        { kind: 'text', name: 'phone', label: 'contacts.phone' }, { kind: 'text', name: 'ways', label: 'contacts.ways', hint: 'contacts.ways.hint' }] },
    ],
    finish: (values, ctx) => {
      const [kind = 'force', id] = (ctx.subject.id ?? '').split('/')
      const contacts = (values.contacts as Values[]).map((row) => ({ ...row, ways: readWays(typeof row.ways === 'string' ? row.ways : '') }))
      return { of: { [kind]: id }, contacts }
    },
  },
} satisfies Record<string, ActSpec>

