/** Every page of every desk opens, empty of incidents, without an error and without being wider than its screen. */
import assert from 'node:assert/strict'
import { story } from '../story.mjs'
import { DESK, PHONE } from '../users.mjs'

const { step } = story('pages')
const PAGES = {
  dispatcher: ['/desk/brigade', '/desk/brigade/new', '/incidents', '/forces', '/duty', '/readiness', '/hand-over/brigade', '/wall'],
  bureau: ['/desk/bureau', '/desk/bureau/incidents', '/desk/bureau/reports', '/desk/bureau/readiness', '/hand-over/bureau'],
  govt: ['/desk/govt', '/desk/govt/reports', '/desk/govt/instructions', '/desk/govt/deadlines', '/hand-over/govt'],
  post: ['/desk/post'],
  'dept-gongan': ['/desk/dept', '/desk/dept/tasks', '/desk/dept/forces', '/desk/dept/incidents'],
  'town-gangwan': ['/desk/town', '/desk/town/incidents', '/desk/town/tasks'],
}

for (const viewport of [DESK, PHONE]) {
  step(`every page opens at ${viewport.width} px`, async ({ browser }) => {
    for (const [account, pages] of Object.entries(PAGES)) {
      const user = await (await browser.user(account, viewport)).signsIn()
      for (const path of pages) {
        await user.goes(path)
        await user.find('main, .wall > header').first().waitFor()
        assert.equal(await user.find('.face[data-tone="bad"]').count(), 0, `${path} failed`)
        await user.shows(`00${path.replaceAll('/', '-')}`)
      }
      await user.context.close()
    }
  })
}
