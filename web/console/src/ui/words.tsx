/** The few words that `ui/` itself says; the application gives them in the language of the session. */
import { createContext, useContext, type ReactNode } from 'react'

export interface UiWords {
  loading: string; failed: string; retry: string; empty: string; over: string; ago: (text: string) => string; justNow: string
  seconds: string; minutes: string; hours: string; days: string; keys: string; close: string; required: string; clearChoice: string; errorText: (error: Error) => string
}
const chinese: UiWords = {
  loading: '正在读取', failed: '没有读到', retry: '重试', empty: '暂无', over: '超', ago: (text) => `${text}前`, justNow: '刚刚',
  seconds: '秒', minutes: '分', hours: '时', days: '天', keys: '快捷键', close: '关闭', required: '必填', clearChoice: '清除', errorText: (error) => error.message,
}
const Words = createContext<UiWords>(chinese)

export function UiWordsProvider({ words, children }: { words: UiWords; children: ReactNode }) {
  return <Words.Provider value={words}>{children}</Words.Provider>
}
export const useWords = () => useContext(Words)
