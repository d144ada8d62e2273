/** The people of a story: each in a browser context of his own, signed in through the page, as on a desk or a phone. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const WAIT_MS = 15_000
const SHEET_OPENS_MS = 400
const LAYOUT_SETTLES_MS = 5_000
const OUT = join(import.meta.dirname, 'out')
/** Pictures of every step go here when it is named; those of a failure always go to `out/`. */
const SHOTS = process.env.SHOTS
/** A ribbon over a desk's page, a band over a phone's, a mark on what is one of several. */
const SAYS_DRILL = '.drillribbon, .drill-band, [data-drill], .badge[data-tone=drill]'
export const DESK = { width: 1920, height: 1080 }
export const PHONE = { width: 390, height: 844 }
/** Chromium's own remarks on rendering in software, and that a private window registers with no push service, are not the pages' errors; a refusal is counted by its answer, not by the browser's line. */
const NOT_OURS = /GL Driver Message|WebGL|swiftshader|GroupMarkerNotSet|GPU stall|status of 4\d\d|Push API in incognito/i
const FLAGS = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--autoplay-policy=no-user-gesture-required',
]

export async function openBrowser(url, demo = true) {
  mkdirSync(SHOTS ?? OUT, { recursive: true })
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  const users = []
  const self = {
    users,
    /** Is what is played a drill? Then every screen that is looked at must say so. */
    drill: false,
    async user(account, viewport = DESK, more = []) {
      const phone = viewport.width < 600
      const context = await browser.newContext({
        viewport, locale: 'zh-CN', reducedMotion: 'reduce', timezoneId: 'America/New_York', baseURL: url, acceptDownloads: true, hasTouch: phone,
        permissions: ['clipboard-read', 'clipboard-write', 'geolocation', ...more], geolocation: { longitude: 122.4135, latitude: 36.888 },
      })
      await context.addInitScript(countTones)
      const one = new User(account, context, await context.newPage(), url, () => self.drill, demo)
      users.push(one)
      return one
    },
    /** What no page of anybody may meet: errors, failed or outside requests, answers that the story did not expect. */
    faults: () => users.flatMap((one) => one.faults.map((fault) => `${one.account}: ${fault}`)),
    async shoot(name) {
      await Promise.all(users.map((one) => one.page.screenshot({ path: join(OUT, `${name}-${one.account}.png`) }).catch(() => {})))
    },
    /** Everybody closes his pages: what comes after is not theirs to see. */
    leave: () => Promise.all(users.map((one) => one.context.close())),
    close: () => browser.close(),
  }
  return self
}

/** In the page: counts each tone that is set going, so that a story can say that a screen was heard. */
function countTones() {
  window.tones = 0
  const { start } = AudioScheduledSourceNode.prototype
  AudioScheduledSourceNode.prototype.start = function (...when) {
    if (this.context.state === 'running') window.tones += 1
    return start.apply(this, when)
  }
}

export class User {
  faults = []
  /** Answers of 400 and more that the page is about to get, such as `409 /plans/…/approve`: each is met once. */
  awaited = []
  offline = false
  keys = 0

  constructor(account, context, page, url, isDrill, demo) {
    Object.assign(this, { account, context, page, isDrill, demo })
    page.setDefaultTimeout(WAIT_MS)
    page.on('pageerror', (error) => this.faults.push(`${error.message}\n${error.stack ?? ''}`))
    page.on('console', (message) => {
      if (this.offline || !['error', 'warning'].includes(message.type()) || NOT_OURS.test(message.text())) return
      this.faults.push(`${message.type()}: ${message.text().slice(0, 400)}`)
    })
    page.on('request', (request) => {
      const to = new URL(request.url())
      if (to.origin !== url && !['data:', 'blob:'].includes(to.protocol)) this.faults.push(`asked outside of the node: ${request.url()}`)
    })
    page.on('requestfailed', (request) => {
      // What the page itself gave up (a search overtaken by the next letter, the stream of a page left behind) has not failed.
      const why = request.failure()?.errorText ?? ''
      if (!this.offline && why !== 'net::ERR_ABORTED') this.faults.push(`${why} ${request.method()} ${request.url()}`)
    })
    page.on('response', (response) => {
      if (response.status() < 400) return
      const what = `${response.status()} ${new URL(response.url()).pathname.replace('/api/v1', '')}`
      const at = this.awaited.findIndex((pattern) => pattern.test(what))
      if (at >= 0) this.awaited.splice(at, 1)
      else if (!/^401 \/me$/.test(what)) this.faults.push(what) // before signing in, the page asks who it is
    })
  }

