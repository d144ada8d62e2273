/** One call, a hundred answers (Plan 4.2.2): orders leave by SMS, answers come back from any number, wrong numbers are corrected, silence turns red. */
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { bare, codeOf, openGateway } from '../gateway.mjs'
import { story } from '../story.mjs'
import { DESK, PHONE } from '../users.mjs'

const gateway = await openGateway()
after(() => gateway.close())
const { step, stage } = story('messages', () => gateway.settings)
const who = {}
let incident

const [ANSWERS, WRONG, SILENT] = ['石岛站', '成山站', '崖头站']
/** The officers of these stations, as the register has them. */
const CAPTAIN = { [ANSWERS]: '102-0000-0305', [WRONG]: '102-0000-0308', [SILENT]: '102-0000-0302' }
const SECOND = { [WRONG]: '102-0000-0309', [SILENT]: '102-0000-0303' }
/** Two people with half a minute each. */
const NOBODY_MS = 90_000
const card = (user, force) => user.find('[data-notification]').filter({ has: user.page.getByText(force, { exact: true }) }).first()
const both = (look) => Promise.all([who.dispatcher, who.commander].map(look))
/** Scrolls to what is looked at, then the picture. */
async function shows(user, name, what) {
  await what.scrollIntoViewIfNeeded()
  await user.shows(name)
}

step('everybody signs in with a password of his own', async ({ browser, node }) => {
  const comes = async (account, viewport = DESK) => {
    node.lets(account)
    return (await browser.user(account, viewport)).signsIn()
  }
  who.dispatcher = await comes('dispatcher')
  who.commander = await comes('commander', PHONE)
  who.bureau = await comes('bureau')
  gateway.knowsNot(CAPTAIN[WRONG])
  gateway.holds()
})

step('Plan 4.2.2: an order leaves by SMS with its short code; the page says that it waits for the gateway', async () => {
  const { dispatcher } = who
  incident = await dispatcher.takesCallAt(() => dispatcher.typesPlace('sdyk'), '危化', '2')
  await dispatcher.opensByKey('f')
  for (const station of [ANSWERS, WRONG, SILENT]) await dispatcher.drawer.locator('.picklist li').filter({ hasText: station }).locator('input[type=checkbox]').first().check()
  await dispatcher.submits()
  await both((user) => user.goes(`/incidents/${incident}/board`))
  await both((user) => card(user, ANSWERS).getByText('发送中').first().waitFor())
  await both((user) => shows(user, '60-sending', card(user, ANSWERS)))
})

step('Plan 4.2.2: handed over is not delivered, and delivered is no answer', async () => {
  const { dispatcher } = who
  gateway.goesOn()
  await both((user) => card(user, ANSWERS).getByText('已交网关').first().waitFor())
  const message = await gateway.messageTo(CAPTAIN[ANSWERS])
  assert.match(message.text, /^【荣成应急】.*出动指令.*石岛油库/s)
  await card(dispatcher, ANSWERS).getByText(`短码 ${codeOf(message)}`).waitFor()
  await gateway.reports(stage.node, message)
  await both((user) => card(user, ANSWERS).getByText('已送达').first().waitFor())
  await dispatcher.order(ANSWERS).getByText('已下达').first().waitFor()
  await both((user) => shows(user, '61-delivered', card(user, ANSWERS)))
})

step('Plan 4.2.2: a yes by short code from another number takes the order, and the board says so', async () => {
  const { dispatcher } = who
  const message = await gateway.messageTo(CAPTAIN[ANSWERS])
  await gateway.answers(stage.node, '102-0000-0777', `1 ${codeOf(message)}`)
  await dispatcher.order(ANSWERS).locator('button.line').getByText('已接令').waitFor()
  await dispatcher.text('已办结 1 项').click()
  await card(dispatcher, ANSWERS).getByText(bare('102-0000-0777')).waitFor()
  await shows(dispatcher, '62-answered', card(dispatcher, ANSWERS))
  const { orders } = await dispatcher.reads(`/incidents/${incident}`)
  const taken = orders.find((order) => order.force_ref.name === ANSWERS).steps.find((one) => one.step === 'acknowledged')
  assert.match(JSON.stringify(taken), /message/, 'by what means it was told stands on record')
})

step('Plan 4.2.2: a wrong number goes on to the next person at once, and the bureau has it to correct', async () => {
  const { dispatcher, bureau } = who
  await card(dispatcher, WRONG).getByText('号码或地址错误').waitFor()
  await card(dispatcher, WRONG).getByText('副站长').waitFor()
  await gateway.messageTo(SECOND[WRONG])
  await shows(dispatcher, '63-wrong-number', card(dispatcher, WRONG))
  await bureau.goes('/forces')
  await bureau.sees('联系方式待更正', WRONG)
  await bureau.shows('63-correction')
  await bureau.button('更正').click()
  await bureau.opens('set_contacts')
  const phones = bureau.drawer.getByLabel('电话', { exact: true })
  assert.equal(await phones.nth(1).inputValue(), CAPTAIN[WRONG])
  await phones.nth(1).fill('102-0000-0888')
  await bureau.shows('64-mending')
  await bureau.submits()
  await bureau.seesNot('联系方式待更正')
  const { corrections } = await bureau.reads('/channels')
  assert.deepEqual(corrections, [], 'what was mended is owed no more')
})

step('Plan 4.2.2: nobody answers: the next person, then red and first on the list, for somebody to telephone', async () => {
  const { dispatcher } = who
  await gateway.messageTo(SECOND[SILENT])
  await dispatcher.isRungBy(() => dispatcher.page.locator('[data-notification][data-failed]').filter({ hasText: SILENT }).waitFor({ timeout: NOBODY_MS }))
  await card(dispatcher, SILENT).getByText('未联系上').waitFor()
  await both((user) => shows(user, '65-nobody', card(user, SILENT)))
})

step('the journal that the story wrote is whole', async ({ node, browser }) => {
  await browser.leave()
  await node.stop()
  const [clean, told] = node.verify('--rules')
  assert.ok(clean, told)
})
