/** Texts by key, in the language of the session; a key that doesn't exist does not compile. */
import { session, type Lang } from '../api/session.ts'
import { en } from './en.ts'
import { zh } from './zh-CN.ts'

export type TextKey = keyof typeof zh
export const CATALOGUES: Record<Lang, Record<TextKey, string>> = { 'zh-CN': zh, en }

let lang: Lang = session.lang()
export const currentLang = () => lang
export function setLang(next: Lang) {
  lang = next
  session.setLang(next)
  document.documentElement.lang = next
}

/** The text, with `{name}` filled from `values`. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const text: string = CATALOGUES[lang][key]
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text
}

/** For codes that the node may know and this page not yet: the text, else the code itself. */
export function tCode(prefix: string, code: string | null | undefined): string {
  if (!code) return ''
  const key = `${prefix}.${code}`
  return key in zh ? t(key as TextKey) : code
}
