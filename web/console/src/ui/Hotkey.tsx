/** Keys of the page: registered by what is on the screen, listed on `?`, silent while someone types. */
import { Modal } from 'antd'
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { Kbd } from './Kbd.tsx'
import { useWords } from './words.tsx'

interface Binding { key: string; label: ReactNode; group?: string; press: () => void }
interface Registry { add(binding: { current: Binding }): () => void }

const Keys = createContext<Registry | null>(null)

export function HotkeyProvider({ children, footer }: { children: ReactNode; footer?: ReactNode }) {
  const bindings = useRef(new Set<{ current: Binding }>())
  const [help, setHelp] = useState(false)
  const words = useWords()
  const registry = useMemo<Registry>(() => ({
    add(binding) {
      bindings.current.add(binding)
      return () => void bindings.current.delete(binding)
    },
  }), [])

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (isTyping(event.target) || isItsOwn(event) || document.querySelector(COVERED)) return
      if (event.key === '?') {
        event.preventDefault()
        setHelp(true)
        return
      }
      // The last one registered is the nearest to the user: an open drawer goes before the desk under it.
      const found = [...bindings.current].reverse().find((binding) => matches(binding.current.key, event))
      if (!found) return
      event.preventDefault()
      found.current.press()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])

  const known = help ? distinct([...bindings.current].map((binding) => binding.current)) : []
  return (
    <Keys.Provider value={registry}>
      {children}
      <Modal open={help} onCancel={() => setHelp(false)} footer={footer ?? null} title={words.keys} width={760}>
        <ul className="keys">
          {known.map((binding) => <li key={binding.key}><Kbd>{keyName(binding.key)}</Kbd><span>{binding.label}</span></li>)}
        </ul>
      </Modal>
    </Keys.Provider>
  )
}

/** While the component is shown, this key does this. */
export function useHotkey(key: string | undefined, label: ReactNode, press: () => void, enabled = true) {
  const registry = useContext(Keys)
  const binding = useRef<Binding>({ key: key ?? '', label, press })
  useEffect(() => { binding.current = { key: key ?? '', label, press } })
  useEffect(() => {
    if (!enabled || !key || !registry) return
    return registry.add(binding)
  }, [registry, enabled, key])
}

const KEY_NAMES: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Enter: '⏎', Escape: 'Esc', ' ': '␣' }
export const keyName = (key: string) => KEY_NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key)

function matches(key: string, event: KeyboardEvent): boolean {
  return key.length === 1 ? event.key.toLowerCase() === key.toLowerCase() : event.key === key
}
/** A form or list over the page has the keyboard for itself. */
const COVERED = '.ant-drawer-open, .ant-modal-wrap:not([style*="display: none"])'
/** Enter and space on a focused button or link press it, and nothing else. */
function isItsOwn(event: KeyboardEvent): boolean {
  return (event.key === 'Enter' || event.key === ' ') && event.target instanceof Element && event.target.closest('button, a, summary') !== null
}
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName) || target.getAttribute('role') === 'radio')
}
function distinct(bindings: Binding[]): Binding[] {
  const seen = new Map<string, Binding>()
  for (const binding of bindings) seen.set(binding.key, binding)
  return [...seen.values()]
}