  /** Through the sign-in page: by the demonstration's chip where there is one, else by typing. */
  async signsIn() {
    await this.page.goto('/login')
    const chip = this.page.getByTestId(`demo-${this.account}`)
    if (this.demo) await this.page.getByText('演示账号').waitFor()
    if (await chip.count()) await chip.click()
    else {
      await this.page.locator('input[name=username]').fill(this.account)
      await this.page.locator('input[name=password]').fill('muster-demo')
      await this.page.getByRole('button', { name: '登录', exact: true }).click()
    }
    await this.page.locator('.topbar').waitFor()
    return this
  }
  async signsInOnPhone() {
    await this.page.goto('/terminal/')
    await this.page.locator('input[name=username]').fill(this.account)
    await this.page.locator('input[name=password]').fill('muster-demo')
    await this.page.locator('button[type=submit]').click()
    await this.page.locator('.signin').waitFor({ state: 'detached' })
    return this
  }
  async goes(path) { await this.page.goto(path); await this.find('.bones').first().waitFor({ state: 'detached' }) }
  /** By a link or button of the page, never past it. */
  async follows(name) { await this.page.getByRole('link', { name }).first().click() }
  async presses(...keys) { for (const key of keys) { await this.page.keyboard.press(key); this.keys += 1 } }
  async types(text) { for (const key of text) await this.presses(key) }
  /** Chinese words through an input method: as many keystrokes as their pinyin and one to choose. */
  async typesWords(words, pinyin) { await this.page.keyboard.insertText(words); this.keys += pinyin.length + 1 }
  async pastes(text) {
    await this.page.evaluate((words) => navigator.clipboard.writeText(words), text)
    await this.page.keyboard.press('Control+V')
  }
  text(words) { return this.page.getByText(words).first() }
  async sees(...all) { for (const words of all) await this.text(words).waitFor() }
  async seesNot(words) { await this.text(words).waitFor({ state: 'hidden' }) }
  /** When these words stood on the screen, by the page's own clock. */
  sawAt(words) {
    return inTime(`"${words}" on the screen`, this.page.evaluate((wanted) => new Promise((seen) => {
      const look = () => document.body.innerText.includes(wanted) && requestAnimationFrame(() => seen(Date.now()))
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
      look()
    }), words))
  }
  /** Makes something happen elsewhere, and sees to it that this page is heard because of it. */
  async isRungBy(act) {
    const before = await this.page.evaluate(() => window.tones)
    await act()
    await until(`${this.account} is rung`, () => this.page.evaluate((count) => window.tones > count, before))
  }
  /** Nothing but this part of the page is on the screen: it is what a finger meets at every corner and in the middle. */
  async isCoveredBy(selector) {
    const others = () => this.page.evaluate((part) => {
      const { innerWidth: width, innerHeight: height } = window
      return [[1, 1], [width - 2, 1], [1, height - 2], [width - 2, height - 2], [width / 2, height / 2]].filter(([x, y]) => !document.elementFromPoint(x, y)?.closest(part))
    }, selector)
    await until(`${selector} covers the screen of ${this.account}`, async () => (await others()).length === 0)
  }
  /** Presses, and says when the page had the press. */
  async pressesAt(testId) {
    await this.page.evaluate(() => document.addEventListener('click', () => { window.pressedAt = Date.now() }, { capture: true, once: true }))
    await this.page.getByTestId(testId).first().click()
    return this.page.evaluate(() => window.pressedAt)
  }
  button(name, within = this.page) { return within.getByRole('button', { name }).first() }
  find(selector) { return this.page.locator(selector) }
  order(force) { return this.page.locator('[data-order]').filter({ has: this.page.getByText(force, { exact: true }) }).first() }
  line(words) { return this.page.locator('.linked li').filter({ hasText: words }).first() }

