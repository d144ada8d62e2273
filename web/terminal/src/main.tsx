//! The force's page on a phone: shows its orders, takes its answers, works without a network and sends later.

import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { attend } from './attention.ts'
import { readContacts } from './contacts.ts'
import { language } from './locales/index.ts'
import { freeSoundOnTap } from './ring.ts'
import { expired, recallSession, session } from './session.ts'
import { start } from './sync.ts'
import { applyTheme } from './theme.ts'
import './style.css'

applyTheme()
document.documentElement.lang = language.value
freeSoundOnTap()
recallSession()
attend()

// One account at a time; signing in again under the same account begins anew with what the phone has kept.
let running = ''
effect(() => {
  const who = session.value
  const name = who ? `${who.me.account} ${who.token}` : ''
  if (name === running) return
  running = name
  if (!who?.me.force) return
  void start(who)
  void readContacts()
})
effect(() => void (document.body.dataset['expired'] = String(expired.value)))

const place = document.getElementById('app')
if (place) render(<App />, place)

if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('/terminal/sw.js', { scope: '/terminal/' })
