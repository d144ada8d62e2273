import { QueryClientProvider } from '@tanstack/react-query'
import { ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/index.ts'
import { App } from './desk/App.tsx'
import { UI_WORDS } from './desk/words.ts'
import { currentLang } from './locales/index.ts'
import { ToastProvider, UiWordsProvider } from './ui/index.ts'
import './ui/tokens.css'
import './ui/ui.css'
import './desk/desk.css'

const cache = createQueryClient()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
document.documentElement.lang = currentLang()

createRoot(root).render(
  <StrictMode>
    <ConfigProvider
      locale={currentLang() === 'en' ? enUS : zhCN}
      theme={{
        token: { colorPrimary: '#1b5a96', fontFamily: 'var(--font)', fontSize: 13, borderRadius: 5, controlHeight: 32, colorText: '#14202c', colorBorder: '#bcc6d0', motionDurationMid: '0.12s', motionDurationSlow: '0.16s' },
        components: { Tooltip: { colorBgSpotlight: '#15263a' } },
      }}
    >
      <QueryClientProvider client={cache}>
        <UiWordsProvider words={UI_WORDS()}>
          <ToastProvider><App /></ToastProvider>
        </UiWordsProvider>
      </QueryClientProvider>
    </ConfigProvider>
  </StrictMode>,
)
