//! Signing in. When a session has ended the same form stands above what is known, so that orders stay readable.

import { useState } from 'preact/hooks'
import { choose, language, t } from './locales/index.ts'
import { keepSession, session } from './session.ts'
import { api } from './sync.ts'
import { Key } from './ui/ui.tsx'

export function SignIn({ again }: { again?: boolean }) {
  const [account, setAccount] = useState(session.value?.me.account ?? '')
  const [password, setPassword] = useState('')
  /** Undefined until the node has asked for a code. */
  const [code, setCode] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [why, setWhy] = useState('')

  async function signIn(event: Event) {
    event.preventDefault()
    setBusy(true)
    setWhy('')
    const answer = await api.signIn(account.trim(), password, code?.trim())
    setBusy(false)
    if (answer.kind === 'ok') keepSession(answer.value)
    else if (answer.kind === 'later') setWhy(t(answer.offline ? 'signin.offline' : 'signin.later'))
    else if (answer.kind === 'refused') {
      if (answer.problem.code === 'code_needed' || answer.problem.code === 'wrong_code') setCode('')
      setWhy(answer.problem.code === 'wrong_password' ? t('signin.refused') : answer.problem.detail)
    } else setWhy(t('signin.refused'))
  }

  const form = (
    <form onSubmit={(event) => void signIn(event)}>
      {again && <p class="note">{t('signin.again')}</p>}
      <label>
        {t('signin.account')}
        <input name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required value={account} onInput={(event) => setAccount(event.currentTarget.value)} />
      </label>
      <label>
        {t('signin.password')}
        <input name="password" type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
      </label>
      {code !== undefined && (
        <label>
          {t('signin.code')}
          <input name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck={false} required value={code} onInput={(event) => setCode(event.currentTarget.value)} />
        </label>
      )}
      {why !== '' && (
        <p class="note bad" role="alert">
          {why}
        </p>
      )}
      <button type="submit" class="key tone-way big" disabled={busy}>
        {t(busy ? 'signin.busy' : 'signin.go')}
      </button>
    </form>
  )
  if (again) return <section class="signin again">{form}</section>
  return (
    <main class="signin">
      <img src="/terminal/icon.svg" alt="" width="88" height="88" />
      <h1>{t('app.name')}</h1>
      <p class="sub">{t('app.who')}</p>
      {form}
      <p class="hint">{t('signin.kept')}</p>
      <Key tone="quiet" onPress={() => choose(language.value === 'en' ? 'zh-CN' : 'en')}>
        {language.value === 'en' ? '中文' : 'English'}
      </Key>
    </main>
  )
}
