import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { file, proposal } from '../dev/world.ts'
import { ActButton } from '../src/acts/index.ts'
import type { IncidentFile } from '../src/api/index.ts'
import { OrderBoard, StrengthPanel } from '../src/dispatch/index.ts'
import { navigate } from '../src/router.tsx'
import { playNode, show } from './page.tsx'

describe('a desk in trouble', () => {
  const whole = structuredClone(file('incident-1') as IncidentFile)
  beforeEach(() => {
    navigate('/desk/brigade')
    playNode(whole)
  })
  afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
  })

  it('replaces a force that failed by one press on its closed row', async () => {
    const late = structuredClone(whole.orders.find((order) => order.id === 'order-4') as IncidentFile['orders'][number])
    late.overdue = { since: late.issued_at, level: 'next_force', text: '接令超时', instead: { id: 'force-032', name: '石岛人民医院急救队' } }
    show(<OrderBoard orders={[late]} now={Date.now()} keyed />)
    expect(screen.getByRole('button', { name: /接令超时/ }).getAttribute('aria-expanded')).toBe('false')
    await userEvent.click(screen.getByRole('link', { name: '改派石岛人民医院急救队' }))
    expect(window.location.pathname + window.location.search).toBe('/incidents/incident-1/proposal?supplement=plan-1&add=force-032')
  })

  it('says how many of what was asked for have acknowledged, and opens the supplement of what is missing', async () => {
    const short = structuredClone(whole)
    const pick = structuredClone(proposal('incident-1').slots[0]?.picks[0])
    const slot = structuredClone(proposal('incident-1').slots[0])
    if (!pick || !slot) throw new Error('the sample proposal has a pick')
    short.strength.supplement = [{ ...slot, capability: { code: 'foam_tanker', name: '泡沫消防车' }, quantity: 1, picks: [pick] }]
    show(<StrengthPanel file={short} />)
    expect(screen.getByText('已接令 3／4 辆')).toBeTruthy()
    expect(screen.getByText(/缺 1/)).toBeTruthy()
    await userEvent.click(screen.getByRole('link', { name: '拟制增调方案' }))
    expect(window.location.pathname + window.location.search).toBe(`/incidents/incident-1/proposal?supplement=plan-1&add=${pick.force_ref.id}`)
  })

  it('tells who comes with Tab why an act can not be done, and what may be done instead', async () => {
    const may = { code: 'orders_open', detail: '还有 5 支力量未归队，不能结案', instead: [{ act: 'release_order', text: '通知归队' }] }
    show(<ActButton act="close_incident" may={may} subject={{ incident: 'incident-1' }} />)
    await userEvent.tab()
    expect((await screen.findByRole('tooltip')).textContent).toContain('还有 5 支力量未归队，不能结案')
    expect(screen.getByRole('tooltip').textContent).toContain('通知归队7')
  })
})
