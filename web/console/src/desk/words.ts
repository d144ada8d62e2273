import { unreadText } from '../locales/errors.ts'
import { t } from '../locales/index.ts'
import type { UiWords } from '../ui/index.ts'

/** What `ui/` says, in the language of the session. */
export const UI_WORDS = (): UiWords => ({
  loading: t('ui.loading'), failed: t('ui.failed'), retry: t('ui.retry'), empty: t('ui.empty'), over: t('ui.over'), ago: (time) => t('ui.ago', { time }), justNow: t('ui.just_now'),
  seconds: t('ui.seconds'), minutes: t('ui.minutes'), hours: t('ui.hours'), days: t('ui.days'), keys: t('ui.keys'), close: t('ui.close'), required: t('ui.required'), clearChoice: t('ui.clear'), errorText: unreadText,
})
