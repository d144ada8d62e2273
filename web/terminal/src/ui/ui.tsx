//! Parts that know nothing of incidents: keys, forms that lie over a view, steppers, chips.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../locales/index.ts'
import { Icon, type IconName } from './icon.tsx'
import { Unsaved, useSave } from './save.tsx'

export type Tone = 'alarm' | 'way' | 'scene' | 'plain' | 'quiet'

/** A large key. What can't be done is shown with its reason, not hidden (`off`: the reason stands beside the key). */
export function Key(props: { tone?: Tone; big?: boolean; icon?: IconName; onPress: () => void; refused?: string | undefined; off?: boolean; busy?: boolean; children: ComponentChildren }) {
  const off = props.refused !== undefined || props.off === true || props.busy === true
  return (
    <button type="button" class={`key tone-${props.tone ?? 'plain'}${props.big ? ' big' : ''}`} disabled={off} onClick={props.onPress}>
      <span class="key-word">
        {props.icon && <Icon name={props.icon} />}
        {props.children}
      </span>
      {props.refused !== undefined && <small>{props.refused}</small>}
    </button>
  )
}

/** What a form does with its large key: writes what was filled in; it closes only once that is written. */
export interface Sends {
  word: string
  icon: IconName
  refused?: string | undefined
  write: () => Promise<void>
}

/** A form over the view. Takes the focus, closes with Escape, gives the focus back. Without `sends`, its key only closes it. */
export function SheetFrame(props: { title: string; tone?: Tone; drill?: boolean; onClose: () => void; children: ComponentChildren; sends?: Sends }) {
  const { busy, failed, save } = useSave()
  const { sends } = props
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    frame.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <div class="sheet-back">
      <div
        class={`sheet${props.drill ? ' drill' : ''}`}
        role="dialog"
        aria-modal="true"
        aria-label={props.title}
        tabIndex={-1}
        ref={frame}
        onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
      >
        {props.drill && <DrillBand />}
        <header class={`sheet-head tone-${props.tone ?? 'plain'}`}>
          <h2>{props.title}</h2>
          <button type="button" class="round" aria-label={t('close')} onClick={props.onClose}>
            <Icon name="cross" />
          </button>
        </header>
        <div class="sheet-body">{props.children}</div>
        <footer class="sheet-foot">
          <Unsaved why={failed} />
          {sends ? (
            <Key big tone={props.tone ?? 'plain'} icon={sends.icon} busy={busy} refused={sends.refused} onPress={() => save(sends.write, props.onClose)}>
              {sends.word}
            </Key>
          ) : (
            <Key onPress={props.onClose}>{t('close')}</Key>
          )}
        </footer>
      </div>
    </div>
  )
}

/** A number changed by large keys; `step` may be a fraction, `show` says how it is written. */
export function Stepper(props: { label: string; value: number; min: number; max: number; step?: number; show?: (value: number) => string; onChange: (value: number) => void }) {
  const step = props.step ?? 1
  const to = (value: number) => props.onChange(Math.min(props.max, Math.max(props.min, value)))
  return (
    <div class="stepper" role="group" aria-label={props.label}>
      <button type="button" aria-label={t('less', { what: props.label })} disabled={props.value <= props.min} onClick={() => to(props.value - step)}>
        <Icon name="minus" />
      </button>
      <output aria-live="polite">{(props.show ?? String)(props.value)}</output>
      <button type="button" aria-label={t('more', { what: props.label })} disabled={props.value >= props.max} onClick={() => to(props.value + step)}>
        <Icon name="plus" />
      </button>
    </div>
  )
}

/** One of several, as large chips. */
export function Chips<T extends string | number>(props: { label: string; options: { value: T; text: string }[]; value: T | null; onChange: (value: T) => void }) {
  return (
    <div class="chips" role="radiogroup" aria-label={props.label}>
      {props.options.map(({ value, text }) => (
        <button type="button" role="radio" class="chip" aria-checked={props.value === value} onClick={() => props.onChange(value)} key={value}>
          {text}
        </button>
      ))}
    </div>
  )
}

export function Switch(props: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <button type="button" role="switch" class="switch" aria-checked={props.on} onClick={() => props.onChange(!props.on)}>
      <span>{props.label}</span>
      <i aria-hidden="true" />
    </button>
  )
}

/** Stands over everything that belongs to a drill. */
export function DrillBand() {
  return <div class="drill-band">{t('drill.band')}</div>
}

/** A telephone number as a large key. */
export function Call({ who, phone }: { who: string; phone: string }) {
  return (
    <a class="call" href={`tel:${phone.replace(/[^\d+*#,;]/g, '')}`} aria-label={`${t('order.call_who', { who })} ${phone}`}>
      <Icon name="phone" />
      <span>{phone}</span>
    </a>
  )
}
