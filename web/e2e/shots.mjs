/** Pictures of every page at a desk's and a phone's size: node shots.mjs BASE OUT [NAME...] */
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [base, out, ...only] = process.argv.slice(2)
mkdirSync(out, { recursive: true })
const PAGES = [
  ['login', null, '/login'], ['brigade', 'dispatcher', '/desk/brigade'], ['intake', 'dispatcher', '/desk/brigade/new'], ['proposal', 'dispatcher', '/incidents/incident-1/proposal'],
  ['first', 'dispatcher', '/desk/brigade/incident-1?do=order_first_response&in=incident-1'], ['phone', 'dispatcher', '/desk/brigade/incident-1?do=record_telephone_approval&in=incident-1&on=plan-2'],
  ['bureau', 'bureau', '/desk/bureau'], ['bureau-incident', 'bureau', '/desk/bureau/incidents'], ['approve', 'shift-leader', '/desk/bureau?do=approve_plan&in=incident-1&on=plan-2'], ['govt', 'govt', '/desk/govt'], ['govt-incident', 'leader', '/desk/govt/incidents'],
  ['dept', 'dept-weijian', '/desk/dept'], ['town', 'town-gangwan', '/desk/town'], ['post', 'post', '/desk/post'], ['drill', 'dispatcher', '/desk/brigade/incident-3'], ['wall', 'dispatcher', '/wall'],
  ...['overview', 'board', 'map', 'command', 'information', 'timeline', 'documents', 'review'].map((tab) => [`incident-${tab}`, 'dispatcher', `/incidents/incident-1/${tab === 'overview' ? '' : tab}`]),
  ['forces', 'dispatcher', '/forces'], ['duty', 'dispatcher', '/duty'], ['readiness', 'bureau', '/readiness'], ['handover', 'dispatcher', '/hand-over/brigade'],
]
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--use-gl=swiftshader', '--enable-unsafe-swiftshader'] })
const errors = []
for (const [size, viewport] of [['desk', { width: 1920, height: 1080 }], ['phone', { width: 390, height: 844 }]]) {
  for (const [name, account, path] of PAGES) {
    if (only.length > 0 && !only.includes(name) && !only.includes(`${name}-${size}`)) continue
    const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
    const page = await context.newPage()
    page.on('pageerror', (error) => errors.push(`${name}/${size}: ${error.message}`))
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') errors.push(`${name}/${size}: ${message.text().slice(0, 300)}`) })
    if (account) await context.addInitScript((token) => sessionStorage.setItem('muster.token', token), account)
    await page.goto(base + path, { waitUntil: 'load' })
    await page.waitForTimeout(path.includes('do=') ? 1800 : 1500)
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > viewport.width) errors.push(`${name}/${size}: ${wide}px wide`)
    await page.screenshot({ path: `${out}/${name}-${size}.png`, fullPage: height < 4000 && size === 'phone' })
    await context.close()
  }
}
await browser.close()
console.log([...new Set(errors)].join('\n') || 'no errors')
