//! Pictures of every face, from the built page against the fake node. `node dev/shots.mjs OUT [name…]`

import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { preview } from 'vite'

const out = process.argv[2] ?? 'shots'
const only = process.argv.slice(3)
mkdirSync(out, { recursive: true })

const SIZES = { phone: { width: 390, height: 844 }, small: { width: 360, height: 640 }, wide: { width: 1920, height: 1080 } }
const tap = (name) => (page) => page.getByRole('button', { name }).first().click({ timeout: 3_000 })
const SHOTS = [
  ['sign-in', null, []],
  ['calm', 'calm', []],
  ['stand-by', 'stand-by', []],
  ['stand-by-answered', 'stand-by', [tap('确认待命')]],
  ['order', 'order', []],
  ['order-late', 'order-late', []],
  ['order-whole', 'order', [], { full: true }],
  ['drill', 'drill', []],
  ['acknowledge', 'order', [tap('确认出动')]],
  ['decline', 'order', [tap('不能出动')]],
  ['acknowledged', 'acknowledged', []],
  ['departed', 'departed', []],
  ['deployed', 'deployed', []],
  ['deployed-whole', 'deployed', [], { full: true }],
  ['progress', 'deployed', [tap('报告进展'), tap('火势已控制')]],
  ['late', 'acknowledged', [tap('补记时间')]],
  ['released', 'released', []],
  ['return', 'released', [tap('归队登记'), tap('+ 泡沫液')]],
  ['cancelled', 'cancelled', [(page) => page.goto(page.url().replace(/#.*$/, '#order/order-0031'))]],
  ['two', 'two', []],
  ['two-list', 'two', [tap('返回')]],
  ['withdrawal', 'withdrawal', []],
  ['withdrawal-missing', 'withdrawal', [tap('有人未撤出')]],
  ['withdrawal-drill', 'withdrawal-drill', []],
  ['past', 'past', [tap('历史')]],
  ['phone', 'calm', [tap('本机')], { full: true }],
  ['offline', 'departed', [async (page) => page.context().setOffline(true), tap('已到场'), (page) => page.waitForTimeout(1_700)]],
  ['refused', 'departed', [(page) => page.evaluate(() => fetch('/dev/fault/%7B%22refuse%22:true%7D')), tap('已到场'), (page) => page.waitForTimeout(900)]],
  ['english', 'order', [], { lang: 'en' }],
  ['english-deployed', 'deployed', [], { lang: 'en' }],
  ['dark', 'deployed', [], { dark: true }],
  ['dark-list', 'two', [tap('返回')], { dark: true }],
]

const server = await preview({ root: fileURLToPath(new URL('..', import.meta.url)), mode: 'play', preview: { port: 4179, strictPort: false }, logLevel: 'error' })
const base = server.resolvedUrls?.local[0] ?? 'http://localhost:4179/terminal/'
const origin = new URL(base).origin
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
let bad = 0
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const [name, scene, steps, more = {}] of SHOTS) {
    if (only.length > 0 && !only.includes(name) && !only.includes(`${name}-${size}`)) continue
    const context = await browser.newContext({
      viewport, deviceScaleFactor: size === 'wide' ? 1 : 1.5, hasTouch: size !== 'wide', colorScheme: more.dark ? 'dark' : 'light', serviceWorkers: 'block', locale: 'zh-CN',
      geolocation: { longitude: 122.4217, latitude: 36.8893, accuracy: 12 }, permissions: ['geolocation'],
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => {
      bad += 1
      console.error(`${name} ${size}: ${error.message}`)
    })
    await fetch(`${origin}/dev/scene/${scene ?? 'calm'}`)
    if (scene !== null) {
      const { token, me } = await (await fetch(`${origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'force-001', password: 'muster-demo' }) })).json()
      await context.addInitScript(([session, lang]) => {
        localStorage.setItem('muster.terminal.session', session)
        if (lang) localStorage.setItem('muster.terminal.lang', lang)
      }, [JSON.stringify({ token, me }), more.lang ?? ''])
    }
    await page.goto(base)
    await page.waitForTimeout(450)
    for (const step of steps) {
      try {
        await step(page)
      } catch (error) {
        bad += 1
        console.error(`${name} ${size}: ${error.message.split('\n')[0]}`)
      }
      await page.waitForTimeout(250)
    }
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (sideways > 0) {
      bad += 1
      console.error(`${name} ${size}: ${sideways} px wider than the screen`)
    }
    const small = await page.evaluate(() => [...document.querySelectorAll('button, a, input:not(.unseen), textarea')].filter((key) => key.getClientRects().length > 0 && key.getBoundingClientRect().height < 55.5).map((key) => `${key.textContent || key.getAttribute('aria-label')} ${Math.round(key.getBoundingClientRect().height)}`))
    if (small.length > 0) {
      bad += 1
      console.error(`${name} ${size}: keys below 56 px: ${small.join(', ')}`)
    }
    await page.screenshot({ path: `${out}/${name}-${size}.png`, fullPage: more.full === true })
    await context.close()
  }
}
await browser.close()
server.httpServer.closeAllConnections() // streams stay open by nature
await server.close()
if (bad > 0) process.exitCode = 1
