/** A drill (演练) is played through the same pages, and every screen, text and paper of it says so. */
import assert from 'node:assert/strict'
import { wordsOf } from '../docx.mjs'
import { story } from '../story.mjs'
import { DESK, PHONE, until } from '../users.mjs'

const { step } = story('drill')
const who = {}
let incident

/** What a person sees of a drill says so: in a ribbon over a desk's page, in a band over a phone's. */
async function saysDrill(user, name) {
  await until(`${user.account} sees that it is a drill`, async () => (await user.page.locator('.drillribbon, .drill-band').count()) > 0)
  assert.match(await user.page.evaluate(() => document.body.innerText), /演练/)
  await user.shows(name)
}

step('Plan 4.2.3: a call is taken as a drill', async ({ browser }) => {
  const comes = async (account, viewport = DESK) => (await browser.user(account, viewport)).signsIn();
  [who.dispatcher, who.shiftLeader, who.station, who.depot] = await Promise.all([
    comes('dispatcher'), comes('shift-leader', PHONE), ...['force-002', 'force-069'].map(async (force) => (await browser.user(force, PHONE)).signsInOnPhone()),
  ])
  const { dispatcher } = who
  await dispatcher.presses('n')
  await dispatcher.find('[data-name=hazard] button').first().waitFor()
  await dispatcher.types('sdyk')
  await dispatcher.presses('Enter', 'h', '2')
  await dispatcher.text('来源、报警人、演练、粘贴接警单').click()
  await dispatcher.page.getByLabel('演练警情').check()
  await dispatcher.page.getByTestId('take-call').click()
  await dispatcher.page.waitForURL(/\/desk\/brigade\/01/)
  incident = new URL(dispatcher.page.url()).pathname.split('/').at(-1)
  await saysDrill(dispatcher, '30-taken')
  await dispatcher.opensByKey('v')
  await dispatcher.submits()
})

step('Plan 4.2.3: orders, plan, approval and terminals of a drill all say so', async () => {
  const { dispatcher, shiftLeader, station, depot } = who
  await dispatcher.opensByKey('f')
  await dispatcher.drawer.locator('.picklist li').filter({ hasText: '石岛站' }).locator('input[type=checkbox]').first().check()
  await dispatcher.drawer.locator('.badge[data-tone=drill]').first().waitFor()
  await dispatcher.submits()
  await station.sees('新出动指令')
  await saysDrill(station, '31-order')
  await dispatcher.presses('p')
  await dispatcher.find('.slot').first().waitFor()
  await saysDrill(dispatcher, '31-proposal')
  for (const force of await dispatcher.find('.tasks li b').allInnerTexts()) {
    if (force !== '油库专职队') await dispatcher.button(`去掉${force}`).click()
  }
  if ((await dispatcher.find('.tasks li').count()) === 0) {
    await dispatcher.find('#add-force').click()
    await dispatcher.page.keyboard.type('油库专职队')
    await dispatcher.page.keyboard.press('Enter')
  }
  await dispatcher.button(/^提交方案/).click()
  await dispatcher.page.waitForURL(/\/desk\/brigade\//)
  await shiftLeader.page.getByTestId('act-approve_plan').first().waitFor()
  await saysDrill(shiftLeader, '31-approve')
  await shiftLeader.does('approve_plan')
  await depot.sees('新出动指令')
  await saysDrill(depot, '31-depot')
})

step('Plan 4.2.3: every page of the incident, its short text and its papers say that it is a drill', async () => {
  const { dispatcher } = who
  for (const tab of ['', '/board', '/command', '/information', '/timeline', '/documents', '/review']) {
    await dispatcher.goes(`/incidents/${incident}${tab}`)
    await saysDrill(dispatcher, `32-page${tab.replace('/', '-')}`)
  }
  await dispatcher.goes('/wall')
  await saysDrill(dispatcher, '32-wall')
  await dispatcher.goes(`/incidents/${incident}/information`)
  await dispatcher.button('复制短文本').click()
  await until('the short text says so', () => dispatcher.page.evaluate(() => navigator.clipboard.readText().then((text) => text.includes('演练'))))
  await dispatcher.goes(`/incidents/${incident}/documents`)
  for (const name of ['调用方案', '出动指令', '战评总结']) {
    const { path } = await dispatcher.downloads(() => dispatcher.page.getByRole('row', { name }).first().getByRole('button', { name: '下载' }).click())
    assert.match(wordsOf(path), /演练/, name)
  }
})

step('the journal of the drill is whole, and keeps the plan’s rules', async ({ node, browser }) => {
  await browser.leave()
  await node.stop()
  const [clean, told] = node.verify('--rules')
  assert.ok(clean, told)
})
