import { t } from '../locales/index.ts'

/** What a channel or a gateway said, in its own words: for whoever asks the operator about it. */
export function AsItCame({ words }: { words: string | null | undefined }) {
  if (!words) return null
  return <details className="small muted"><summary>{t('told.as_it_came')}</summary><span translate="no">{words}</span></details>
}
