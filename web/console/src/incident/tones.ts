import type { IncidentStatus, IncidentSummary } from '../api/index.ts'
import type { Tone } from '../ui/index.ts'

export const STATUS_TONE = {
  reported: 'waiting', verified: 'waiting', responding: 'under-way', controlled: 'good', closed: 'past', false_alarm: 'past', merged: 'past',
} satisfies Record<IncidentStatus, Tone>

/** What most needs eyes first: something failed, someone waits, then the newest. */
export function byNeed(a: IncidentSummary, b: IncidentSummary): number {
  return need(b) - need(a) || Date.parse(b.opened_at) - Date.parse(a.opened_at)
}
function need(incident: IncidentSummary): number {
  if (incident.orders.overdue + incident.orders.declined + incident.short.length + incident.unreached > 0) return 3
  if (incident.status === 'reported') return 2
  return incident.plans_waiting > 0 ? 1 : 0
}
