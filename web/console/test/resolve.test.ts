import { describe, expect, it } from 'vitest'
import { file } from '../dev/world.ts'
import { insteadOf } from '../src/acts/resolve.ts'
import type { IncidentFile } from '../src/api/index.ts'

describe('what a refusal offers in its place', () => {
  const whole = structuredClone(file('incident-1') as IncidentFile)
  const [first, second] = whole.plans
  if (!first || !second) throw new Error('the sample incident has two plans')
  for (const plan of [first, second]) plan.may = { revise_plan: true }
  whole.may = { ...whole.may, draft_plan: true }

  it('is about the plan that was refused, not about another', () => {
    for (const plan of [first, second]) expect(insteadOf(whole, 'revise_plan', { incident: whole.id, id: plan.id })).toEqual({ incident: whole.id, id: plan.id })
  })

  it('is about the incident where the thing itself knows no such act', () => {
    expect(insteadOf(whole, 'draft_plan', { incident: whole.id, id: first.id })).toEqual({ incident: whole.id, id: undefined })
    expect(insteadOf(undefined, 'draft_plan', { incident: 'other', id: first.id })).toEqual({ incident: 'other' })
  })
})
