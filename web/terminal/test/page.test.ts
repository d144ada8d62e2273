//! Promises about the page as a whole: its size, its texts, its times.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { judge, sizes, SIZE_MAX_BYTES } from '../scripts/size.mjs'
import { en } from '../src/locales/en.ts'
import { zh } from '../src/locales/zh-CN.ts'
import { clock, clockTime, heardTime, nowMs, olderSeq, setClock, span, stamp, timeToday } from '../src/time.ts'

describe('the size check', () => {
  const dirWith = (bytes: number) => {
    const dir = mkdtempSync(join(tmpdir(), 'size-'))
    if (bytes > 0) writeFileSync(join(dir, 'page.js'), randomBytes(bytes))
    writeFileSync(join(dir, 'picture.png'), randomBytes(90_000))
    return dir
  }
  it('passes a page of 40 KB and refuses one above 60 KB, or none at all', () => {
    expect(judge(sizes(dirWith(40_000))).ok).toBe(true)
    expect(judge(sizes(dirWith(SIZE_MAX_BYTES + 1)))).toMatchObject({ ok: false })
    expect(judge(sizes(dirWith(0))).ok).toBe(false)
  })
})

describe('the texts', () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()
  it('have the same places to fill in both languages', () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(places(en[key]), key).toEqual(places(zh[key]))
  })
  it('are all in the catalogues: no Chinese word stands in a face', () => {
    const below = (dir: string): string[] => readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? below(join(dir, entry.name)) : [join(dir, entry.name)]))
    const faces = below(new URL('../src', import.meta.url).pathname).filter((file) => file.endsWith('.tsx'))
    expect(faces.length).toBeGreaterThan(10)
    for (const file of faces) {
      const words = readFileSync(file, 'utf8').replace(/\/\*\*?[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'中文'/g, '').match(/[\u4e00-\u9fff]+/g)
      expect(words, file).toBeNull()
    }
  })
  it('are all used', () => {
    const below = (dir: string): string[] => readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? below(join(dir, entry.name)) : [join(dir, entry.name)]))
    const code = below(new URL('../src', import.meta.url).pathname).filter((file) => !file.includes('locales')).map((file) => readFileSync(file, 'utf8')).join('\n')
    const made = [...code.matchAll(/t(?:Code)?\([`']([\w.]+?)(?:\.\$\{|',)/g)].map(([, prefix]) => prefix)
    const idle = Object.keys(zh).filter((key) => !code.includes(`'${key}'`) && !code.includes(`"${key}"`) && !made.some((prefix) => key.startsWith(`${prefix}.`)))
    expect(idle).toEqual([])
  })
})

describe('times', () => {
  const kept = clock()
  afterEach(() => setClock(kept))

  it('are stamped by the node’s clock in the jurisdiction’s offset, whatever the phone thinks', () => {
    heardTime(stamp(Date.now() + 7 * 60_000))
    expect(Math.abs(nowMs() - Date.now() - 7 * 60_000)).toBeLessThan(50)
    expect(stamp(0)).toBe('1970-01-01T08:00:00.000+08:00')
    heardTime('2026-11-24T08:00:00-03:30')
    expect(stamp(0)).toBe('1969-12-31T20:30:00.000-03:30')
  })
  it('survive a node that tells no time', () => {
    heardTime('soon')
    expect(clock()).toEqual(kept)
    heardTime(new Date().toISOString()) // UTC: the heartbeat of the node
    expect(clock().offset_min).toBe(kept.offset_min)
  })
  it('show the day only when it is another day', () => {
    const now = Date.now()
    expect(clockTime(now)).toMatch(/^\d\d:\d\d$/)
    expect(clockTime(now - 48 * 3_600_000)).toMatch(/^\d\d-\d\d \d\d:\d\d$/)
  })
  it('count down without going below zero', () => {
    expect([span(165_000), span(3_765_000), span(-1)]).toEqual(['02:45', '1:02:45', '00:00'])
  })
  it('typed at the clock mean the last time it was so late', () => {
    const now = Date.parse('2026-11-24T00:10:00+08:00')
    expect(timeToday('23:50', now)).toBe(Date.parse('2026-11-23T23:50:00+08:00'))
    expect(timeToday('00:05', now)).toBe(Date.parse('2026-11-24T00:05:00+08:00'))
    expect(timeToday('', now)).toBeNull()
  })
  it('of the journal compare within one epoch only', () => {
    expect([olderSeq('1.9', '1.10'), olderSeq('1.10', '1.9'), olderSeq('1.9', '2.1'), olderSeq('', '1.1')]).toEqual([true, false, false, false])
  })
})
