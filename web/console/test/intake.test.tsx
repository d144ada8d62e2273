import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hits, me, reference, sheet, summaries } from '../dev/world.ts'
import { ActProvider, forgetDrafts } from '../src/acts/index.ts'
import { createQueryClient } from '../src/api/index.ts'
import { REGISTRY } from '../src/desk/registry.ts'
import { Intake } from '../src/incident/index.ts'
import { ToastProvider } from '../src/ui/index.ts'

/** A dispatcher takes a call with the keyboard alone (the promise: at most 25 keystrokes). */
const KEYSTROKES_MAX = 25

describe('taking a call', () => {
  let taken: Record<string, unknown>[] = []
  let similar: unknown[] = []
  beforeEach(() => {
    taken = []
    similar = []
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
      const url = new URL(input, 'http://node')
      const path = url.pathname.replace('/api/v1', '')
      if (init?.method === 'POST' && path === '/incidents') {
        taken.push(JSON.parse(init.body as string) as Record<string, unknown>)
        return Promise.resolve(Response.json({ kind: 'incident', id: 'new', incident: 'new', seq: '1.1' }, { status: 201 }))
      }
      if (path === '/call-sheets/parse') return Promise.resolve(Response.json(sheet('接警单')))
      if (path === '/reference') return Promise.resolve(Response.json(reference))
      if (path === '/incidents/similar') return Promise.resolve(Response.json(similar))
      const q = url.searchParams.get('q') ?? ''
      return Promise.resolve(Response.json(hits.filter((hit) => hit.initials.startsWith(q) || hit.name.includes(q))))
    })
  })
  afterEach(() => {
    cleanup()
    forgetDrafts()
    vi.unstubAllGlobals()
  })

  async function open() {
    const onTaken = vi.fn()
    render(
      <QueryClientProvider client={createQueryClient()}>
        <ToastProvider><ActProvider me={me('dispatcher')} registry={REGISTRY}><Intake onTaken={onTaken} onCancel={() => {}} /></ActProvider></ToastProvider>
      </QueryClientProvider>,
    )
    await screen.findByRole('radio', { name: /危化品/ })
    return onTaken
  }

  it('takes the place by its initials, the kind by its letter, the grade by its digit, in 25 keystrokes or fewer', async () => {
    const onTaken = await open()
    const user = userEvent.setup()
    const keys = ['s', 'd', 'y', 'k', '{Enter}', 'h', '3', '2', '{Enter}', '汽', '油', '{Enter}']
    expect(document.activeElement).toBe(screen.getByRole('combobox'))
    for (const key of keys) {
      await user.keyboard(key)
      if (key === '{Enter}' || /^[h3]$/.test(key)) await new Promise((done) => setTimeout(done, 120)) // as a person, not faster than the answer
    }
    expect(keys.length).toBeLessThanOrEqual(KEYSTROKES_MAX)
    await waitFor(() => expect(taken).toHaveLength(1))
    expect(taken[0]).toEqual({
      source: '119', place: { text: '石岛油库', place: 'place-shidao-youku', point: [122.4205, 36.8862], datum: 'wgs84' }, hazard: 'hazchem', grade: 3, trapped: 2, substance: '汽油',
    })
    expect(onTaken).toHaveBeenCalledWith(expect.objectContaining({ incident: 'new' }))
  })

  it('waits for the place when Enter comes before the answer', async () => {
    await open()
    const user = userEvent.setup({ delay: null })
    await user.keyboard('sd{Enter}')
    await waitFor(() => expect(screen.getByRole('combobox')).toHaveProperty('value', '石岛'))
  })

  it('offers to join an incident that is near in place and time', async () => {
    similar = [{ ...summaries[0], distance_m: 120, minutes: 4 }]
    await open()
    const user = userEvent.setup()
    await user.keyboard('sdyk')
    await new Promise((done) => setTimeout(done, 120))
    await user.keyboard('{Enter}')
    await user.click(await screen.findByRole('button', { name: '并入此起' }))
    await waitFor(() => expect(taken[0]).toMatchObject({ same_as: 'incident-1' }))
  })

  it('fills itself from a pasted 119 call sheet', async () => {
    await open()
    const user = userEvent.setup()
    await user.click(screen.getByRole('combobox'))
    await user.paste('报警时间：2026-11-24 08:01\n报警电话：13900000000\n地址：石岛油库\n火灾，被困 3 人，火势较大')
    await waitFor(() => expect(screen.getByRole('radio', { name: /火灾/ }).getAttribute('aria-checked')).toBe('true'))
    expect(document.querySelector('[data-field="trapped"]')).toHaveProperty('value', '3')
    await waitFor(() => expect(screen.getByRole('combobox')).toHaveProperty('value', '荣成市石岛管理区港湾街道石岛油库三号罐区'))
    expect(screen.getByText(/已定位/)).toBeTruthy() // by the name in its words
    expect(screen.getByText(/请核对：被困人数/)).toBeTruthy()
    expect(screen.getByText('接警单编号：JJ20260412083107001')).toBeTruthy()
  })

  it('has what was typed when it was left by mistake, says so, and starts anew on one press', async () => {
    await open()
    const user = userEvent.setup()
    await user.type(document.querySelector('[data-field="substance"]') as HTMLElement, '汽油')
    cleanup()
    await open()
    expect(document.querySelector('[data-field="substance"]')).toHaveProperty('value', '汽油')
    await user.click(screen.getByRole('button', { name: '清空重填' }))
    expect(document.querySelector('[data-field="substance"]')).toHaveProperty('value', '')
    cleanup()
    await open()
    expect(screen.queryByText(/已恢复/)).toBeNull()
  })
})
