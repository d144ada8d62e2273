//! A walk through a day without a network, in a real browser with the real service worker, against the fake node: the page opens
//! offline, shows what it knew with its age, keeps taps and a photo, and sends each once when the network is back. Fails loudly.

import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { preview } from 'vite'

const server = await preview({ root: fileURLToPath(new URL('..', import.meta.url)), mode: 'play', preview: { port: 4181, strictPort: false }, logLevel: 'error' })
const base = server.resolvedUrls?.local[0] ?? 'http://localhost:4181/terminal/'
const origin = new URL(base).origin
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
const dev = async (path) => (await fetch(`${origin}/dev/${path}`)).text()
const done = async () => JSON.parse(await dev('done'))
const key = (page, name) => page.getByRole('button', { name, exact: true })
try {
  await dev('scene/order')
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN' })
  const page = await context.newPage()
  const errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (line) => line.type() === 'error' && /Content Security|Refused to/.test(line.text()) && errors.push(line.text()))

  await page.goto(base)
  await page.getByLabel('账号').fill('force-001')
  await page.getByLabel('密码').fill('muster-demo')
  await key(page, '登录').click()
  await page.getByText('新出动指令').first().waitFor()
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.waitForTimeout(500)
  assert.deepEqual((await done()).map(({ path }) => path), ['/orders/order-0031/receive'], 'the order shown is reported as received')

  await context.setOffline(true)
  await page.reload()
  await page.getByText('石岛油库 3 号罐区').first().waitFor()
  await key(page, '静音').click()
  assert.match(await page.locator('.line').first().innerText(), /数据截至 \d\d:\d\d:\d\d/, 'offline, the age of the picture is shown')
  await key(page, '确认出动').click()
  await page.getByRole('dialog').getByRole('button', { name: '减少出动人数' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '确认出动' }).click()
  await page.getByText('已保存，待发送').first().waitFor()
  await page.waitForTimeout(300)
  await key(page, '已出动').click()
  await page.waitForTimeout(1_700)
  await key(page, '报告进展').click()
  const picture = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3000, 2000)
    canvas.getContext('2d').fillRect(0, 0, 1500, 1000)
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())]
  })
  await page.locator('input[type=file]').setInputFiles({ name: 'big.png', mimeType: 'image/png', buffer: Buffer.from(picture) })
  await page.locator('.photos img').waitFor()
  await page.getByRole('button', { name: '人员安全' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '报告', exact: true }).click()
  await page.waitForTimeout(400)
  await page.reload() // the page is closed and opened again, still without a network
  await page.getByText('出动途中').first().waitFor()
  assert.equal((await done()).length, 1, 'nothing has left the phone')

  await context.setOffline(false)
  await page.getByText('已送达').first().waitFor({ timeout: 20_000 }).catch(async (error) => {
    console.error(await page.innerText('body'), await done(), errors)
    throw error
  })
  await page.waitForFunction(() => !document.body.innerText.includes('待发送'), undefined, { timeout: 20_000 })
  const acts = await done()
  assert.deepEqual(acts.map(({ path }) => path.split('/').at(-1)), ['receive', 'acknowledge', 'depart', 'progress'], 'each tap arrived once, in order')
  assert.equal(acts[1].body.strength, 11)
  assert.equal(acts[3].body.files.length, 1)
  assert.ok(Date.parse(acts[1].body.occurred_at) < Date.parse(acts[2].body.occurred_at), 'with the times of the taps')

  await dev('play/drill-second')
  await page.getByText('演练').first().waitFor({ timeout: 10_000 })
  assert.ok(await page.getByText('俚岛镇峨石山隧道东口').first().isVisible(), 'a second order fills the screen at once')
  const cached = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))).flat())
  assert.ok(cached.length >= 8 && cached.every((path) => path.startsWith('/terminal/')), 'the worker keeps the built files and nothing of the API')
  assert.deepEqual(errors, [])
  console.log(`walked: ${acts.length} acts, each once; ${cached.length} files kept by the worker`)
} finally {
  await browser.close()
  server.httpServer.closeAllConnections() // streams stay open by nature
  await server.close()
}
