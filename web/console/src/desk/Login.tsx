import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Refusal } from '../acts/index.ts'
import { client, Problem, queries, session } from '../api/index.ts'
import { currentLang, setLang, t, type TextKey } from '../locales/index.ts'
import { navigate, useAddress } from '../router.tsx'
import { Button, Field } from '../ui/index.ts'
import { alarm } from './alarm.ts'

const DEMO_ACCOUNTS: { account: string; text: TextKey }[] = [
  { account: 'dispatcher', text: 'role.dispatcher' }, { account: 'commander', text: 'role.commander' }, { account: 'bureau', text: 'role.bureau' }, { account: 'shift-leader', text: 'role.shift_leader' },
  { account: 'deputy', text: 'role.deputy' }, { account: 'govt', text: 'role.govt' }, { account: 'leader', text: 'role.leader' }, { account: 'post', text: 'role.post' },
]
/** The demonstration's password unless the operator gave another (MUSTER_DEMO_PASSWORD). */
const DEMO_PASSWORD = 'muster-demo'

export function Login({ lost }: { lost?: boolean }) {
  const health = useQuery(queries.health())
  const cache = useQueryClient()
  const address = useAddress()
  const demo = health.data?.demo ?? false
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  /** Undefined until the node has asked this account for a code. */
  const [code, setCode] = useState<string>()
  const [busy, setBusy] = useState<string>()
  const [error, setError] = useState<Error>()

  const enter = async (name: string, secret: string, second?: string) => {
    setBusy(name)
    setError(undefined)
    void alarm.unlock() // signing in is a press: from here on the desk can be heard
    try {
      session.keep(null)
      const { token } = await client.signIn(name, secret, second)
      if (demo) session.keep(token) // each tab its own person; otherwise the cookie is the session
      cache.clear()
      navigate(address.search.get('to') ?? '/', { replace: true })
    } catch (caught) {
      if (caught instanceof Problem && (caught.code === 'code_needed' || caught.code === 'wrong_code')) {
        setUsername(name)
        setPassword(secret)
        setCode('')
      }
      setError(caught instanceof Error ? caught : new Error(String(caught)))
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <div className="login">
      <div className="loginart" aria-hidden><img src="/icon.svg" alt="" width={72} height={72} /><h1>{t('brand')}</h1><p>{t('login.motto')}</p><p className="small">{t('login.about')}</p></div>
      <form className="loginform" onSubmit={(event) => { event.preventDefault(); void enter(username.trim(), password, code?.trim()) }}>
        <h2>{t('login.title')}</h2>
        {lost && <p className="quote">{t('login.lost')}</p>}
        {error && <Refusal refusal={error} />}
        <Field label={t('login.username')}><input className="input" autoComplete="username" autoFocus value={username} onChange={(event) => { setUsername(event.target.value); setCode(undefined) }} name="username" /></Field>
        <Field label={t('login.password')}><input className="input" type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} name="password" /></Field>
        {code !== undefined && <Field label={t('login.code')}><input className="input" autoComplete="one-time-code" autoFocus value={code} onChange={(event) => setCode(event.target.value)} name="code" /></Field>}
        <Button type="submit" kind="primary" size="l" wide busy={busy !== undefined} disabledReason={username.trim() ? undefined : t('login.username.missing')}>{t('login.enter')}</Button>
        {demo && (
          <section className="demo">
            <h3 className="section">{t('login.demo')}</h3>
            <p className="small muted">{t('login.demo.hint')}</p>
            <div className="chips">{DEMO_ACCOUNTS.map(({ account, text }) => <Button key={account} size="m" busy={busy === account} onPress={() => void enter(account, password || DEMO_PASSWORD)} testId={`demo-${account}`}>{t(text)}</Button>)}</div>
            <p className="small muted">{t('login.demo.others')}</p>
          </section>
        )}
        <button type="button" className="lang" onClick={() => { setLang(currentLang() === 'en' ? 'zh-CN' : 'en'); window.location.reload() }}>{currentLang() === 'en' ? '中文' : 'English'}</button>
      </form>
    </div>
  )
}
