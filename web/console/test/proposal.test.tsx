import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { file } from '../dev/world.ts'
import { forgetDrafts } from '../src/acts/index.ts'
import type { IncidentFile } from '../src/api/index.ts'
import { ProposalPage } from '../src/dispatch/index.ts'
import { navigate } from '../src/router.tsx'
import { playNode, show, type Node } from './page.tsx'

const refused = () => Response.json({ status: 409, code: 'changed', detail: '方案已变' }, { status: 409 })
const tasks = () => [...document.querySelectorAll('.tasks li b')].map((one) => one.textContent)
const submit = () => userEvent.click(screen.getByTestId('submit-plan'))

describe('the plan that is being written', () => {
  let node: Node
  beforeEach(() => {
    navigate('/incidents/incident-1/proposal')
    node = playNode(structuredClone(file('incident-1') as IncidentFile))
    node.proposal = structuredClone(node.proposal)
  })
  afterEach(() => {
    cleanup()
    forgetDrafts()
    vi.unstubAllGlobals()
  })
  const open = async (revise?: string) => {
    const cache = show(<ProposalPage file={node.file} revise={revise} byPost={false} side="brigade" />)
    await screen.findByTestId('submit-plan')
    return cache
  }
  const posted = () => node.sent.map(({ path }) => path.replace('/incidents/incident-1', ''))

  it('stays as it is when the node proposes something else, until that is taken over', async () => {
    const cache = await open()
    const [first, second] = tasks()
    await userEvent.click(screen.getByRole('button', { name: `去掉${second}` }))
    fireEvent.change(screen.getAllByLabelText('任务')[0] as HTMLElement, { target: { value: '冷却 3 号罐' } })
    node.proposal.hash = 'newer'
    node.proposal.tasks = [...node.proposal.tasks.slice(0, 3), { force: 'force-061', task: '布设围油栏' }]
    await cache.refetchQueries({ queryKey: ['incident'] })
    await screen.findByText('建议已更新')
    expect(tasks()).toHaveLength(5)
    await userEvent.click(screen.getByRole('button', { name: /采用新建议/ }))
    expect(tasks()).toEqual([first, '荣成化工应急救援队', 'force-061']) // what was taken out stays out
    expect(screen.queryByText('建议已更新')).toBeNull()
    await submit()
    await waitFor(() => expect(posted()).toEqual(['/plans', '/plans/plan-new/submit']))
    expect(node.sent[0]?.body).toMatchObject({ proposal: 'newer', tasks: [{ task: '冷却 3 号罐' }, { force: 'force-021' }, { force: 'force-061' }] })
  })

  it('rests on the proposal that was on the screen when a newer one is not taken over', async () => {
    const cache = await open()
    node.proposal.hash = 'newer'
    await cache.refetchQueries({ queryKey: ['incident'] })
    await screen.findByText('建议已更新')
    await submit()
    await waitFor(() => expect(node.sent[0]?.body).toMatchObject({ proposal: 'hash-incident-1' }))
  })

  it('is not drafted a second time when only its submission was refused', async () => {
    await open()
    node.refuse = (path) => (path.endsWith('/submit') ? refused() : undefined)
    await submit()
    await screen.findByText('方案已变')
    node.refuse = () => undefined
    await submit()
    await waitFor(() => expect(posted()).toEqual(['/plans', '/plans/plan-new/submit', '/plans/plan-new/submit']))
    expect(node.sent[2]?.body).toEqual({ revision: 1 })
  })

  it('is revised, not drafted, when it was changed after its submission was refused', async () => {
    await open()
    node.refuse = (path) => (path.endsWith('/submit') ? refused() : undefined)
    await submit()
    await screen.findByText('方案已变')
    node.refuse = () => undefined
    await userEvent.click(screen.getByRole('button', { name: `去掉${tasks()[0]}` }))
    await submit()
    await waitFor(() => expect(posted()).toEqual(['/plans', '/plans/plan-new/submit', '/plans/plan-new/revise', '/plans/plan-new/submit']))
    expect(node.sent.slice(2).map(({ body }) => body.revision)).toEqual([1, 2])
  })

  it('is revised from the revision that was opened', async () => {
    await open('plan-2')
    const plan = node.file.plans.find((one) => one.id === 'plan-2')
    if (plan) plan.revision = 3
    await submit()
    await waitFor(() => expect(node.sent[0]).toMatchObject({ path: '/plans/plan-2/revise', body: { revision: 2 } }))
  })

  it('is as it was left when the dispatcher comes back to it', async () => {
    await open()
    await userEvent.click(screen.getByRole('button', { name: `去掉${tasks()[0]}` }))
    cleanup()
    await open()
    expect(tasks()).toHaveLength(5)
    await submit()
    await waitFor(() => expect(posted()).toHaveLength(2))
    cleanup()
    navigate('/incidents/incident-1/proposal')
    await open()
    expect(tasks()).toHaveLength(6)
  })
})

/** Plan 4.1.5: once the post commands, the brigade's plan says that it goes out by the post's order. */
describe('a plan after the take-over', () => {
  let node: Node
  beforeEach(() => {
    navigate('/incidents/incident-1/proposal')
    node = playNode(structuredClone(file('incident-1') as IncidentFile))
  })
  afterEach(() => {
    cleanup()
    forgetDrafts()
    vi.unstubAllGlobals()
  })
  const told = async (holder: 'brigade' | 'post', { revise, untick }: { revise?: string; untick?: boolean } = {}) => {
    node.file.command.holder = holder
    show(<ProposalPage file={node.file} revise={revise} byPost={false} side="brigade" />)
    await screen.findByTestId('submit-plan')
    if (untick) await userEvent.click(screen.getByLabelText('奉现场指挥部令'))
    else expect(screen.queryAllByLabelText('奉现场指挥部令')).toHaveLength(holder === 'post' ? 1 : 0)
    await submit()
    await waitFor(() => expect(node.sent).toHaveLength(2))
    return node.sent[0]
  }

  it('is drafted by order of the post, without a key more', async () => {
    expect(await told('post')).toMatchObject({ path: '/incidents/incident-1/plans', body: { by_order_of_post: true } })
  })

  it('is revised by order of the post', async () => {
    const plan = node.file.plans[0]?.id
    expect(await told('post', { revise: plan })).toMatchObject({ path: `/plans/${plan}/revise`, body: { by_order_of_post: true } })
  })

  it('is the brigade’s own where that is unticked, and before the post there is nothing to tick', async () => {
    expect((await told('post', { untick: true }))?.body).not.toHaveProperty('by_order_of_post')
    cleanup()
    node.sent.length = 0
    expect((await told('brigade'))?.body).not.toHaveProperty('by_order_of_post')
  })
})
