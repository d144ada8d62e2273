//! The service worker: the page opens without a network. It keeps the built files, each by its hash, and nothing else:
//! never an answer of the API (what is known of orders is kept by the page itself, with its age).

const worker = self as unknown as ServiceWorkerGlobalScope

/** Written in by the build: path and hash of each built file. */
const FILES = '__PRECACHE__' as unknown as [path: string, hash: string][]
const SCOPE = '/terminal/'
const PREFIX = 'muster-terminal-'
const CACHE = PREFIX + FILES.map(([, hash]) => hash.slice(0, 4)).join('')
/** The page itself is kept under its own address, as the node gives it: an answer that came by a redirect can't open a page. */
const addressOf = (path: string): string => SCOPE + (path === 'index.html' ? '' : path)
const KEPT = new Set(FILES.map(([path]) => addressOf(path)))

worker.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE)
      // `reload`: not from the browser's own cache, which may hold an older file under the same name.
      await cache.addAll(FILES.map(([path]) => new Request(addressOf(path), { cache: 'reload' })))
      // The page is one script and one style sheet, already loaded where it is open: a new version can't tear it.
      await worker.skipWaiting()
    })(),
  )
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name)
      await worker.clients.claim()
    })(),
  )
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin || !url.pathname.startsWith(SCOPE)) return
  const path = request.mode === 'navigate' ? SCOPE : url.pathname
  if (!KEPT.has(path)) return
  event.respondWith(
    (async () => {
      const cache = await caches.open(CACHE)
      return (await cache.match(path)) ?? fetch(request)
    })(),
  )
})

/** What the node sealed for this browser; one that is not of this form is still shown, for a browser takes back the leave of who is silent. */
interface Pushed { id?: string; title?: string; text?: string; urgent?: boolean }

worker.addEventListener('push', (event) => {
  event.waitUntil(
    (async () => {
      const pushed = read(event.data)
      const options = { body: pushed.text ?? '', tag: pushed.id ?? 'muster', icon: '/terminal/icon-192.png', requireInteraction: pushed.urgent !== false, renotify: true, vibrate: [400, 150, 400] }
      await worker.registration.showNotification(pushed.title ?? '', options as NotificationOptions)
    })(),
  )
})

function read(data: PushMessageData | null): Pushed {
  try {
    return (data?.json() ?? {}) as Pushed
  } catch {
    return { text: data?.text() ?? '' }
  }
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(
    (async () => {
      const [open] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
      await (open ? open.focus() : worker.clients.openWindow(SCOPE))
    })(),
  )
})

export {}
