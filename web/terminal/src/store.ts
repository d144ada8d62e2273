//! What the phone keeps: IndexedDB, one database for each account, so that two accounts on one phone never mix.
//! It never holds a password. Where the browser refuses a database the page works from memory and says so.

import type { NewAct, Queued } from './queue.ts'

export interface Store {
  /** False when nothing survives closing the page. */
  readonly durable: boolean
  get<T>(key: string): Promise<T | undefined>
  set(key: string, value: unknown): Promise<void>
  /** Adds an act with its photos in one transaction: both or none. Resolves once the disk has it. */
  add(act: NewAct, photos: { id: string; bytes: ArrayBuffer }[]): Promise<Queued>
  put(act: Queued): Promise<void>
  /** Lets every waiting act be sent at once; in one transaction, since one of them may be under way. */
  hurry(): Promise<void>
  /** Removes an act and its photos in one transaction. */
  remove(act: Queued): Promise<void>
  /** Every act, in the order of the taps. */
  all(): Promise<Queued[]>
  photo(id: string): Promise<ArrayBuffer | undefined>
}

/** Opens the account's database; falls back to memory, visibly (`durable` is false). */
export async function openStore(account: string): Promise<Store> {
  try {
    return idbStore(await openDatabase(`muster-terminal-${account}`))
  } catch {
    return memoryStore()
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1)
    opening.onupgradeneeded = () => {
      const db = opening.result
      db.createObjectStore('kept')
      db.createObjectStore('acts', { keyPath: 'n', autoIncrement: true })
      db.createObjectStore('photos')
    }
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('the database cannot be opened'))
  })
}

function idbStore(db: IDBDatabase): Store {
  const read = <T>(name: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const asked = ask(db.transaction(name, 'readonly').objectStore(name))
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error ?? new Error('the database cannot be read'))
    })
  // Strict: the promise resolves when the disk has it, so that a tap said to be saved survives a flat battery.
  const write = (names: string[], change: (transaction: IDBTransaction) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const transaction = db.transaction(names, 'readwrite', { durability: 'strict' })
      transaction.oncomplete = () => resolve()
      transaction.onerror = () => reject(transaction.error ?? new Error('the database cannot be written'))
      transaction.onabort = () => reject(transaction.error ?? new Error('the database cannot be written'))
      change(transaction)
    })
  return {
    durable: true,
    get: (key) => read('kept', (store) => store.get(key)),
    set: (key, value) => write(['kept'], (transaction) => void transaction.objectStore('kept').put(value, key)),
    async add(act, photos) {
      let n = 0
      await write(['acts', 'photos'], (transaction) => {
        const adding = transaction.objectStore('acts').add(act)
        adding.onsuccess = () => (n = Number(adding.result))
        for (const photo of photos) transaction.objectStore('photos').put(photo.bytes, photo.id)
      })
      return { ...act, n }
    },
    put: (act) => write(['acts'], (transaction) => void transaction.objectStore('acts').put(act)),
    hurry: () =>
      write(['acts'], (transaction) => {
        transaction.objectStore('acts').openCursor().onsuccess = (event) => {
          const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result
          if (!cursor) return
          const act = cursor.value as Queued
          if (act.state === 'waiting' && act.next_ms > 0) cursor.update({ ...act, next_ms: 0 })
          cursor.continue()
        }
      }),
    remove: (act) =>
      write(['acts', 'photos'], (transaction) => {
        transaction.objectStore('acts').delete(act.n)
        for (const photo of act.photos) transaction.objectStore('photos').delete(photo.id)
      }),
    all: () => read('acts', (store) => store.getAll() as IDBRequest<Queued[]>),
    photo: (id) => read('photos', (store) => store.get(id) as IDBRequest<ArrayBuffer | undefined>),
  }
}

/** Keeps everything in memory, with the same behaviour as the database. */
export function memoryStore(): Store {
  const kept = new Map<string, unknown>()
  const acts = new Map<number, Queued>()
  const photos = new Map<string, ArrayBuffer>()
  let last = 0
  return {
    durable: false,
    get: async <T>(key: string) => structuredClone(kept.get(key)) as T | undefined,
    set: async (key, value) => void kept.set(key, structuredClone(value)),
    async add(act, pictures) {
      last += 1
      const queued = { ...structuredClone(act), n: last }
      acts.set(last, queued)
      for (const picture of pictures) photos.set(picture.id, picture.bytes)
      return structuredClone(queued)
    },
    put: async (act) => void acts.set(act.n, structuredClone(act)),
    async hurry() {
      for (const act of acts.values()) if (act.state === 'waiting') act.next_ms = 0
    },
    async remove(act) {
      acts.delete(act.n)
      for (const photo of act.photos) photos.delete(photo.id)
    },
    all: async () => [...acts.values()].sort((a, b) => a.n - b.n).map((act) => structuredClone(act)),
    photo: async (id) => photos.get(id),
  }
}
