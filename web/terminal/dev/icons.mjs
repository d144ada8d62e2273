//! Draws the icons for phones that take no SVG, from the SVG files. Run by hand after a change of those; the PNGs are committed.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const at = (name) => fileURLToPath(new URL(`../public/${name}`, import.meta.url))
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [from, size] of [['icon.svg', 192], ['icon-maskable.svg', 180], ['icon-maskable.svg', 512]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${readFileSync(at(from), 'utf8')}`)
  await page.screenshot({ path: at(`icon-${size}.png`), omitBackground: true })
  await page.close()
}
await browser.close()
