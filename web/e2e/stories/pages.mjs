/** Every page of every desk opens, empty of incidents, without an error and without being wider than its screen. */
import { DESK, must, PHONE } from '../users.mjs'

const PAGES = {
  dispatcher: ['/desk/brigade', '/desk/brigade/new', '/incidents', '/forces', '/duty', '/readiness', '/hand-over/brigade', '/wall'],
  commander: ['/desk/brigade'], bureau: ['/desk/bureau', '/desk/bureau/incidents', '/desk/bureau/reports', '/desk/bureau/readiness', '/hand-over/bureau'], 'shift-leader': ['/desk/bureau'], deputy: ['/desk/bureau'],
  govt: ['/desk/govt', '/desk/govt/reports', '/desk/govt/instructions', '/desk/govt/deadlines', '/hand-over/govt'], leader: ['/desk/govt/incidents'], post: ['/desk/post'],
  'dept-gongan': ['/desk/dept', '/desk/dept/tasks', '/desk/dept/forces', '/desk/dept/incidents'], 'town-gangwan': ['/desk/town', '/desk/town/incidents', '/desk/town/tasks'],
}

export async function tell({ browser, step }) {
  for (const viewport of [DESK, PHONE]) {
    for (const [account, pages] of Object.entries(PAGES)) {
      step(`${account} at ${viewport.width} px`)
      const user = await (await browser.user(account, viewport)).signsIn()
      for (const path of pages) {
        await user.goes(path)
        await user.find('main, .wall > header').first().waitFor()
        await user.find('.bones').first().waitFor({ state: 'detached' })
        must(await user.find('.face[data-tone="bad"]').count() === 0, `${path} failed: ${await user.find('.face[data-tone="bad"]').first().textContent().catch(() => '')}`)
        const width = await user.page.evaluate(() => document.documentElement.scrollWidth)
        must(width <= viewport.width, `${path} is ${width} px wide on a screen of ${viewport.width} px`)
      }
      await user.context.close()
    }
  }
}
