//! What was tapped and has not arrived, and what the node refused, in its own words.

import { t } from './locales/index.ts'
import { isToRead, type Queued } from './queue.ts'
import { acts, dismiss, sendNow } from './sync.ts'
import { clockTime } from './time.ts'
import { Icon } from './ui/icon.tsx'
import { Key } from './ui/ui.tsx'

/** Refusals, of one order or of all, of acts and of photos, until they are read. */
export function Refusals({ lane }: { lane?: string }) {
  const refused = acts.value.filter((act) => isToRead(act) && (lane === undefined || act.lane === lane || act.lane.endsWith(`/${lane}`)))
  return (
    <>
      {refused.map((act) => (
        <Refused key={act.n} act={act} />
      ))}
    </>
  )
}

function Refused({ act }: { act: Queued }) {
  const photos = act.state === 'partly' ? act.photos.filter((photo) => photo.refused) : []
  const problem = photos[0]?.refused ?? act.refusal
  return (
    <section class="refused" role="alert">
      <h2>
        <Icon name="warn" />
        {photos.length > 0 ? t('queue.photo_refused', { n: photos.length }) : t('refused.title', { act: t(`act.${act.act}`) })}
      </h2>
      <p>{problem?.detail}</p>
      {problem?.errors?.map((error) => (
        <p key={error.pointer}>{error.detail}</p>
      ))}
      {problem?.clause && <p class="clause">{t('refused.clause', { clause: problem.clause })}</p>}
      {problem?.instead && problem.instead.length > 0 && (
        <p>
          {t('refused.instead')}：{problem.instead.map(({ text }) => text).join('；')}
        </p>
      )}
      <p class="card-foot">
        {act.about.drill ? `【${t('drill')}】` : ''}
        {act.about.place ?? act.about.incident_number} · {clockTime(act.occurred_at, true)} · {t('refused.call')}
      </p>
      <Key onPress={() => dismiss(act.n)}>{t('refused.read')}</Key>
    </section>
  )
}

/** The list on the phone's page. */
export function Outbox() {
  const waiting = acts.value.filter((act) => act.state === 'waiting' && !act.automatic)
  return (
    <section class="panel">
      <h2>{t('queue.title')}</h2>
      <Refusals />
      {waiting.length === 0 ? (
        <p>{t('queue.empty')}</p>
      ) : (
        <>
          <ul class="waiting">
            {waiting.map((act) => (
              <li key={act.n}>
                <b>
                  {act.about.drill ? `【${t('drill')}】` : ''}
                  {t(`act.${act.act}`)} {clockTime(act.occurred_at)}
                </b>
                <span>
                  {act.about.place ?? act.about.incident_number}
                  {act.photos.length > 0 ? ` · ${t('order.photos', { n: act.photos.length })}` : ''}
                </span>
                <em>{t('queue.waiting')}</em>
              </li>
            ))}
          </ul>
          <Key onPress={sendNow}>{t('queue.now')}</Key>
        </>
      )}
    </section>
  )
}
