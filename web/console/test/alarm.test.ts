import { afterEach, describe, expect, it, vi } from 'vitest'
import { alarm } from '../src/desk/alarm.ts'

describe('what is heard', () => {
  afterEach(() => { vi.unstubAllGlobals() })

  it('can be heard from the first press or key on the page, without a sound button', async () => {
    const resume = vi.fn()
    class Sounding {
      state = 'suspended'
      resume() { resume(); this.state = 'running'; return Promise.resolve() }
    }
    vi.stubGlobal('AudioContext', Sounding)
    const stop = alarm.unlockOnTouch()
    expect(alarm.blocked()).toBe(true)
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'n' }))
    await new Promise((done) => setTimeout(done))
    expect(alarm.blocked()).toBe(false)
    window.dispatchEvent(new Event('pointerup'))
    expect(resume).toHaveBeenCalledTimes(1) // it has been heard: nothing is asked again
    stop()
  })
})
