/** What stands around every desk: who, where, the time, what is heard, the other pages; the drill's ribbon. */
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { forgetDrafts, useActs } from '../acts/index.ts'
import { client, Problem, session, useNow } from '../api/index.ts'
import { errorText } from '../locales/errors.ts'
import { clockSecondsText, dateText } from '../locales/format.ts'
import { currentLang, setLang, t } from '../locales/index.ts'
import { Link, navigate, useAddress } from '../router.tsx'
import { SHIFT_DESK, SIDE, to } from '../routes.ts'
import { useHotkey, useToast } from '../ui/index.ts'
import { StaleBanner, useLive } from './Live.tsx'
import { Sound } from './Sound.tsx'

export function Frame({ children, drill, layout = 'page' }: { children: ReactNode; drill?: boolean; layout?: 'page' | 'desk' }) {
  const { me } = useActs()
  const { rings } = useLive()
  const side = SIDE[me.role]
  const shift = SHIFT_DESK[side]
  useHotkey('h', t('hand_over.title'), () => { if (shift) navigate(to.handOver(shift)) }, shift !== null)
  return (
    <div className="frame" data-layout={layout} data-drill={drill || undefined}>
      <StaleBanner />
      <header className="topbar">
        <Link to={to.desk(me.role)} className="brand"><img src="/icon.svg" alt="" width={24} height={24} /><b>{t('brand')}</b><span>{me.jurisdiction.name}</span></Link>
        <nav aria-label={t('nav')}>
          <NavLink to={to.desk(me.role)}>{t(`desk.${side}`)}</NavLink>
          <NavLink to={to.incidents()}>{t('incidents')}</NavLink>
          <NavLink to={to.forces()}>{t('forces')}</NavLink>
          <NavLink to={to.duty()}>{t('duty')}</NavLink>
          <NavLink to={to.readiness()}>{t('readiness')}</NavLink>
          {shift && <NavLink to={to.handOver(shift)}>{t('hand_over.title')}</NavLink>}
          <NavLink to={to.wall()}>{t('wall')}</NavLink>
        </nav>
        <span className="spacer" />
        {rings[0] && <span className="lastring truncate" role="alert" data-ring={rings[0].ring} key={rings[0].seq}>{rings[0].text ?? t(`ring.${rings[0].ring ?? 'answer'}`)}</span>}
        <Sound />
        <Clock />
        <UserMenu position={me.position} org={me.org.name} />
      </header>
      {drill && <div className="drillribbon" role="status">{t('drill.ribbon')}</div>}
      <main>{children}</main>
    </div>
  )
}

function NavLink({ to: target, children }: { to: string; children: ReactNode }) {
  const { path } = useAddress()
  const here = path === target || path.startsWith(`${target}/`)
  return <Link to={target} aria-current={here ? 'page' : undefined}>{children}</Link>
}

function Clock() {
  const now = useNow()
  const { state } = useLive()
  return <time className="clock" data-live={state} title={t(`live.${state}`)}><span>{dateText(now)}</span><b>{clockSecondsText(now)}</b></time>
}

function UserMenu({ position, org }: { position: string; org: string }) {
  const cache = useQueryClient()
  const say = useToast()
  const leave = async () => {
    try {
      await client.signOut()
    } catch (error) {
      // Without the node's word the session goes on: who believes it ended would leave the desk open to the next one.
      if (!(error instanceof Problem && error.status === 401)) return say(t('sign_out.failed', { why: errorText(error) }), 'bad')
    }
    session.keep(null)
    forgetDrafts()
    cache.clear()
    navigate(to.login())
  }
  const other = currentLang() === 'en' ? 'zh-CN' : 'en'
  return (
    <details className="usermenu">
      <summary><b>{position}</b><span>{org}</span></summary>
      <div>
        <button type="button" onClick={() => { setLang(other); window.location.reload() }}>{other === 'en' ? 'English' : '中文'}</button>
        <button type="button" onClick={() => void leave()}>{t('sign_out')}</button>
      </div>
    </details>
  )
}
