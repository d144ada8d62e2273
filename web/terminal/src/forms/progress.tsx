//! 「报告进展」: words by chips or typed, photos, and the position when it is known.

import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../locales/index.ts'
import { dropPhoto, takePhoto, type Photo } from '../photo.ts'
import { COARSE_M, currentPoint, fix, noFix } from '../position.ts'
import { setSharePosition, sharePosition } from '../settings.ts'
import { actOn } from '../sync.ts'
import type { Order } from '../types.ts'
import { Icon } from '../ui/icon.tsx'
import { SheetFrame, Switch } from '../ui/ui.tsx'
import { closeSheet } from '../view.ts'

const QUICK = ['progress.quick.1', 'progress.quick.2', 'progress.quick.3', 'progress.quick.4', 'progress.quick.5', 'progress.quick.6'] as const
export const PHOTOS_MAX = 6
const TEXT_MAX = 1_000

export function ProgressForm({ order }: { order: Order }) {
  const [text, setText] = useState('')
  const [photos, setPhotos] = useState<Photo[]>([])
  const [bad, setBad] = useState(false)
  const taken = useRef<Photo[]>([])
  taken.current = photos
  useEffect(() => () => taken.current.forEach(dropPhoto), [])

  const add = (words: string) => setText((before) => (before.includes(words) ? before : before === '' ? words : `${before}；${words}`))

  async function pictures(input: HTMLInputElement) {
    const files = [...(input.files ?? [])].slice(0, PHOTOS_MAX - photos.length)
    input.value = ''
    setBad(false)
    for (const file of files) {
      try {
        const photo = await takePhoto(file)
        setPhotos((before) => [...before, photo])
      } catch {
        setBad(true)
      }
    }
  }

  async function write() {
    const words = text.trim() === '' ? t('progress.photo_text') : text.trim()
    const position = sharePosition.value ? currentPoint() : undefined
    await actOn(order, 'report_progress', { text: words, ...(position ? { position } : {}) }, { photos: photos.map(({ id, bytes }) => ({ id, bytes })) })
  }

  return (
    <SheetFrame
      title={t('progress.title')}
      tone="scene"
      drill={order.drill}
      onClose={closeSheet}
      sends={{ word: t('progress.go'), icon: 'check', refused: text.trim() === '' && photos.length === 0 ? t('progress.words') : undefined, write }}
    >
      <div class="chips">
        {QUICK.map((quick) => (
          <button type="button" class="chip" key={quick} onClick={() => add(t(quick))}>
            {t(quick)}
          </button>
        ))}
      </div>
      <label>
        {t('progress.words')}
        <textarea rows={3} maxLength={TEXT_MAX} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="photos">
        {photos.map((photo, index) => (
          <figure key={photo.id}>
            <img src={photo.preview} alt={`${t('order.photo')} ${index + 1}`} />
            <button
              type="button"
              class="round"
              aria-label={t('progress.photo_remove', { n: index + 1 })}
              onClick={() => {
                dropPhoto(photo)
                setPhotos((before) => before.filter((other) => other !== photo))
              }}
            >
              <Icon name="cross" />
            </button>
          </figure>
        ))}
        {photos.length < PHOTOS_MAX && (
          <label class="take">
            <Icon name="camera" />
            {t('progress.photo')}
            <input type="file" accept="image/*" capture="environment" class="unseen" onChange={(event) => void pictures(event.currentTarget)} />
          </label>
        )}
      </div>
      {bad && (
        <p class="note bad" role="alert">
          {t('progress.photo_bad')}
        </p>
      )}
      <PositionLine />
    </SheetFrame>
  )
}

/** Whether a position goes along, how good it is, or why there is none. */
export function PositionLine() {
  const last = fix.value
  const text = !sharePosition.value
    ? t('position.off')
    : noFix.value
      ? t(`position.${noFix.value}`)
      : !last
        ? t('position.waiting')
        : t(last.accuracy_m <= COARSE_M ? 'position.with' : 'position.coarse', { m: last.accuracy_m })
  return <Switch label={text} on={sharePosition.value && noFix.value === null} onChange={setSharePosition} />
}
