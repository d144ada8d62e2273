/** Where the user is: the address is the state. A small router is enough for thirty addresses. */
import { useMemo, useSyncExternalStore, type AnchorHTMLAttributes } from 'react'

const listeners = new Set<() => void>()
const tell = () => listeners.forEach((listener) => listener())
if (typeof window !== 'undefined') window.addEventListener('popstate', tell)

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
const here = () => window.location.pathname + window.location.search

export function navigate(to: string, options: { replace?: boolean } = {}) {
  if (to === here()) return
  if (options.replace) window.history.replaceState(null, '', to)
  else window.history.pushState(null, '', to)
  tell()
}

export interface Address { path: string; search: URLSearchParams }
export function useAddress(): Address {
  const now = useSyncExternalStore(subscribe, here)
  return useMemo(() => {
    const [path = '/', search = ''] = now.split('?')
    return { path, search: new URLSearchParams(search) }
  }, [now])
}

/** The same place with other parameters; `null` takes one away. */
export function withSearch(address: Address, changes: Record<string, string | null | undefined>): string {
  const search = new URLSearchParams(address.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined) search.delete(name)
    else search.set(name, value)
  }
  const text = search.toString()
  return text ? `${address.path}?${text}` : address.path
}

export function Link({ to, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a
      {...rest} href={to}
      onClick={(event) => {
        rest.onClick?.(event)
        if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        navigate(to)
      }}
    />
  )
}

/** Parameters of `/incidents/:id/:tab` in a path, or null when it is another address. A trailing `?` makes a part optional. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/').filter(Boolean)
  const have = path.split('/').filter(Boolean)
  const found: Record<string, string> = {}
  for (const [i, part] of want.entries()) {
    const value = have[i]
    if (part.startsWith(':')) {
      const name = part.slice(1).replace(/\?$/, '')
      if (value === undefined) {
        if (part.endsWith('?')) continue
        return null
      }
      found[name] = decodeURIComponent(value)
    } else if (part !== value) return null
  }
  return have.length > want.length ? null : found
}
