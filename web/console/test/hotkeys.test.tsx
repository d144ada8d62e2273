import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Button, HotkeyProvider, useHotkey } from '../src/ui/index.ts'

function Desk({ next, call, row }: { next: () => void; call: () => void; row: () => void }) {
  useHotkey('Enter', '下一步', next)
  useHotkey('n', '接警', call)
  return <><input aria-label="地点" /><Button onPress={row}>崖头站</Button></>
}

describe('keys of a desk', () => {
  afterEach(cleanup)
  const open = () => {
    const desk = { next: vi.fn(), call: vi.fn(), row: vi.fn() }
    render(<HotkeyProvider><Desk {...desk} /></HotkeyProvider>)
    return desk
  }

  it('do their act, unless someone types', async () => {
    const desk = open()
    const user = userEvent.setup()
    await user.keyboard('n{Enter}')
    expect([desk.call.mock.calls.length, desk.next.mock.calls.length]).toEqual([1, 1])
    await user.type(screen.getByLabelText('地点'), 'nan')
    expect(desk.call).toHaveBeenCalledTimes(1)
  })

  it('leave Enter to the button that has the focus', async () => {
    const desk = open()
    const user = userEvent.setup()
    screen.getByRole('button', { name: '崖头站' }).focus()
    await user.keyboard('{Enter}')
    expect(desk.row).toHaveBeenCalledTimes(1)
    expect(desk.next).not.toHaveBeenCalled()
  })

  it('are silent under an open form, and listed on ?', async () => {
    const desk = open()
    const user = userEvent.setup()
    const form = document.createElement('div')
    form.className = 'ant-drawer-open'
    document.body.append(form)
    await user.keyboard('n')
    expect(desk.call).not.toHaveBeenCalled()
    form.remove()
    await user.keyboard('?')
    expect(await screen.findByText('接警')).toBeTruthy()
    expect(screen.getByText('下一步')).toBeTruthy()
  })
})