  get drawer() { return this.page.locator('.ant-drawer') }
  /** Opens the form of an act by its button. */
  async opens(act, within = this.page) { await within.getByTestId(`act-${act}`).first().click() }
  /** Opens the form of an act by its key, with nothing else holding the keyboard. */
  async opensByKey(key) {
    await this.page.evaluate(() => document.activeElement?.blur?.())
    await this.presses(key)
    await this.page.getByTestId('act-submit').waitFor()
  }
  field(label) { return this.page.locator('.ant-drawer-body').getByLabel(label, { exact: false }).first() }
  async fills(fields) { for (const [label, words] of Object.entries(fields)) await this.field(label).fill(words) }
  async chooses(text) { await this.drawer.getByRole('radio', { name: text }).click() }
  /** One of a long list, found by typing. */
  async picks(label, words) {
    await this.field(label).click()
    await this.page.keyboard.type(words)
    await this.page.locator('.ant-select-dropdown .ant-select-item-option-active').filter({ hasText: words }).waitFor()
    await this.page.keyboard.press('Enter')
  }
  /** Sends the open form, and waits until it is answered. */
  async submits() {
    await this.page.getByTestId('act-submit').click()
    await this.page.getByTestId('act-submit').waitFor({ state: 'detached' })
  }
  /** The node refuses the open form: the page says by which clause, and what may lawfully be done instead. */
  async isRefused(pattern) {
    this.awaited.push(pattern)
    await this.page.getByTestId('act-submit').click()
    const refusal = this.drawer.locator('.refusal')
    await refusal.waitFor()
    return { text: await refusal.innerText(), instead: await refusal.getByRole('button').allInnerTexts() }
  }
  async closes() {
    await this.page.locator('.ant-drawer-close').click()
    await this.drawer.first().waitFor({ state: 'detached' })
  }
  /** The place of a call by its letters. */
  async typesPlace(letters) {
    await this.types(letters)
    await this.presses('Enter')
    await this.find('[data-name=hazard] [tabindex="0"]:focus').waitFor()
  }
  /** A call by its place, given as `where` does it, the hazard and the grade; gives the incident's id. */
  async takesCallAt(where, hazard, grade) {
    await this.goes('/desk/brigade/new')
    await this.find('[data-name=hazard] button').first().waitFor()
    await where()
    await this.find(`[data-name=hazard] button`).filter({ hasText: hazard }).first().click()
    await this.find(`[data-name=grade] button`).filter({ hasText: grade }).first().click()
    await this.page.getByTestId('take-call').click()
    await this.page.waitForURL(/\/desk\/brigade\/01/)
    const incident = new URL(this.page.url()).pathname.split('/').at(-1)
    await this.find('.incidenthead').waitFor()
    await this.opensByKey('v')
    await this.submits()
    await this.find('.incidenthead').getByText('已核实').waitFor()
    return incident
  }
  /** A plan of just these forces, from the proposal's page, submitted. */
  async plansFor(...forces) {
    await this.presses('p')
    await this.submitsOnly(...forces)
  }
  /** On the proposal's page: only these forces, submitted. */
  async submitsOnly(...forces) {
    await this.find('#add-force').waitFor()
    for (const force of await this.find('.tasks li b').allInnerTexts()) {
      if (!forces.includes(force)) await this.button(`去掉${force}`).click()
    }
    for (const force of forces) {
      if (await this.find('.tasks').getByText(force, { exact: true }).count()) continue
      await this.find('#add-force').click()
      await this.page.keyboard.type(force)
      await this.page.keyboard.press('Enter')
      await this.find('.tasks').getByText(force, { exact: true }).waitFor()
    }
    await this.button(/^提交方案/).click()
    await this.page.waitForURL(/\/desk\/(brigade|post)\//)
  }
  async does(act, within) { await this.opens(act, within); await this.submits() }
  /** What the node answers this user, past the page: to look, never to act. */
  async reads(path) {
    return this.page.evaluate(async (address) => {
      const token = sessionStorage.getItem('muster.token')
      const response = await fetch(`/api/v1${address}`, { headers: token ? { authorization: `Bearer ${token}` } : {} })
      return response.json()
    }, path)
  }
  async downloads(press) {
    const [file] = await Promise.all([this.page.waitForEvent('download'), press()])
    return { name: file.suggestedFilename(), path: await file.path() }
  }
  /** A picture for who looks at the pages; and no page is wider than its screen. */
  async shows(name) {
    const { width } = this.page.viewportSize()
    // While a list opens, it is measured far outside of the screen: what counts is what stays.
    await until(`${this.account}, ${name}: the page is no wider than its screen of ${width} px`, async () => (await this.page.evaluate(() => document.documentElement.scrollWidth)) <= width, LAYOUT_SETTLES_MS)
    if (this.isDrill()) await until(`${this.account}, ${name}: the screen says that it is a drill`, async () => (await this.find(SAYS_DRILL).count()) > 0)
    if (SHOTS && (await this.drawer.count())) await this.page.waitForTimeout(SHEET_OPENS_MS)
    if (SHOTS) await this.page.screenshot({ path: join(SHOTS, `${name}-${this.account}-${width}.png`), animations: 'disabled' })
  }
}

const inTime = (what, promise) => Promise.race([promise, new Promise((_, fail) => setTimeout(fail, WAIT_MS, new Error(`not in ${WAIT_MS} ms: ${what}`)).unref())])

export async function until(what, check, limit_ms = WAIT_MS) {
  const end = Date.now() + limit_ms
  for (;;) {
    const found = await check()
    if (found) return found
    if (Date.now() > end) throw new Error(`not in ${limit_ms} ms: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
