/** One call, a hundred answers (Plan 4.2.2): orders leave by SMS, answers come back from any number, wrong numbers are corrected, silence turns red. */
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { bare, codeOf, openGateway, pushSettings } from '../gateway.mjs'
import { story } from '../story.mjs'
import { DESK, PHONE, until } from '../users.mjs'

const gateway = await openGateway()
after(() => gateway.close())
const { step, stage } = story('messages', () => gateway.settings + pushSettings())
const who = {}
let incident

const [ANSWERS, WRONG, SILENT, OWN] = ['石岛站', '成山站', '崖头站', '经开区站']
/** The officers of these stations, as the register has them. */
const CAPTAIN = { [ANSWERS]: '102-0000-0305', [WRONG]: '102-0000-0308', [SILENT]: '102-0000-0302', [OWN]: '102-0000-0311' }
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
  gateway.knowsNot(CAPTAIN[OWN])
  gateway.holds()
})

step('Plan 4.2.2: an order leaves by SMS with its short code; the page says that it waits for the gateway', async () => {
  const { dispatcher } = who
  incident = await dispatcher.takesCallAt(() => dispatcher.typesPlace('sdyk'), '危化', '2')
  await dispatcher.opensByKey('f')
  for (const station of [ANSWERS, WRONG, SILENT, OWN]) await dispatcher.drawer.locator('.picklist li').filter({ hasText: station }).locator('input[type=checkbox]').first().check()
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
  await card(dispatcher, WRONG).getByText('号码或地址错误：网关答复 404 空号').waitFor()
  await card(dispatcher, WRONG).getByText('副站长').waitFor()
  await gateway.messageTo(SECOND[WRONG])
  await shows(dispatcher, '63-wrong-number', card(dispatcher, WRONG))
  await bureau.goes('/forces')
  await bureau.sees('联系方式待更正', WRONG)
  await bureau.shows('63-correction')
  await bureau.find('.lines li').filter({ hasText: WRONG }).getByRole('button', { name: '更正' }).click()
  await bureau.opens('set_contacts')
  const phones = bureau.drawer.getByLabel('电话', { exact: true })
  assert.equal(await phones.nth(1).inputValue(), CAPTAIN[WRONG])
  await phones.nth(1).fill('102-0000-0888')
  await bureau.shows('64-mending')
  await bureau.submits()
  await until('what was mended is owed no more', async () => (await bureau.reads('/channels')).corrections.every((one) => one.of.name !== WRONG))
  await bureau.closes()
  await bureau.find('.lines li').filter({ hasText: WRONG }).waitFor({ state: 'detached' })
})

step('Plan 4.2.1: a force sees on its own phone what is wrong with its contacts, mends it and sets who is called first', async ({ browser, node }) => {
  const { bureau } = who
  node.lets('force-004')
  const phone = who.phone = await (await browser.user('force-004', PHONE, ['notifications'])).signsInOnPhone()
  await phone.button('确认出动').click()
  await phone.button('确认出动', phone.page.getByRole('dialog')).click()
  await phone.find('.keys').getByText('已出动').first().waitFor()
  await phone.page.evaluate(() => { location.hash = '#phone' })
  await phone.find('[data-correction]').getByText('网关答复 404 空号').waitFor()
  await shows(phone, '66-own-contacts', phone.find('[data-contacts]'))
  await phone.button('更正联系方式').click()
  const numbers = phone.page.getByLabel('电话', { exact: true })
  assert.equal(await numbers.nth(1).inputValue(), CAPTAIN[OWN])
  await numbers.nth(1).fill('102-0000-0999')
  await phone.button('往前', phone.find('.person').nth(1)).click()
  await shows(phone, '66-own-mending', numbers.first())
  await phone.button('保存联系方式').click()
  await phone.find('[data-correction]').waitFor({ state: 'detached' })
  assert.match(await phone.find('.people li').first().innerText(), /站长.*102-0000-0999/s)
  await until('the bureau is owed nothing any more', async () => (await bureau.reads('/channels')).corrections.length === 0)
})

step('Plan 4.2.2: a phone asks for messages by a key; where no push service is reached it says so, and what comes is shown', async () => {
  const { phone } = who
  await phone.find('[data-push=off]').waitFor()
  await phone.button('允许推送').click()
  await phone.sees('连不上浏览器的推送服务')
  await shows(phone, '67-push', phone.find('[data-push]'))
  // The service is not there; what it would bring is given to the page's worker as the browser does.
  await phone.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
  const worker = await phone.context.newCDPSession(phone.page)
  const registered = new Promise((found) => worker.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { const one = registrations.find((each) => each.scopeURL.endsWith('/terminal/')); if (one) found(one.registrationId) }))
  await worker.send('ServiceWorker.enable')
  const data = JSON.stringify({ id: 'm1', title: '出动指令', text: '石岛油库。接令回复1 1000', urgent: true })
  await worker.send('ServiceWorker.deliverPushMessage', { origin: stage.node.url, registrationId: await registered, data })
  const notices = () => phone.page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })))
  await until('the message is shown', async () => (await notices()).length > 0)
  assert.deepEqual(await notices(), [{ title: '出动指令', body: '石岛油库。接令回复1 1000', tag: 'm1' }])
})

step('Plan 4.2.2: nobody answers: the next person, then red and first on the list, for somebody to telephone', async () => {
  const { dispatcher } = who
  await gateway.messageTo(SECOND[SILENT], NOBODY_MS)
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
