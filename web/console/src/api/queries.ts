/** Every read of the console in one place: its address and its place in the cache. */
import { QueryClient, queryOptions } from '@tanstack/react-query'
import { client, Problem } from './client.ts'
import { session } from './session.ts'
import type {
  Change, Channels, Composition, Contacts, Desk, DutyEntry, Force, ForceView, Hit, IncidentFile, IncidentSummary, IncidentView, Me, Notifications, Order, Proposal, Reference, ReviewFacts, ShiftSheet,
  TimelineItem,
} from './types.ts'

const q = encodeURIComponent
/** Lists come bare or as a page; the console shows what there is. */
type Listed<T> = T[] | { items: T[]; next?: string | null }
/** The brief of a thing and the rest of it, as one. */
const fileOf = ({ brief: { orders: _counts, command: _holder, ...brief }, ...rest }: IncidentView): IncidentFile => ({ ...brief, ...rest })
const forceOf = ({ brief, ...rest }: ForceView): Force => ({ ...brief, ...rest })
const items = <T>(listed: Listed<T>): T[] => (Array.isArray(listed) ? listed : listed.items)

export const queries = {
  mapNotes: () => queryOptions({ queryKey: ['map-notes', session.lang()], queryFn: () => mapNotes(session.lang() === 'en' ? 'en' : 'zh'), staleTime: Infinity }),
  health: () => queryOptions({ queryKey: ['health'], queryFn: health, staleTime: Infinity }),
  me: () => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => client.get<Me>('/me', signal), staleTime: Infinity, retry: false }),
  reference: () => queryOptions({ queryKey: ['reference'], queryFn: ({ signal }) => client.get<Reference>('/reference', signal), staleTime: Infinity }),
  desk: () => queryOptions({ queryKey: ['desk'], queryFn: ({ signal }) => client.get<Desk>('/desk', signal) }),
  /** Every order of the open incidents; a desk itself carries only those that failed. */
  orders: () => queryOptions({ queryKey: ['orders'], queryFn: async ({ signal }) => items(await client.get<Listed<Order>>('/orders', signal)) }),
  incidents: (open: boolean) => queryOptions({
    queryKey: ['incidents', open],
    queryFn: async ({ signal }) => items(await client.get<Listed<IncidentSummary>>(`/incidents?open=${open}&limit=200`, signal)),
  }),
  /** A drill is never the same as a real incident. */
  similar: (point: [number, number], drill: boolean) => queryOptions({
    queryKey: ['incidents', 'similar', point, drill],
    queryFn: async ({ signal }) => items(await client.get<Listed<IncidentSummary>>(`/incidents/similar?lon=${point[0]}&lat=${point[1]}&drill=${drill}`, signal)),
    staleTime: 5_000,
  }),
  incident: (id: string) => queryOptions({ queryKey: ['incident', id], queryFn: async ({ signal }) => fileOf(await client.get<IncidentView>(`/incidents/${q(id)}`, signal)) }),
  timeline: (id: string) => queryOptions({
    queryKey: ['incident', id, 'timeline'],
    queryFn: async ({ signal }) => items(await client.get<Listed<TimelineItem>>(`/incidents/${q(id)}/timeline`, signal)),
  }),
  /** What was told outside in an incident. */
  notifications: (id: string) => queryOptions({ queryKey: ['incident', id, 'notifications'], queryFn: ({ signal }) => client.get<Notifications>(`/incidents/${q(id)}/notifications`, signal) }),
  channels: () => queryOptions({ queryKey: ['channels'], queryFn: ({ signal }) => client.get<Channels>('/channels', signal), staleTime: 5_000 }),
  contacts: (kind: 'force' | 'org', id: string) => queryOptions({ queryKey: ['contacts', kind, id], queryFn: ({ signal }) => client.get<Contacts>(`/contacts?${kind}=${q(id)}`, signal) }),
  proposal: (id: string, grade?: number) => queryOptions({
    queryKey: ['incident', id, 'proposal', grade ?? null],
    queryFn: ({ signal }) => client.get<Proposal>(`/incidents/${q(id)}/proposal${grade ? `?grade=${grade}` : ''}`, signal),
  }),
  review: (id: string) => queryOptions({ queryKey: ['incident', id, 'review'], queryFn: ({ signal }) => client.get<ReviewFacts>(`/incidents/${q(id)}/review`, signal) }),
  briefing: (id: string) => queryOptions({ queryKey: ['incident', id, 'briefing'], queryFn: ({ signal }) => client.get<{ lines: string[] }>(`/incidents/${q(id)}/briefing`, signal) }),
  forces: () => queryOptions({
    queryKey: ['forces'],
    queryFn: async ({ signal }) => items(await client.get<Listed<ForceView>>('/forces', signal)).map(forceOf),
    staleTime: 20_000,
  }),
  force: (id: string) => queryOptions({ queryKey: ['forces', id], queryFn: async ({ signal }) => forceOf(await client.get<ForceView>(`/forces/${q(id)}`, signal)) }),
  duty: (at?: string) => queryOptions({
    queryKey: ['duty', at ?? null],
    queryFn: async ({ signal }) => items(await client.get<Listed<DutyEntry>>(`/duty${at ? `?at=${q(at)}` : ''}`, signal)),
  }),
  sheet: (desk: string) => queryOptions({ queryKey: ['sheet', desk], queryFn: ({ signal }) => client.get<ShiftSheet>(`/shifts/sheet?desk=${q(desk)}`, signal) }),
  compositions: () => queryOptions({
    queryKey: ['compositions'], queryFn: async ({ signal }) => items(await client.get<Listed<Composition>>('/compositions', signal)),
  }),
  search: (text: string, kinds: string) => queryOptions({
    queryKey: ['search', kinds, text],
    queryFn: async ({ signal }) => items(await client.get<Listed<Hit>>(`/search?q=${q(text)}&kinds=${q(kinds)}`, signal)),
    staleTime: 60_000,
  }),
}

