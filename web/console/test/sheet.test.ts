import { describe, expect, it } from 'vitest'
import { sheet } from '../dev/world.ts'
import { placeOfSheet } from '../src/incident/sheet.ts'

describe('the place of a call sheet', () => {
  const nothing = () => Promise.resolve([])
  it('is its position, also where no address was written', async () => {
    const found = { ...sheet('接警单'), place_text: null, point: [122.4205, 36.8862] as [number, number], datum: 'gcj02' as const }
    expect(await placeOfSheet(found, undefined, nothing)).toEqual({ text: '122.4205, 36.8862', point: [122.4205, 36.8862], datum: 'gcj02' })
  })
  it('is its address at that position, and nothing without either', async () => {
    const found = { ...sheet('接警单'), place_text: '石岛油库', point: [122.4205, 36.8862] as [number, number] }
    expect(await placeOfSheet(found, undefined, nothing)).toEqual({ text: '石岛油库', point: [122.4205, 36.8862] })
    expect(await placeOfSheet({ ...found, place_text: ' ', point: null }, undefined, nothing)).toBeUndefined()
  })
})
