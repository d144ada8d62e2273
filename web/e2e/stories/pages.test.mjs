/** Every page of every desk, and of a force's phone, opens, empty of incidents, without an error and without being wider than its screen. */
import assert from 'node:assert/strict'
import { story } from '../story.mjs'
import { DESK, PHONE } from '../users.mjs'

const { step } = story('pages')
const BRIGADE = ['/desk/brigade', '/desk/brigade/new', '/incidents', '/forces', '/duty', '/readiness', '/hand-over/brigade', '/wall']
const BUREAU = ['/desk/bureau', '/desk/bureau/incidents', '/desk/bureau/reports', '/desk/bureau/readiness', '/hand-over/bureau']
const GOVT = ['/desk/govt', '/desk/govt/reports', '/desk/govt/instructions', '/desk/govt/deadlines']
const PAGES = {
  dispatcher: BRIGADE,
  commander: BRIGADE,
  bureau: BUREAU,
  'shift-leader': BUREAU,
  deputy: BUREAU,
  govt: [...GOVT, '/hand-over/govt'],
  leader: GOVT,
  post: ['/desk/post'],
  'dept-gongan': ['/desk/dept', '/desk/dept/tasks', '/desk/dept/forces', '/desk/dept/incidents'],
  'town-gangwan': ['/desk/town', '/desk/town/incidents', '/desk/town/tasks'],
}
const FORCE = 'force-001'
/** The views of a phone, with a word that stands on each once it has been read. */
const VIEWS = { now: '值守中', past: '还没有完成的任务', phone: '能不能响铃', 'order/none': '这条指令已不在本机' }

for (const viewport of [DESK, PHONE]) {
  for (const [account, pages] of Object.entries(PAGES)) {
    step(`every page of ${account} opens at ${viewport.width} px`, async ({ browser }) => {
      const user = await (await browser.user(account, viewport)).signsIn()
      for (const path of pages) {
        await user.goes(path)
        await user.find('main, .wall > header').first().waitFor()
        assert.equal(await user.find('.face[data-tone="bad"]').count(), 0, `${path} failed`)
        await user.shows(`00${path.replaceAll('/', '-')}`)
      }
      await user.context.close()
    })
  }
  step(`every view of a force's phone opens at ${viewport.width} px`, async ({ browser }) => {
    const force = await (await browser.user(FORCE, viewport)).signsInOnPhone()
    for (const [view, words] of Object.entries(VIEWS)) {
      await force.goes(`/terminal/#${view}`)
      await force.sees(words)
      await force.shows(`00-terminal-${view.replace('/', '-')}`)
    }
    await force.context.close()
  })
}
