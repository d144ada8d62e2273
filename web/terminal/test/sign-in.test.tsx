// @vitest-environment jsdom
//! Signing in on a phone, also where the account has a second factor.

import { render } from 'preact'
import { afterEach, expect, it, vi } from 'vitest'
import { choose } from '../src/locales/index.ts'
import { session } from '../src/session.ts'
import { SignIn } from '../src/sign-in.tsx'
import { close, fill, press, sees } from './phone.tsx'

afterEach(close)

const field = (name: string): HTMLInputElement | null => document.querySelector(`input[name=${name}]`)

it('asks for a code when the node does, says why one is refused, and sends all three', async () => {
  const sent: unknown[] = []
  const answers = ['code_needed', 'wrong_code', 'too_many_codes', 'wrong_password']
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    sent.push(JSON.parse(init.body as string))
    const code = answers.shift() ?? 'gone'
    return Promise.resolve(Response.json({ title: code, detail: `因为 ${code}`, status: 401, code }, { status: code === 'too_many_codes' ? 429 : 401 }))
  })
  choose('zh-CN')
  session.value = null
  render(<SignIn />, document.body)
  expect(field('code')).toBeNull()
  fill(field('username'), 'force-001')
  fill(field('password'), 'a long password')
  await press('登录')
  await sees('因为 code_needed')
  fill(field('code'), '000000')
  await press('登录')
  await sees('因为 wrong_code')
  expect(field('code')?.value).toBe('')
  fill(field('code'), ' 287082 ')
  await press('登录')
  await sees('尝试次数过多')
  await press('登录')
  await sees('账号或密码不对')
  const who = { username: 'force-001', password: 'a long password' }
  expect(sent).toEqual([who, { ...who, code: '000000' }, { ...who, code: '287082' }, { ...who, code: '287082' }])
  render(null, document.body)
})
