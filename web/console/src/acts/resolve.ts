/** Finding, in an incident's file, the thing that an act is about, and the node's answer whether it may be done. */
import type { IncidentFile, May, MayNot, Mays } from '../api/index.ts'
import type { Subject } from './spec.ts'

/** Whether it may be done, for oneself or typed in for its owner. */
export const allowed = (may: May | undefined): may is true | 'on_behalf' => may === true || may === 'on_behalf'
export const refusedOf = (may: May | undefined): MayNot | undefined => (may === undefined || allowed(may) ? undefined : may)

type Thing = { id?: string; may?: Mays; revision?: number }

/** Everything in the file that carries a `may`, the incident itself first. */
export function things(file: IncidentFile): Thing[] {
  return [
    { may: file.may }, ...file.plans, ...file.orders, ...file.stand_bys, ...file.notices, ...file.letters, ...file.filings,
    ...file.town_calls, ...file.instructions, ...file.withdrawals, ...file.reinforcements, ...file.reports,
  ]
}

export function findThing(file: IncidentFile | undefined, id: string | undefined): Thing | undefined {
  if (!file) return undefined
  if (!id) return { may: file.may }
  return things(file).find((thing) => thing.id === id)
}

/** What a lawful next act is about: the same thing as the refused one where that can be, else what the file has for it. */
export function insteadOf(file: IncidentFile | undefined, act: string, subject: Subject): Subject {
  if (subject.id && findThing(file, subject.id)?.may?.[act] !== undefined) return subject
  return (file && subjectOf(file, act)?.subject) ?? { incident: subject.incident }
}

/** The first thing with which this act may be done; else the first with which it is at least thinkable. */
export function subjectOf(file: IncidentFile, act: string): { subject: Subject; may: May } | undefined {
  const candidates = things(file).filter((thing) => thing.may?.[act] !== undefined)
  const best = candidates.find((thing) => allowed(thing.may?.[act])) ?? candidates[0]
  const may = best?.may?.[act]
  if (!best || may === undefined) return undefined
  return { subject: { incident: file.id, id: best.id }, may }
}
