import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { file } from '../dev/world.ts'
import { forgetDrafts } from '../src/acts/index.ts'
import type { IncidentFile, Withdrawal } from '../src/api/index.ts'
import { PlanActs } from '../src/dispatch/index.ts'
import { navigate } from '../src/router.tsx'
import { playNode, show, type Node } from './page.tsx'

const open = (act: string, on?: string) => {
  navigate(`/desk/brigade/incident-1?do=${act}&in=incident-1${on ? `&on=${on}` : ''}`)
  return show(null)
}
const submit = async () => userEvent.click(await screen.findByTestId('act-submit'))
const type = (label: RegExp, text: string) => fireEvent.change(screen.getByLabelText(label), { target: { value: text } })

describe('the form of an act', () => {
  let node: Node
  beforeEach(() => { node = playNode(structuredClone(file('incident-1') as IncidentFile)) })
  afterEach(() => {
    cleanup()
    forgetDrafts()
    navigate('/')
    vi.unstubAllGlobals()
  })

  it('does not record "now" for a time that it can not read', async () => {
    open('acknowledge_order', 'order-7')
    await screen.findByTestId('act-submit')
    type(/发生时间/, '2460')
    await submit()
    expect(node.sent).toEqual([])
    expect(screen.getByRole('alert').textContent).toBe('请按 0803 填写时分')
    type(/发生时间/, '0001')
    await submit()
    await waitFor(() => expect(node.sent[0]?.body).toMatchObject({ occurred_at: expect.stringContaining('T00:01:00+08:00') as string }))
  })

  it('does not record as its own what it was told by somebody whose name is missing', async () => {
    open('acknowledge_order', 'order-7')
    await screen.findByTestId('act-submit')
    type(/何人告知/, ' ')
    await submit()
    expect(node.sent).toEqual([])
    type(/何人告知/, '监测队队长')
    await submit()
    await waitFor(() => expect(node.sent[0]?.body).toMatchObject({ on_behalf_of: { who: '监测队队长', through: 'phone' } }))
  })

  it('does not record an agreement by telephone at a time that it can not read', async () => {
    open('record_telephone_approval', 'plan-2')
    await screen.findByTestId('act-submit')
    type(/发生时间/, '8点03')
    await submit()
    expect(node.sent).toEqual([])
    type(/发生时间/, '')
    await submit()
    await waitFor(() => expect(node.sent).toHaveLength(1))
  })

  it('takes the officer who is asked now for the one who agreed, not one who gave no answer', async () => {
    open('record_telephone_approval', 'plan-2')
    await submit()
    await waitFor(() => expect(node.sent[0]?.body).toMatchObject({ officer: '带班领导' }))
  })

  it('names the force that is chosen as the one who said that it is out, until another is typed', async () => {
    const withdrawal = node.file.withdrawals[0] as Withdrawal
    withdrawal.waiting = [{ order: 'order-2', attached: null, name: '崖头消防救援站' }, { order: 'order-5', attached: null, name: '荣成化工应急救援队' }]
    withdrawal.may = { confirm_withdrawal: 'on_behalf' }
    open('confirm_withdrawal', 'w-1')
    await userEvent.click(await screen.findByRole('radio', { name: /荣成化工/ }))
    await submit()
    await waitFor(() => expect(node.sent[0]?.body).toMatchObject({ order: 'order-5', on_behalf_of: { who: '荣成化工应急救援队' } }))
  })

  it('sends the revision that was shown when it was opened', async () => {
    const cache = open('send_back_plan', 'plan-2')
    await screen.findByTestId('act-submit')
    type(/退回理由/, '请先调油库两队')
    const plan = node.file.plans.find((one) => one.id === 'plan-2')
    if (plan) plan.revision = 3
    await cache.refetchQueries({ queryKey: ['incident'] })
    await submit()
    await waitFor(() => expect(node.sent[0]?.body).toEqual({ revision: 2, reasons: '请先调油库两队' }))
  })

  it('waits for the revision that the card showed, when what was read before is older', async () => {
    const plan = node.file.plans.find((one) => one.id === 'plan-2')
    if (!plan) throw new Error('the sample incident has plan-2')
    const cache = show(<PlanActs plan={{ ...plan, revision: 3 }} />)
    await userEvent.click(screen.getByTestId('act-approve_plan'))
    await waitFor(() => expect(cache.getQueryData(['incident', 'incident-1'])).toBeDefined())
    expect(screen.queryByTestId('act-submit')).toBeNull()
    plan.revision = 3
    await cache.refetchQueries({ queryKey: ['incident'] })
    await submit()
    await waitFor(() => expect(node.sent[0]?.body).toMatchObject({ revision: 3 }))
  })

  it('keeps what was typed when it is closed by mistake, until it has been sent', async () => {
    open('send_back_plan', 'plan-2')
    await screen.findByTestId('act-submit')
    type(/退回理由/, '请先调油库两队')
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(window.location.search).toBe(''))
    cleanup() // the session is lost too
    open('send_back_plan', 'plan-1')
    await screen.findByTestId('act-submit')
    expect(screen.getByLabelText(/退回理由/)).toHaveProperty('value', '') // another plan
    cleanup()
    open('send_back_plan', 'plan-2')
    await screen.findByTestId('act-submit')
    expect(screen.getByLabelText(/退回理由/)).toHaveProperty('value', '请先调油库两队')
    await submit()
    await waitFor(() => expect(window.location.search).toBe(''))
    cleanup()
    open('send_back_plan', 'plan-2')
    await screen.findByTestId('act-submit')
    expect(screen.getByLabelText(/退回理由/)).toHaveProperty('value', '')
  })
})
