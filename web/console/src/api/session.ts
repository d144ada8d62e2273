/** Who is signed in. In a demo each tab is its own person (token in the tab); otherwise the cookie is the session. */
const TOKEN = 'muster.token'
const LANG = 'muster.lang'

export type Lang = 'zh-CN' | 'en'

let token: string | null = read(sessionStorageOf(), TOKEN)
const lost = new Set<() => void>()

export const session = {
  token: () => token,
  /** Keeps the token for this tab only. */
  keep(value: string | null) {
    token = value
    write(sessionStorageOf(), TOKEN, value)
  },
  lang: (): Lang => (read(localStorageOf(), LANG) === 'en' ? 'en' : 'zh-CN'),
  setLang: (lang: Lang) => write(localStorageOf(), LANG, lang),
  /** Called when the node says that nobody is signed in any more. */
  onLost(listener: () => void) {
    lost.add(listener)
    return () => void lost.delete(listener)
  },
  lost() {
    session.keep(null)
    lost.forEach((listener) => listener())
  },
}

function sessionStorageOf(): Storage | undefined {
  try { return globalThis.sessionStorage } catch { return undefined } // storage may be forbidden; then the session ends with the page
}
function localStorageOf(): Storage | undefined {
  try { return globalThis.localStorage } catch { return undefined }
}
function read(storage: Storage | undefined, name: string): string | null {
  try { return storage?.getItem(name) ?? null } catch { return null }
}
function write(storage: Storage | undefined, name: string, value: string | null) {
  try {
    if (value === null) storage?.removeItem(name)
    else storage?.setItem(name, value)
  } catch { /* a full or forbidden storage only shortens the session */ }
}
