import { useSyncExternalStore } from 'react'
import { t } from '../locales/index.ts'
import { alarm } from './alarm.ts'

/** Whether the page can be heard; pressing it makes sure, and sounds. */
export function Sound() {
  const blocked = useSyncExternalStore(alarm.subscribe, alarm.blocked)
  return (
    <button type="button" className="sound" data-blocked={blocked || undefined} onClick={() => void alarm.unlock().then(() => alarm.ring('answer'))} title={t(blocked ? 'sound.blocked' : 'sound.on')}>
      {blocked ? t('sound.turn_on') : t('sound.on')}
    </button>
  )
}
