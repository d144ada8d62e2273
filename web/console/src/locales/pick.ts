import { currentLang, t } from './index.ts'

/** The name, in the language of the session, of what the jurisdiction names in two. */
export const named = (thing: { name_zh: string; name_en: string }) => (currentLang() === 'en' ? thing.name_en : thing.name_zh)
export const shortNamed = (thing: { short_zh: string; name_en: string }) => (currentLang() === 'en' ? thing.name_en : thing.short_zh)
export const unitOf = (thing: { unit: string; unit_zh: string }) => (currentLang() === 'en' ? thing.unit : thing.unit_zh)
export const why = (thing: { why_zh: string; why_en: string }) => (currentLang() === 'en' ? thing.why_en : thing.why_zh)
export const sourceOf = (thing: { source_zh: string; source_en: string }) => (currentLang() === 'en' ? thing.source_en : thing.source_zh)

/** Dispatch grades, lowest first (调派等级). */
export const GRADES = [1, 2, 3, 4, 5] as const
export const gradeName = (grade: number) => t('incident.grade.n', { n: grade })
