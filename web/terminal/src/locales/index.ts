//! Texts in the language chosen: Chinese first, English complete (the compiler sees to that).

import { signal } from '@preact/signals'
import { en } from './en.ts'
import { zh } from './zh-CN.ts'

export type Lang = 'zh-CN' | 'en'
export type Text = keyof typeof zh

const KEY = 'muster.terminal.lang'
const TEXTS: Record<Lang, Record<Text, string>> = { 'zh-CN': zh, en }

export const language = signal<Lang>(globalThis.localStorage?.getItem(KEY) === 'en' ? 'en' : 'zh-CN')

export const lang = (): Lang => language.value

export function choose(next: Lang): void {
  localStorage.setItem(KEY, next)
  language.value = next
  document.documentElement.lang = next
}

/** The text, with `{name}` filled in. */
export function t(text: Text, fill: Record<string, string | number> = {}): string {
  return TEXTS[language.value][text].replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole))
}

/** The text for a code of the node; a code that this build doesn't know is shown as it is. */
export function tCode(prefix: string, code: string): string {
  const text = `${prefix}.${code}`
  return text in zh ? t(text as Text) : code
}
