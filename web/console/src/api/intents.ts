/**
 * One idempotency key for each intention of the user, kept until the node has answered.
 * The same act asked again while its answer is unknown goes out under the same key, also after a reload of the tab:
 * the node then answers what it answered, and nothing happens twice.
 */
export interface KeyStore { get(name: string): string | null; set(name: string, value: string): void; remove(name: string): void }

export interface Intents {
  /** The key under which this act goes out, old if its answer is still unknown. */
  keyFor(path: string, body: unknown): string
  /** The node has answered, yes or no: the next time is a new intention. */
  settled(path: string, body: unknown): void
}

export function createIntents(store: KeyStore, freshKey: () => string = () => crypto.randomUUID()): Intents {
  return {
    keyFor(path, body) {
      const name = intentName(path, body)
      const known = store.get(name)
      if (known) return known
      const key = freshKey()
      store.set(name, key)
      return key
    },
    settled(path, body) {
      store.remove(intentName(path, body))
    },
  }
}

function intentName(path: string, body: unknown): string {
  return `muster.intent ${path} ${hash(JSON.stringify(body ?? null))}`
}

/** 53-bit string hash: tells two bodies of one address apart; it guards nothing. */
function hash(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}

/** The tab's own storage, or memory where it is forbidden. */
export function tabStore(): KeyStore {
  const memory = new Map<string, string>()
  const storage = (): Storage | null => {
    try { return globalThis.sessionStorage ?? null } catch { return null }
  }
  return {
    get: (name) => memory.get(name) ?? storage()?.getItem(name) ?? null,
    set(name, value) {
      memory.set(name, value)
      try { storage()?.setItem(name, value) } catch { /* kept in memory */ }
    },
    remove(name) {
      memory.delete(name)
      try { storage()?.removeItem(name) } catch { /* it was in memory only */ }
    },
  }
}
