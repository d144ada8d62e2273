//! What a force needs on the way, in the order in which it is needed.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { t, tCode } from './locales/index.ts'
import type { Queued } from './queue.ts'
import { api } from './sync.ts'
import { clockTime } from './time.ts'
import type { Order, Place, Reported } from './types.ts'
import { Icon } from './ui/icon.tsx'
import { Call, Key } from './ui/ui.tsx'

export function Facts({ order }: { order: Order }) {
  const { arrangements: given } = order
  return (
    <>
      <section class="facts">
        <Fact name={t('order.assembly')} strong>
          {given.assembly_point.text}
          <Whereto place={given.assembly_point} />
        </Fact>
        <Fact name={t('order.report_to')} strong>
          {given.report_to.position}
          {given.report_to.phone && <Call who={given.report_to.position} phone={given.report_to.phone} />}
        </Fact>
        <Fact name={t('order.channel')} strong>
          {given.radio_channel ?? ''}
          {order.force?.call_sign && <small>{t('order.call_sign')} {order.force.call_sign}</small>}
        </Fact>
        <Fact name={t('order.protection')} strong>
          {given.protection}
        </Fact>
        <Fact name={t('order.wind')}>{given.wind}</Fact>
        <Fact name={t('order.substance')}>{order.substance}</Fact>
        <Fact name={t('order.bring')}>{given.bring}</Fact>
        <Fact name={t('order.plates')}>
          {given.plates && given.plates.length > 0 && (
            <span class="plates">
              {given.plates.map((plate) => (
                <b key={plate}>{plate}</b>
              ))}
            </span>
          )}
        </Fact>
        <Fact name={t('order.note')}>{given.note}</Fact>
        <Fact name={t('order.place')}>
          {order.place.text}
          {order.place.quality === 'town_seat' && <small>{t('order.approximate')}</small>}
          <Whereto place={order.place} />
        </Fact>
      </section>
      <section class="facts">
        <Fact name={t('order.contacts')}>
          {order.contacts.length > 0 &&
            order.contacts.map(({ position, phone }) => (
              <span class="contact" key={position}>
                {position}
                {phone && <Call who={position} phone={phone} />}
              </span>
            ))}
        </Fact>
        <Fact name={t('order.basis')}>{tCode('order.basis', order.basis)}</Fact>
        <Fact name={t('order.issued_by')}>
          {order.issued_by} {clockTime(order.issued_at)}
          <small>
            {t('order.no', { number: order.number })} · {t('order.incident', { number: order.incident_number })}
          </small>
        </Fact>
      </section>
    </>
  )
}

/** A line with its name; nothing when there is nothing to say. */
function Fact({ name, strong, children }: { name: string; strong?: boolean; children: ComponentChildren }) {
  if (children === null || children === undefined || children === false || children === '') return null
  return (
    <div class={strong ? 'fact strong' : 'fact'}>
      <h3>{name}</h3>
      <div>{children}</div>
    </div>
  )
}

/** Ways to a point: the phone's own map app, and a navigation app (given WGS-84, it converts by itself). */
function Whereto({ place }: { place: Place }) {
  if (!place.point) return null
  const [lon, lat] = place.point
  const name = encodeURIComponent(place.text)
  return (
    <span class="whereto">
      <a class="call" href={`geo:${lat},${lon}?q=${lat},${lon}(${name})`} aria-label={`${t('order.map')} ${place.text}`}>
        <Icon name="pin" />
        <span>{t('order.map')}</span>
      </a>
      <a class="call" href={`https://uri.amap.com/navigation?to=${lon},${lat},${name}&mode=car&coordinate=wgs84&callnative=1`} target="_blank" rel="noopener noreferrer" aria-label={`${t('order.navigate')} ${place.text}`}>
        <Icon name="arrow" />
        <span>{t('order.navigate')}</span>
      </a>
    </span>
  )
}

