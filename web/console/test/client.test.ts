import { describe, expect, it } from 'vitest'
import { createClient, Problem, Unreachable } from '../src/api/client.ts'
import { createIntents } from '../src/api/intents.ts'

function memory() {
  const kept = new Map<string, string>()
  return { kept, get: (name: string) => kept.get(name) ?? null, set: (name: string, value: string) => void kept.set(name, value), remove: (name: string) => void kept.delete(name) }
}
type Answer = Response | 'no answer'
function nodeThatAnswers(answers: Answer[]) {
  const keys: string[] = []
  const send = (_input: RequestInfo | URL, init?: RequestInit) => {
    keys.push(new Headers(init?.headers).get('idempotency-key') ?? '')
    const answer = answers.shift() ?? 'no answer'
    return answer === 'no answer' ? Promise.reject(new TypeError('network')) : Promise.resolve(answer)
  }
  const store = memory()
  let n = 0
  const client = createClient({ fetch: send, intents: createIntents(store, () => `key-${(n += 1)}`), retryPauses_ms: [0, 0], sleep: () => Promise.resolve() })
  return { client, keys, store }
}
const receipt = () => Response.json({ kind: 'plan', id: 'p', incident: 'i', seq: '1.2' }, { status: 201 })
const refusal = () => Response.json({ status: 409, code: 'after_approval', detail: '须先报应急管理局同意', clause: '4.1.4', instead: [{ act: 'push_stand_by', text: '先发待命' }] }, { status: 409 })

describe('an act that the user wants once', () => {
  it('goes out again under the same key until the node answers', async () => {
    const { client, keys } = nodeThatAnswers(['no answer', new Response(null, { status: 503 }), receipt()])
    await expect(client.act('/plans/p/submit', { revision: 1 })).resolves.toMatchObject({ id: 'p' })
    expect(keys).toEqual(['key-1', 'key-1', 'key-1'])
  })

  it('keeps its key when no answer came at all, so that pressing again repeats nothing', async () => {
    const { client, keys, store } = nodeThatAnswers(['no answer', 'no answer', 'no answer', receipt()])
    await expect(client.act('/plans/p/submit', { revision: 1 })).rejects.toBeInstanceOf(Unreachable)
    expect(store.kept.size).toBe(1)
    await client.act('/plans/p/submit', { revision: 1 })
    expect(new Set(keys)).toEqual(new Set(['key-1']))
    expect(store.kept.size).toBe(0)
  })

  it('is a new intention after an answer, and with another body', async () => {
    const { client, keys } = nodeThatAnswers([receipt(), receipt(), receipt()])
    await client.act('/orders/o/progress', { text: '到达' })
    await client.act('/orders/o/progress', { text: '到达' })
    await client.act('/orders/o/progress', { text: '展开' })
    expect(keys).toEqual(['key-1', 'key-2', 'key-3'])
  })

  it('is refused with the clause and what may be done instead, and not repeated', async () => {
    const { client, keys, store } = nodeThatAnswers([refusal()])
    const error = await client.act('/incidents/i/first-response', {}).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject({ clause: '4.1.4', message: '须先报应急管理局同意', instead: [{ act: 'push_stand_by', text: '先发待命' }] })
    expect(keys).toHaveLength(1)
    expect(store.kept.size).toBe(0)
  })

  it('keeps its key over a fault of the node, whose outcome is unknown', async () => {
    const { client, keys } = nodeThatAnswers([Response.json({ detail: 'fault' }, { status: 500 }), receipt()])
    await client.act('/plans/p/submit', {})
    expect(keys).toEqual(['key-1', 'key-1'])
  })
})
