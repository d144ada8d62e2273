/** The one live stream of the page: marks what changed as old, rings, and says when the node is silent. */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { clock, createInvalidator, openStream, session, shareStream, type Change, type StreamHandlers, type StreamState } from '../api/index.ts'
import { clockSecondsText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Stale } from '../ui/index.ts'
import { alarm, flashTitle } from './alarm.ts'

interface LiveState { state: StreamState; asOf: string | undefined; rings: Change[] }
const Live = createContext<LiveState>({ state: 'connecting', asOf: undefined, rings: [] })
export const useLive = () => useContext(Live)
const RINGS_KEPT = 12

export function LiveProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient()
  const [state, setState] = useState<StreamState>('connecting')
  const [asOf, setAsOf] = useState<string>()
  const [rings, setRings] = useState<Change[]>([])
  useEffect(() => {
    const invalidator = createInvalidator(cache)
    // Kept aside until the line falls silent: a burst of changes must not draw the frame anew for a time that nobody is shown.
    let heard: string | undefined
    const handlers: StreamHandlers = {
      change(change: Change) {
        invalidator.changed(change)
        heard = change.at
        if (!change.ring) return
        alarm.ring(change.ring)
        setRings((old) => [change, ...old].slice(0, RINGS_KEPT))
        flashTitle(change.text ?? t(`ring.${change.ring}`))
      },
      heartbeat(now: string) {
        clock.set(now)
        heard = now
      },
      reset: () => invalidator.everything(),
      state(next: StreamState) {
        setAsOf(heard)
        setState(next)
      },
    }
    const open = (to: StreamHandlers) => openStream({
      url: '/api/v1/stream', onUnauthorised: () => session.lost(),
      headers: (): Record<string, string> => {
        const token = session.token()
        return { 'accept-language': session.lang(), ...(token ? { authorization: `Bearer ${token}` } : {}) }
      },
    }, to)
    // A tab with its own token has its own stream; tabs of one cookie session share one.
    const stream = session.token() ? open(handlers) : shareStream(open, handlers)
    return () => stream.close()
  }, [cache])
  useEffect(() => alarm.unlockOnTouch(), [])
  const live = useMemo(() => ({ state, asOf, rings }), [state, asOf, rings])
  return <Live.Provider value={live}>{children}</Live.Provider>
}

export function StaleBanner() {
  const { state, asOf } = useLive()
  if (state !== 'stale') return null
  return <Stale>{asOf ? t('live.as_of', { at: clockSecondsText(asOf) }) : t('live.never')} · {t('live.reconnecting')}</Stale>
}
