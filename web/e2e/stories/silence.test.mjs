/** Nobody answers (Plan 4.1.2, 4.1.4): what is missed shows by itself, goes to the next in turn, and the next force is one press away. */
import assert from 'node:assert/strict'
import { story } from '../story.mjs'
import { DESK, PHONE } from '../users.mjs'

const { step } = story('silence')
const who = {}
let incident
/** In the emergency state an order is to be answered within 30 s, a plan within 60 s; each step of the ladder takes as long again. */
const LADDER_MS = 130_000
const orderRow = () => who.dispatcher.order('石岛站')

step('Plan 4.2.3: the shift leader declares the emergency state, which shortens every limit', async ({ browser }) => {
  const comes = async (account, viewport = DESK) => (await browser.user(account, viewport)).signsIn();
  [who.dispatcher, who.shiftLeader, who.deputy] = await Promise.all([comes('dispatcher'), comes('shift-leader'), comes('deputy', PHONE)])
  const { shiftLeader } = who
  await shiftLeader.goes('/readiness')
  await shiftLeader.opens('change_readiness')
  await shiftLeader.drawer.getByRole('radio').last().click()
  await shiftLeader.fills({ 理由: '台风红色预警' })
  await shiftLeader.submits()
  await shiftLeader.find('.readiness[data-state=emergency]').waitFor()
})

step('Plan 4.1.4: an order that nobody acknowledges is quiet until its limit, then first on the board', async () => {
  const { dispatcher } = who
  incident = await dispatcher.takesCallAt(() => dispatcher.typesPlace('sdyk'), '危化', '2')
  await dispatcher.opensByKey('f')
  for (const station of ['石岛站', '崖头站']) await dispatcher.drawer.locator('.picklist li').filter({ hasText: station }).locator('input[type=checkbox]').first().check()
  await dispatcher.submits()
  await orderRow().waitFor()
  assert.equal(await dispatcher.find('[data-order][data-failed]').count(), 0, 'quiet until it matters')
  await dispatcher.order('崖头站').locator('button.line').click()
  await dispatcher.opensByKey('1')
  await dispatcher.submits()
  await dispatcher.plansFor('公交运输队')
  await dispatcher.page.locator('[data-order][data-failed]').filter({ hasText: '石岛站' }).waitFor({ timeout: LADDER_MS })
  assert.match(await dispatcher.find('[data-order]').first().innerText(), /石岛站/, 'failures come first')
  await dispatcher.shows('50-overdue')
})

step('Plan 4.1.4: a plan without an answer goes to the deputy, who is rung and agrees', async () => {
  const { dispatcher, deputy } = who
  const key = deputy.find('[data-testid=act-approve_plan]').first()
  await key.waitFor()
  assert.equal(await key.getAttribute('aria-disabled'), 'true', 'it is not his turn yet')
  await deputy.find('[data-testid=act-approve_plan]:not([aria-disabled])').first().waitFor({ timeout: LADDER_MS })
  await deputy.shows('51-deputy')
  await deputy.does('approve_plan')
  await dispatcher.order('公交运输队').waitFor()
  const { plans } = await dispatcher.reads(`/incidents/${incident}`)
  assert.match(plans[0].approval.officer, /备岗/)
})

step('Plan 4.1.4: after the last contact the next-best force is offered, and one press takes it up', async () => {
  const { dispatcher, shiftLeader } = who
  const instead = orderRow().getByText(/^改派/).first()
  await instead.waitFor({ timeout: LADDER_MS })
  await dispatcher.shows('52-next-force')
  const force = (await instead.innerText()).replace('改派', '').trim()
  await instead.click()
  await dispatcher.find('.tasks').getByText(force, { exact: true }).waitFor()
  await dispatcher.submitsOnly(force)
  await shiftLeader.goes('/desk/bureau')
  await shiftLeader.page.getByTestId('act-approve_plan').first().waitFor()
  await shiftLeader.does('approve_plan')
  await dispatcher.order(force).waitFor()
})
