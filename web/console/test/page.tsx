/** A page before a node that the test plays: its answers, and what was sent to it. */
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { vi } from 'vitest'
import { forces, forceView, incidentView, me, proposal, reference } from '../dev/world.ts'
import { ActProvider } from '../src/acts/index.ts'
import { createQueryClient, type IncidentFile, type Proposal } from '../src/api/index.ts'
import { REGISTRY } from '../src/desk/registry.ts'
import { HotkeyProvider, ToastProvider } from '../src/ui/index.ts'

export interface Node {
  file: IncidentFile
  proposal: Proposal
  sent: { path: string; body: Record<string, unknown> }[]
  /** The node's answer to an act in place of the receipt, such as a refusal. */
  refuse: (path: string) => Response | undefined
}

/** The node that the page talks to until the test is over. */
export function playNode(file: IncidentFile): Node {
  const node: Node = { file, proposal: proposal(file.id), sent: [], refuse: () => undefined }
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) => Promise.resolve(answer(node, new URL(input, 'http://node').pathname.replace('/api/v1', ''), init)))
  return node
}

function answer(node: Node, path: string, init?: RequestInit): Response {
  if (init?.method === 'DELETE') return node.refuse(path) ?? new Response(null, { status: 204 })
  if (init?.method === 'POST') {
    const refusal = node.refuse(path)
    node.sent.push({ path, body: JSON.parse(init.body as string) as Record<string, unknown> })
    return refusal ?? Response.json({ kind: 'plan', id: 'plan-new', incident: node.file.id, seq: '1.1' }, { status: 201 })
  }
  if (path.endsWith('/proposal')) return Response.json(node.proposal)
  if (path === '/reference') return Response.json(reference)
  if (path === '/forces') return Response.json(forces.map(forceView))
  if (path.startsWith('/incidents/')) return Response.json(incidentView(node.file))
  return Response.json([])
}

/** Shows it as the desks do, with acts, keys and toasts around it; gives the cache, to hear of changes. */
export function show(children: ReactNode, account = 'dispatcher'): QueryClient {
  const cache = createQueryClient()
  render(
    <QueryClientProvider client={cache}>
      <ToastProvider><HotkeyProvider><ActProvider me={me(account)} registry={REGISTRY}>{children}</ActProvider></HotkeyProvider></ToastProvider>
    </QueryClientProvider>,
  )
  return cache
}
