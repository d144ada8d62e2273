import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { file } from '../dev/world.ts'
import type { IncidentFile } from '../src/api/index.ts'
import { Login } from '../src/desk/Login.tsx'
import { navigate } from '../src/router.tsx'
import { playNode, show, type Node } from './page.tsx'

const asks = (code: string) => Response.json({ code, title: '需要验证码', detail: `请输入验证码（${code}）`, status: 401 }, { status: 401, headers: { 'content-type': 'application/problem+json' } })

describe('signing in', () => {
  let node: Node
  beforeEach(() => {
    navigate('/login')
    node = playNode(file('incident-1') as IncidentFile)
  })
  afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
  })

  it('asks for a code only when the node does, keeps what was typed, and sends all three', async () => {
    show(<Login />)
    expect(screen.queryByLabelText(/验证码/)).toBeNull()
    await userEvent.type(screen.getByLabelText('账号'), 'bureau')
    await userEvent.type(screen.getByLabelText('密码'), 'a long password')
    node.refuse = () => asks('code_needed')
    await userEvent.click(screen.getByRole('button', { name: '登录' }))
    const code = await screen.findByLabelText(/验证码/)
    node.refuse = () => asks('wrong_code')
    await userEvent.type(code, '000000{Enter}')
    await screen.findByText(/wrong_code/)
    expect((code as HTMLInputElement).value).toBe('')
    node.refuse = () => undefined
    await userEvent.type(code, '287082{Enter}')
    await waitFor(() => expect(window.location.pathname).toBe('/'))
    expect(node.sent.map(({ body }) => body)).toEqual([
      { username: 'bureau', password: 'a long password' },
      { username: 'bureau', password: 'a long password', code: '000000' },
      { username: 'bureau', password: 'a long password', code: '287082' },
    ])
  })

  it('forgets the code when another account is typed', async () => {
    show(<Login />)
    await userEvent.type(screen.getByLabelText('账号'), 'bureau')
    node.refuse = () => asks('code_needed')
    await userEvent.click(screen.getByRole('button', { name: '登录' }))
    await screen.findByLabelText(/验证码/)
    await userEvent.type(screen.getByLabelText('账号'), '2')
    expect(screen.queryByLabelText(/验证码/)).toBeNull()
  })
})
