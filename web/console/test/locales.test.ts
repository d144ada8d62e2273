import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ACT_NAMES } from '../src/acts/names.ts'
import { CATALOGUES, setLang, t, tCode } from '../src/locales/index.ts'
import { notesOf } from '../src/api/queries.ts'
import { durationText, formalTimeText, lastClockTime, timeText } from '../src/locales/format.ts'

const { 'zh-CN': zh, en } = CATALOGUES
const SOURCE = join(import.meta.dirname, '../src')
const source = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith('locales/zh-CN') && !name.startsWith('locales/en')).map((name) => readFileSync(join(SOURCE, name), 'utf8')).join('\n')

describe('the catalogues', () => {
  it('say the same things in both languages, with the same blanks to fill', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
    const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()
    for (const [key, text] of Object.entries(zh)) {
      const other = en[key as keyof typeof en]
      expect(text.trim(), key).not.toBe('')
      expect(other.trim(), key).not.toBe('')
      expect(blanks(other), key).toEqual(blanks(text))
    }
  })

  it('have a name and a word of success for every act', () => {
    for (const act of ACT_NAMES) {
      expect(zh).toHaveProperty([`act.${act}`])
      expect(zh).toHaveProperty([`act.${act}.done`])
    }
  })

  it('hold no text that nobody says', () => {
    const literals = new Set([...source.matchAll(/['"`]([a-z_0-9]+(?:\.[a-z_0-9]+)*)['"`]/g)].map((found) => found[1]))
    const prefixes = [...source.matchAll(/`([a-z_]+(?:\.[a-z_]+)*\.)\$\{/g)].map((found) => found[1] ?? '').concat([...source.matchAll(/tCode\('([a-z_.]+)'/g)].map((found) => `${found[1]}.`))
    const unused = Object.keys(zh).filter((key) => !literals.has(key) && !prefixes.some((prefix) => prefix !== '' && key.startsWith(prefix)))
    expect(unused).toEqual([])
  })

  it('show a code that this page does not know as the code', () => {
    expect(tCode('order.step', 'acknowledged')).toBe('已接令')
    expect(tCode('order.step', 'teleported')).toBe('teleported')
    expect(t('board.failed', { n: 2 })).toBe('须处置 2')
  })
})

describe('times as the administration writes them', () => {
  const now = Date.parse('2026-11-24T08:03:21+08:00')
  it('are those of the jurisdiction, wherever the desk PC thinks it is', () => {
    expect(timeText('2026-11-24T00:03:21Z', now)).toBe('08:03')
    expect(timeText('2026-11-23T15:59:00Z', now)).toBe('11月23日 23:59')
    expect(formalTimeText('2026-11-24T00:03:21Z')).toBe('2026年11月24日08时03分')
    expect(durationText(247)).toBe('4分07秒')
    expect(durationText(3900)).toBe('1小时05分')
  })
  it('typed as four digits are the last such moment', () => {
    expect(lastClockTime('0801', now)).toBe('2026-11-24T08:01:00+08:00')
    expect(lastClockTime('8:01', now)).toBe('2026-11-24T08:01:00+08:00')
    expect(lastClockTime('2350', now)).toBe('2026-11-23T23:50:00+08:00')
    expect(lastClockTime('2460', now)).toBeUndefined()
    expect(lastClockTime('', now)).toBeUndefined()
  })
  it('are English for who reads English', () => {
    setLang('en')
    expect(formalTimeText('2026-11-24T00:03:21Z')).toBe('24 Nov 2026, 08:03')
    expect(t('act.take_call')).toBe('Take the call')
    setLang('zh-CN')
  })
})

describe('the map', () => {
  it('names whose data it shows and what is only approximate, in the words of the jurisdiction', () => {
    const toml = readFileSync(join(import.meta.dirname, '../../../data/rongcheng/map/attribution.toml'), 'utf8')
    expect(notesOf(toml, 'zh')).toMatchObject({ approximate: expect.stringContaining('示意') as string, attribution: expect.stringContaining('GSHHG') as string })
    expect(notesOf(toml, 'en').attribution).toContain('GeoNames (CC BY 4.0)')
  })
})
