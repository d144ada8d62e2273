//! Which face is on the screen: sign-in, the emergency withdrawal, an order, or one of the three views.

import { toWithdraw, unanswered } from './attention.ts'
import { corrections } from './contacts.ts'
import { Forms } from './forms/forms.tsx'
import { t, type Text } from './locales/index.ts'
import { Now } from './now.tsx'
import { OrderFace } from './order.tsx'
import { Past } from './past.tsx'
import { Phone } from './phone.tsx'
import { expired, forgetSession, session } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { LineState, Warnings } from './status.tsx'
import { acts, stop } from './sync.ts'
import { Icon, type IconName } from './ui/icon.tsx'
import { Key } from './ui/ui.tsx'
import { go, sheet, view, type View } from './view.ts'
import { WithdrawalFace } from './withdrawal.tsx'

export function App() {
  const who = session.value
  if (!who) return <SignIn />
  if (!who.me.force) return <NotAForce position={who.me.position} />
  const [withdrawal] = toWithdraw.value
  const covered = withdrawal !== undefined || sheet.value !== null
  return (
    <>
      <div class="page" inert={covered}>
        {expired.value && <SignIn again />}
        {view.value.at === 'order' ? <OrderFace id={view.value.id} /> : <Views />}
      </div>
      {sheet.value && (
        <div inert={withdrawal !== undefined}>
          <Forms sheet={sheet.value} />
        </div>
      )}
      {withdrawal && <WithdrawalFace key={`${withdrawal.id}/${withdrawal.order.id}`} id={withdrawal.id} order={withdrawal.order} />}
    </>
  )
}

function Views() {
  const who = session.value
  return (
    <>
      <header class="top">
        <div>
          <strong>{who?.me.force?.name}</strong>
          <span>{who?.me.position}</span>
        </div>
        <LineState />
      </header>
      <Warnings />
      <main class="view">
        {view.value.at === 'past' ? <Past /> : view.value.at === 'phone' ? <Phone /> : <Now />}
      </main>
      <nav class="tabs" aria-label={t('app.name')}>
        <Tab to="now" icon="list" text="nav.now" count={unanswered.value.length} />
        <Tab to="past" icon="history" text="nav.past" />
        <Tab to="phone" icon="device" text="nav.phone" count={acts.value.filter((act) => act.state !== 'sent' && !act.automatic).length + corrections.value.length} />
      </nav>
    </>
  )
}

function Tab(props: { to: Exclude<View['at'], 'order'>; icon: IconName; text: Text; count?: number }) {
  const here = view.value.at === props.to
  return (
    <button type="button" aria-current={here ? 'page' : undefined} onClick={() => go({ at: props.to }, true)}>
      <Icon name={props.icon} />
      <span>{t(props.text)}</span>
      {props.count ? <b class="count">{props.count}</b> : null}
    </button>
  )
}

function NotAForce({ position }: { position: string }) {
  return (
    <main class="signin">
      <h1>{t('app.name')}</h1>
      <p>{t('signin.not_force', { position })}</p>
      <a class="key tone-way big" href="/">
        {t('signin.to_console')}
      </a>
      <Key
        tone="quiet"
        onPress={() => {
          stop()
          forgetSession()
        }}
      >
        {t('phone.sign_out')}
      </Key>
    </main>
  )
}
