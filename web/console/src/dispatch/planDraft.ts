/**
 * The plan while it is written. What the dispatcher chose and typed stays, whatever the node proposes meanwhile:
 * a newer proposal is taken over when asked, and the plan says on which one it rests.
 */
import { useState } from 'react'
import { draftName, forgetDraft, useActs, useDraft } from '../acts/index.ts'
import type { ForceBrief, IncidentFile, Pick, Plan, Proposal, Slot, TaskInput } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { arrangementsBody, draftFrom, type ArrangementsDraft } from './ArrangementsFields.tsx'

export interface Chosen extends TaskInput { brief: ForceBrief | null; name: string }
interface Draft {
  chosen: Chosen[]; arrangements: ArrangementsDraft; signer: string
  /** The proposal last taken over. */
  hash: Proposal['hash']; proposed: Chosen[]
  /** As the node has it already. */
  saved?: Saved
}
/** The plan as the node has it: its revision, and what was sent for it. */
interface Saved { id: string; revision: number; content: string | undefined }

export interface PlanDraftOptions {
  file: IncidentFile; proposal: Proposal; revised?: Plan; grade?: number; supplement?: string; signer: string
  /** It goes out by order of the post. */
  byOrder: boolean
  /** A force to be in the plan from the start. */
  wanted?: ForceBrief
}

export function usePlanDraft({ file, proposal, revised, grade, supplement, byOrder, signer, wanted }: PlanDraftOptions) {
  const { me, send } = useActs()
  const [form] = useState(() => draftName(me.account, 'draft_plan', file.id, grade, revised?.id, revised?.revision, supplement, wanted?.id))
  const [draft, setDraft] = useDraft<Draft>('plan', () => {
    const proposed = fromProposal(proposal)
    const usual = revised ? fromPlan(revised) : proposed
    const chosen = wanted && !usual.some((one) => one.force === wanted.id) ? [freely(wanted), ...usual] : usual
    return { chosen, arrangements: draftFrom(file, revised?.arrangements), signer, hash: proposal.hash, proposed, saved: revised && { id: revised.id, revision: revised.revision, content: undefined } }
  }, form)
  const { saved } = draft
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }))
  const change = (edit: (chosen: Chosen[]) => Chosen[]) => setDraft((old) => ({ ...old, chosen: edit(old.chosen) }))
  const add = (one: Chosen) => change((now) => (now.some((other) => other.force === one.force) ? now : [...now, one]))

  /** Brings the node's plan to what is on the screen, by as many acts as are still missing; each that was done stays done. */
  const save = async (thenSubmit: boolean) => {
    const content = { tasks: draft.chosen.map(({ brief: _, name: __, ...task }) => task), arrangements: arrangementsBody(draft.arrangements), ...(draft.hash && { proposal: draft.hash }), ...(byOrder && { by_order_of_post: true }) }
    const text = JSON.stringify(content)
    let plan = saved
    if (!plan) {
      const receipt = await send('draft_plan', { incident: file.id }, { ...content, signed_by: draft.signer, ...(supplement && { supplement_to: supplement }) })
      plan = { id: receipt.id, revision: 1, content: text }
    } else if (plan.content !== text) {
      await send('revise_plan', { incident: file.id, id: plan.id }, { revision: plan.revision, ...content })
      plan = { ...plan, revision: plan.revision + 1, content: text }
    }
    try {
      if (thenSubmit) await send('submit_plan', { incident: file.id, id: plan.id }, { revision: plan.revision })
    } catch (error) {
      set({ saved: plan })
      throw error
    }
    forgetDraft(form) // all that was asked is done
  }
  return {
    ...draft, set, save, drafted: saved !== undefined,
    add: (pick: Pick, slot: Slot) => add(taskOf(pick, slot)),
    addFreely: (force: ForceBrief) => add(freely(force)),
    remove: (force: string) => change((now) => now.filter((one) => one.force !== force)),
    retask: (force: string, task: string) => change((now) => now.map((one) => (one.force === force ? { ...one, task } : one))),
    outdated: proposal.hash !== draft.hash,
    takeOver: () => {
      const proposed = fromProposal(proposal)
      // What the node has as a plan already, it doesn't propose again: nothing of it is dropped.
      set({ chosen: takenOver(draft.chosen, saved ? [] : draft.proposed, proposed), hash: proposal.hash, proposed })
    },
  }
}

/** The newer proposal in place of the older one; what was added, changed or taken out by hand stays so. */
export function takenOver(mine: Chosen[], older: Chosen[], newer: Chosen[]): Chosen[] {
  const of = (list: Chosen[], force: string) => list.find((one) => one.force === force)
  const kept = mine.flatMap((one) => {
    const before = of(older, one.force)
    if (!before || before.task !== one.task) return [one]
    const after = of(newer, one.force)
    return after ? [after] : []
  })
  return [...kept, ...newer.filter((one) => !of(older, one.force) && !of(mine, one.force))]
}

const freely = (force: ForceBrief): Chosen => ({ force: force.id, brief: force, name: force.name, task: t('proposal.task.free') })

function taskOf(pick: Pick, slot: Slot): Chosen {
  return {
    force: pick.force_ref.id, brief: pick.force, name: pick.force_ref.name, task: t('proposal.task', { capability: slot.capability.name, why: slot.why }), slot: slot.slot, quantity: pick.quantity,
    capability: slot.capability.code,
  }
}
/** The node's own plan of the proposal: one task for each force. */
function fromProposal(proposal: Proposal): Chosen[] {
  const picks = new Map(proposal.slots.flatMap((slot) => slot.picks.map((pick) => [pick.force_ref.id, pick] as const)))
  return proposal.tasks.map((task) => ({ ...withoutNulls(task), brief: picks.get(task.force)?.force ?? null, name: picks.get(task.force)?.force_ref.name ?? task.force }))
}
const withoutNulls = (task: TaskInput): TaskInput => Object.fromEntries(Object.entries(task).filter(([, value]) => value !== null)) as unknown as TaskInput
function fromPlan(plan: Plan): Chosen[] {
  return plan.tasks.map((task) => ({
    force: task.force_ref.id, brief: task.force, name: task.force_ref.name, task: task.task, ...(task.slot && { slot: task.slot }), ...(task.quantity != null && { quantity: task.quantity }),
    ...(task.capability && { capability: task.capability.code }),
  }))
}
