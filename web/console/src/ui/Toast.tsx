import { createContext, useCallback, useContext, useState, type ReactNode } from 'react'

interface Toast { id: number; text: ReactNode; tone: 'good' | 'bad' }
const Say = createContext<(text: ReactNode, tone?: 'good' | 'bad') => void>(() => {})
const SHOWN_MS = 4_000

/** One line, for a moment, about what has just been done. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const say = useCallback((text: ReactNode, tone: 'good' | 'bad' = 'good') => {
    const id = Date.now() + Math.random()
    setToasts((now) => [...now.slice(-2), { id, text, tone }])
    setTimeout(() => setToasts((now) => now.filter((toast) => toast.id !== id)), SHOWN_MS)
  }, [])
  return (
    <Say.Provider value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">{toasts.map((toast) => <div key={toast.id} className="toast" data-tone={toast.tone}>{toast.text}</div>)}</div>
    </Say.Provider>
  )
}
export const useToast = () => useContext(Say)
