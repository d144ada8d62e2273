/** From a pasted call sheet to the fields of the form; where the place was found by its words, that is said. */
import { placeOf } from '../acts/index.ts'
import type { CallSheet, Hit, PlaceInput, Reference } from '../api/index.ts'

/** Place names are no longer than this; a longer text is an address around one. */
const NAME_CHARS_MAX = 12
const NAME_CHARS_MIN = 2

type Search = (text: string) => Promise<Hit[]>

/** The place of a sheet: its own position, else the longest known name in its words, else its town. */
export async function placeOfSheet(sheet: CallSheet, reference: Reference | undefined, search: Search): Promise<PlaceInput | undefined> {
  const text = sheet.place_text?.trim()
  if (sheet.point) return { text: text || sheet.point.join(', '), point: sheet.point, ...(sheet.datum && { datum: sheet.datum }) }
  if (!text) return undefined
  const town = reference?.towns.find((one) => text.includes(one.name))
  const tail = town ? text.slice(text.indexOf(town.name) + town.name.length) : text
  for (let length = Math.min(tail.length, NAME_CHARS_MAX); length >= NAME_CHARS_MIN; length--) {
    const name = tail.slice(0, length)
    const hit = (await search(name)).find((one) => one.name === name || one.detail === name)
    if (hit) return { ...placeOf(hit), text }
  }
  return town ? { text, town: town.code } : { text }
}
