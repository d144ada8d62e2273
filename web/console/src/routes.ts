/** Every address of the console. Components ask here; none writes a path of its own. */
import type { Role } from './api/types.ts'

export const INCIDENT_TABS = ['overview', 'board', 'map', 'command', 'information', 'timeline', 'documents', 'review'] as const
export type IncidentTab = (typeof INCIDENT_TABS)[number]

const q = encodeURIComponent

export const to = {
  login: () => '/login',
  desk: (role: Role): string => DESKS[role],
  brigade: (incident?: string) => `/desk/brigade${incident ? `/${q(incident)}` : ''}`,
  newCall: () => '/desk/brigade/new',
  bureau: (section?: string, id?: string) => `/desk/bureau${section ? `/${section}` : ''}${id ? `/${q(id)}` : ''}`,
  post: (incident?: string) => `/desk/post${incident ? `/${q(incident)}` : ''}`,
  incident: (id: string, tab: IncidentTab = 'overview') => `/incidents/${q(id)}${tab === 'overview' ? '' : `/${tab}`}`,
  proposal: (id: string, plan?: { revise?: string; supplement?: string; orderOf?: 'post'; add?: string }) => {
    const search = new URLSearchParams()
    if (plan?.revise) search.set('revise', plan.revise)
    if (plan?.supplement) search.set('supplement', plan.supplement)
    if (plan?.add) search.set('add', plan.add)
    if (plan?.orderOf) search.set('by', plan.orderOf)
    const text = search.toString()
    return `/incidents/${q(id)}/proposal${text ? `?${text}` : ''}`
  },
  incidents: () => '/incidents',
  forces: () => '/forces',
  duty: () => '/duty',
  handOver: (desk: string) => `/hand-over/${q(desk)}`,
  readiness: () => '/readiness',
  wall: () => '/wall',
  terminal: () => '/terminal/',
} as const

export const ROUTES = {
  login: '/login', home: '/', newCall: '/desk/brigade/new', brigade: '/desk/brigade/:incident?', bureau: '/desk/bureau/:section?/:id?', post: '/desk/post/:incident?',
  govt: '/desk/govt/:section?', dept: '/desk/dept/:section?', town: '/desk/town/:section?', proposal: '/incidents/:id/proposal', incident: '/incidents/:id/:tab?', incidents: '/incidents',
  forces: '/forces', duty: '/duty', handOver: '/hand-over/:desk', readiness: '/readiness', wall: '/wall',
} as const

/** The first page of each role. */
const DESKS: Record<Role, string> = {
  dispatcher: '/desk/brigade', commander: '/desk/brigade', bureau: '/desk/bureau', shift_leader: '/desk/bureau', deputy: '/desk/bureau',
  govt: '/desk/govt', leader: '/desk/govt', post: '/desk/post', force: '/terminal/', dept: '/desk/dept', town: '/desk/town',
  admin: '/incidents', auditor: '/incidents', system: '/incidents', integration: '/incidents',
}

export type Side = 'brigade' | 'bureau' | 'govt' | 'post' | 'dept' | 'town' | 'force' | 'other'
export const SIDE: Record<Role, Side> = {
  dispatcher: 'brigade', commander: 'brigade', bureau: 'bureau', shift_leader: 'bureau', deputy: 'bureau', govt: 'govt', leader: 'govt', post: 'post',
  force: 'force', dept: 'dept', town: 'town', admin: 'other', auditor: 'other', system: 'other', integration: 'other',
}
/** Whose hand-over sheet a role keeps; null where no shift is handed over. */
export const SHIFT_DESK: Record<Side, 'brigade' | 'bureau' | 'govt' | null> = {
  brigade: 'brigade', bureau: 'bureau', govt: 'govt', post: null, dept: null, town: null, force: null, other: null,
}
