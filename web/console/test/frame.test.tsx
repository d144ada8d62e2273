import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { file } from '../dev/world.ts'
import { Unreachable, type IncidentFile } from '../src/api/index.ts'
import { Frame } from '../src/desk/Frame.tsx'
import { UI_WORDS } from '../src/desk/words.ts'
import { navigate } from '../src/router.tsx'
import { Failed, UiWordsProvider } from '../src/ui/index.ts'
import { playNode, show, type Node } from './page.tsx'

describe('around every desk', () => {
  let node: Node
  beforeEach(() => {
    navigate('/forces')
    node = playNode(file('incident-1') as IncidentFile)
  })
  afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
  })

  it('stays signed in, and says so, when the node did not end the session', async () => {
    node.refuse = () => new Response(null, { status: 503 })
    show(<Frame>页</Frame>)
    await userEvent.click(screen.getByText('退出'))
    await screen.findByText(/未能退出：没有收到答复/)
    expect(window.location.pathname).toBe('/forces')
    node.refuse = () => undefined
    await userEvent.click(screen.getByText('退出'))
    await waitFor(() => expect(window.location.pathname).toBe('/login'))
  })

  it('says in words, not in a code, that the node was not reached: nothing was asked to be done', () => {
    show(<UiWordsProvider words={UI_WORDS()}><Failed error={new Unreachable()} /></UiWordsProvider>)
    expect(screen.getByRole('alert').textContent).toContain('没有连上节点')
  })
})
