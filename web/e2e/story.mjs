/** Steps of one story in one file, on one node: when a step fails, those after it have nothing to stand on and are skipped. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startNode } from './node.mjs'
import { openBrowser } from './users.mjs'

/** `settings`: of a node in earnest, asked for when the story begins. */
export function story(name, settings) {
  const stage = { node: undefined, browser: undefined }
  let failed = false
  before(async () => {
    stage.node = await startNode(await settings?.())
    stage.browser = await openBrowser(stage.node.url, stage.node.demo)
  })
  after(async () => {
    await stage.browser?.close()
    await stage.node?.stop()
    stage.node?.forget()
  })
  return {
    stage,
    step(title, play) {
      test(title, async (t) => {
        if (failed) return t.skip('an earlier step of the story failed')
        try {
          await play(stage)
          assert.deepEqual(stage.browser.faults(), [], 'no page meets an error')
        } catch (error) {
          failed = true
          await stage.browser?.shoot(name)
          throw error
        }
      })
    },
  }
}