/** What the map must say about its data: who is to be named, what is only approximate. The jurisdiction's own file. */
export interface MapNotes { approximate: string; attribution: string }
async function mapNotes(lang: 'zh' | 'en'): Promise<MapNotes> {
  const response = await fetch('/map/attribution.toml')
  if (!response.ok) throw new Problem(response.status, { detail: 'map/attribution.toml' })
  return notesOf(await response.text(), lang)
}
/** Of the TOML, only lines of the shape `name = "text"` are needed. */
export function notesOf(toml: string, lang: 'zh' | 'en'): MapNotes {
  const texts = (name: string) => [...toml.matchAll(new RegExp(`^${name}_${lang} = "([^"]*)"`, 'gm'))].map((found) => found[1] ?? '')
  return { approximate: texts('approximate_note').join(' '), attribution: texts('text').join(' · ') }
}

/** Whether this node plays the demonstration, from its health page. */
async function health(): Promise<{ demo: boolean }> {
  const response = await fetch('/healthz', { headers: { accept: 'application/json' } })
  const body: unknown = await response.json().catch(() => ({}))
  return { demo: typeof body === 'object' && body !== null && 'demo' in body && body.demo === true }
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: (count, error) => count < 2 && error.name === 'Unreachable', staleTime: 1_000, refetchOnWindowFocus: true, gcTime: 10 * 60_000 },
    },
  })
}

/** At most this long after a change, what shows it is read anew; a burst is read once. */
export const INVALIDATE_AFTER_MS = 100

/** Gathers changes and marks what they touch as old. */
export function createInvalidator(cache: QueryClient, after_ms = INVALIDATE_AFTER_MS) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const incidents = new Set<string>()
  const others = new Set<string>()
  const told = new Set<string>()
  const flush = () => {
    timer = undefined
    const desks = incidents.size > 0 || others.has('desk') ? [['desk'], ['incidents']] : []
    const stale = [...desks, ...[...incidents].map((id) => ['incident', id]), ...[...told].map((id) => ['incident', id, 'notifications']), ...[...others].filter((name) => name !== 'desk').map((name) => [name])]
    told.clear()
    incidents.clear()
    others.clear()
    for (const queryKey of stale) void cache.invalidateQueries({ queryKey })
  }
  return {
    changed(change: Change) {
      const part = change.kind.split('.')[0] ?? ''
      if (change.kind === 'message.failed') others.add('channels')
      // How a message fares changes nothing but what is told of it: a big fan-out is thousands of these. What an answer does to
      // an order stands in an event of its own.
      if (change.incident && (part === 'message' || part === 'notification')) told.add(change.incident)
      else if (change.incident) incidents.add(change.incident)
      else if (!OUTSIDE.has(part)) others.add('desk')
      for (const name of ALSO_STALE[part] ?? []) others.add(name)
      timer ??= setTimeout(flush, after_ms)
    },
    everything() {
      clearTimeout(timer)
      timer = undefined
      void cache.invalidateQueries()
    },
  }
}

/** Parts of which no desk shows anything: channels, browsers, answers to nothing known. */
const OUTSIDE = new Set(['channels', 'push', 'answer'])

/** What else shows the things of an event's part, beside its incident and the desks. */
const ALSO_STALE: Record<string, string[]> = {
  order: ['forces', 'sheet', 'orders'],
  plan: ['sheet', 'orders'],
  incident: ['sheet', 'orders'],
  dispatch: ['orders'],
  instruction: ['sheet'],
  duty: ['sheet', 'duty'],
  shift: ['sheet', 'duty'],
  readiness: ['reference'],
  composition: ['compositions'],
  ledger: ['forces'],
  force: ['forces', 'contacts', 'channels'],
  org: ['contacts', 'channels'],
  notification: ['channels'],
  answer: ['channels'],
  channels: ['channels'],
}