/** What this force has reported; own reports that are still on the phone stand among them. */
export function Progress({ order, waiting }: { order: Order; waiting: Queued[] }) {
  const own = waiting.filter((act) => act.act === 'report_progress')
  if (order.progress.length + own.length === 0) return null
  return (
    <section class="progress">
      <h2>{t('order.progress')}</h2>
      <ul>
        {own.map((act) => (
          <li key={act.key}>
            <time>{clockTime(act.occurred_at)}</time>
            <p>{String(act.body['text'])}</p>
            {act.photos.length > 0 && <small>{t('order.photos', { n: act.photos.length })}</small>}
            {act.photos.some((photo) => photo.refused) && <small class="bad">{t('queue.photo_refused', { n: act.photos.filter((photo) => photo.refused).length })}</small>}
            <em>{t(act.state === 'sent' ? 'queue.done' : 'queue.waiting', { time: '' })}</em>
          </li>
        ))}
        {[...order.progress].sort((a, b) => b.reported.at.localeCompare(a.reported.at)).map((report) => (
          <li key={`${report.reported.recorded_at}${report.text}`}>
            <time>{clockTime(report.reported.at)}</time>
            <p>{report.text}</p>
            <Behalf reported={report.reported} />
            {report.files.map((file, index) => (
              <PhotoView key={file} id={file} label={`${t('order.photo')} ${index + 1}`} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Behalf({ reported }: { reported: Reported }) {
  if (!reported.through) return null
  return <small>{t('order.behalf', { by: reported.by, through: tCode('through', reported.through) })}</small>
}

/** A picture is fetched when asked for: on a poor link it would hold up what matters. */
function PhotoView({ id, label }: { id: string; label: string }) {
  const [address, setAddress] = useState<string | null>(null)
  const [lost, setLost] = useState(false)
  async function open() {
    const file = await api.file(id)
    setLost(!file)
    if (file) setAddress(URL.createObjectURL(file))
  }
  if (address) return <img class="photo" src={address} alt={label} onLoad={() => URL.revokeObjectURL(address)} />
  return (
    <button type="button" class="pill" onClick={() => void open()}>
      <Icon name="camera" />
      {lost ? t('order.photo_lost') : label}
    </button>
  )
}

export function ReturnFormView({ form }: { form: NonNullable<Order['return_form']> }) {
  return (
    <section class="facts">
      <Fact name={t('order.return_form')}>
        {form.worked_min ? t('return.hours_value', { h: Math.round(form.worked_min / 6) / 10 }) : null}
        {form.consumables.map((line) => (
          <span class="contact" key={line.name}>
            {line.name} {line.quantity} {line.unit}
          </span>
        ))}
        {form.confirmed_by && <small>{t('return.confirmed_by')}：{form.confirmed_by}</small>}
      </Fact>
    </section>
  )
}

/** One line to read out on the telephone. */
export function ReadOut({ text, drill }: { text: string; drill: boolean }) {
  const [copied, setCopied] = useState(false)
  const words = drill && !text.includes(t('drill')) ? `【${t('drill')}】${text}` : text
  const canSpeak = 'speechSynthesis' in globalThis
  return (
    <section class="read-out">
      <h2>{t('order.read_out')}</h2>
      <p>{words}</p>
      <div class="pair">
        {navigator.clipboard && (
          <Key icon="copy" onPress={() => void navigator.clipboard.writeText(words).then(() => setCopied(true), () => setCopied(false))}>
            {t(copied ? 'order.copied' : 'order.copy')}
          </Key>
        )}
        {canSpeak && (
          <Key
            icon="speak"
            onPress={() => {
              const spoken = new SpeechSynthesisUtterance(words)
              spoken.lang = 'zh-CN'
              speechSynthesis.cancel()
              speechSynthesis.speak(spoken)
            }}
          >
            {t('order.speak')}
          </Key>
        )}
      </div>
    </section>
  )
}
