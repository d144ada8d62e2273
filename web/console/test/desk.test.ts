import { describe, expect, it } from 'vitest'
import { findThing, subjectOf } from '../src/acts/resolve.ts'
import { byUrgency, hasFailed, PLAN_TONE, positionIsOld, STEP_TONE } from '../src/dispatch/tones.ts'
import { STATUS_TONE } from '../src/incident/tones.ts'
import { REGISTRY } from '../src/desk/registry.ts'
import { ACT_NAMES } from '../src/acts/names.ts'
import { matchPath } from '../src/router.tsx'
import { INCIDENT_TABS, ROUTES, to } from '../src/routes.ts'
import { TONE_GLYPH } from '../src/ui/tone.ts'
import { desk, file, summaries } from '../dev/world.ts'
import type { IncidentFile } from '../src/api/types.ts'

describe('the order board', () => {
  it('shows failures first, then who has not answered, then who moves, then who is there', () => {
    const steps = [...desk('dispatcher').orders].sort(byUrgency).map((order) => (hasFailed(order) ? 'failed' : order.step))
    expect(steps).toEqual(['failed', 'failed', 'issued', 'acknowledged', 'departed', 'arrived', 'deployed'])
  })
  it('knows when a last known position has grown old', () => {
    const seen = { position: [122.4, 36.9] as [number, number], position_at: '2026-11-24T08:30:00+08:00' }
    const after = (seconds: number) => Date.parse(seen.position_at) + seconds * 1000
    expect([300, 301].map((seconds) => positionIsOld(seen, 300, after(seconds)))).toEqual([false, true])
    expect(positionIsOld({ position: null, position_at: null }, 300, after(301))).toBe(false)
  })
  it('has a tone with a sign for every state', () => {
    for (const tone of [...Object.values(STEP_TONE), ...Object.values(PLAN_TONE), ...Object.values(STATUS_TONE)]) expect(TONE_GLYPH[tone]).toBeTruthy()
  })
})

describe('the one next step', () => {
  const whole = file('incident-1') as IncidentFile
  it('is done with the thing on which the node allows it', () => {
    expect(subjectOf(whole, 'record_telephone_approval')).toEqual({ subject: { incident: 'incident-1', id: 'plan-2' }, may: true })
    expect(subjectOf(whole, 'file_report')).toEqual({ subject: { incident: 'incident-1', id: undefined }, may: true })
  })
  it('tells the reason where it is refused, and is no button where it makes no sense', () => {
    expect(subjectOf(whole, 'close_incident')?.may).toMatchObject({ code: 'orders_open', instead: [{ act: 'release_order' }] })
    expect(subjectOf(whole, 'write_review')).toBeUndefined()
    expect(findThing(whole, 'plan-1')?.may).toEqual({ confirm_in_writing: true })
  })
})

describe('addresses', () => {
  it('lead back to the page they are made for', () => {
    const id = summaries[0]?.id ?? ''
    for (const tab of INCIDENT_TABS) expect(matchPath(ROUTES.incident, to.incident(id, tab))).toMatchObject({ id })
    expect(matchPath(ROUTES.brigade, to.brigade(id))).toEqual({ incident: id })
    expect(matchPath(ROUTES.brigade, to.brigade())).toEqual({})
    expect(matchPath(ROUTES.bureau, to.bureau('incidents', id))).toEqual({ section: 'incidents', id })
    expect(matchPath(ROUTES.proposal, to.proposal(id).split('?')[0] ?? '')).toEqual({ id })
    expect(matchPath(ROUTES.handOver, to.handOver('brigade'))).toEqual({ desk: 'brigade' })
    expect(matchPath(ROUTES.incident, '/incidents/a/b/c')).toBeNull()
  })
  it('name every act once, and no two acts of one screen share a key', () => {
    expect(Object.keys(REGISTRY).sort()).toEqual([...ACT_NAMES].sort())
    const keys = ACT_NAMES.map((act) => REGISTRY[act].hotkey).filter((key) => key !== undefined)
    expect(new Set(keys).size).toBe(keys.length)
    for (const taken of ['n', '[', ']', 'd', '?']) expect(keys).not.toContain(taken)
  })
})
