/** What was typed into a form and not yet sent. It outlives the form: Escape, a stray press or a lost session cost no words. */
import { createContext, useContext, useEffect, useRef, useState, type Dispatch, type SetStateAction } from 'react'

const drafts = new Map<string, Map<string, unknown>>()

/** The form that the fields under it belong to. */
export const DraftOf = createContext('')
/** Whose form, for which act, on what. */
export const draftName = (account: string, act: string, ...about: (string | number | undefined)[]) => [account, act, ...about].join(' ')

/** A state that is kept until its form has been sent; what nobody changed starts anew each time. */
export function useDraft<T>(name: string, initial: () => T, of?: string): [T, Dispatch<SetStateAction<T>>] {
  const around = useContext(DraftOf)
  const form = of ?? around
  const [value, set] = useState<T>(() => (drafts.get(form)?.has(name) ? (drafts.get(form)?.get(name) as T) : initial()))
  const first = useRef(value)
  useEffect(() => {
    if (value === first.current) return
    drafts.set(form, (drafts.get(form) ?? new Map<string, unknown>()).set(name, value))
  }, [form, name, value])
  return [value, set]
}

export const hasDraft = (form: string) => drafts.has(form)
/** It has been sent. */
export const forgetDraft = (form: string) => void drafts.delete(form)
/** Signed out: the next one finds empty forms. */
export const forgetDrafts = () => drafts.clear()
