import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { file, me, proposal, reference } from '../dev/world.ts'
import { ActProvider } from '../src/acts/index.ts'
import { createQueryClient, type IncidentFile } from '../src/api/index.ts'
import { REGISTRY } from '../src/desk/registry.ts'
import { ProposalPage } from '../src/dispatch/ProposalPage.tsx'
import { ToastProvider } from '../src/ui/index.ts'

/** Plan 4.1.5: once the post commands, the brigade's plan says that it goes out by the post's order. */
describe('a plan after the take-over', () => {
  let sent: { path: string; body: Record<string, unknown> }[] = []
  beforeEach(() => {
    sent = []
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
      const path = new URL(input, 'http://node').pathname.replace('/api/v1', '')
      if (init?.method === 'POST') {
        sent.push({ path, body: JSON.parse(init.body as string) as Record<string, unknown> })
        return Promise.resolve(Response.json({ kind: 'plan', id: 'plan-1', incident: 'incident-1', seq: '1.1' }, { status: 201 }))
      }
      return Promise.resolve(Response.json(path === '/reference' ? reference : path.endsWith('/proposal') ? proposal('incident-1') : []))
    })
  })
  afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
  })

  async function open(holder: 'brigade' | 'post', revise?: string) {
    const whole = file('incident-1') as IncidentFile
    render(
      <QueryClientProvider client={createQueryClient()}>
        <ToastProvider>
          <ActProvider me={me('dispatcher')} registry={REGISTRY}>
            <ProposalPage file={{ ...whole, command: { ...whole.command, holder } }} revise={revise} byPost={false} side="brigade" />
          </ActProvider>
        </ToastProvider>
      </QueryClientProvider>,
    )
    await screen.findByTestId('submit-plan')
    return userEvent.setup()
  }
  const told = async (user: ReturnType<typeof userEvent.setup>) => {
    await user.click(screen.getByTestId('submit-plan'))
    await waitFor(() => { expect(sent.length).toBe(2) })
    return sent[0]
  }

  it('is drafted and revised by order of the post, without a key more', async () => {
    const drafted = await told(await open('post'))
    expect(drafted?.path).toBe('/incidents/incident-1/plans')
    expect(drafted?.body['by_order_of_post']).toBe(true)
    cleanup()
    sent = []
    const plan = (file('incident-1') as IncidentFile).plans[0]
    const revised = await told(await open('post', plan?.id))
    expect(revised?.path).toBe(`/plans/${plan?.id}/revise`)
    expect(revised?.body['by_order_of_post']).toBe(true)
  })

  it('is the brigade\'s own where that is unticked, and before the post there is nothing to tick', async () => {
    const user = await open('post')
    await user.click(screen.getByLabelText('奉现场指挥部令'))
    expect((await told(user))?.body).not.toHaveProperty('by_order_of_post')
    cleanup()
    sent = []
    const before = await open('brigade')
    expect(screen.queryByLabelText('奉现场指挥部令')).toBeNull()
    expect((await told(before))?.body).not.toHaveProperty('by_order_of_post')
  })
})
