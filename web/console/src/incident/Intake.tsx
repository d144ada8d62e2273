/**
 * Taking a call (接警): place, kind, grade, trapped, substance, without a mouse and in 25 keystrokes or fewer.
 * A pasted 119 call sheet fills the form; a second call about the same is offered for merging.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { draftName, forgetDraft, hasDraft, PlaceField, Refusal, useActs, useDraft, wholeNumber } from '../acts/index.ts'
import { client, queries, type CallSheet, type CallSource, type IncidentSummary, type PlaceInput, type Point, type Receipt } from '../api/index.ts'
import { placeOfSheet } from './sheet.ts'
import { distanceText } from '../locales/format.ts'
import { t, tCode } from '../locales/index.ts'
import { GRADES, gradeName, shortNamed } from '../locales/pick.ts'
import { Badge, Button, Choice, Field, useToast } from '../ui/index.ts'

const SOURCES: CallSource[] = ['119', '110', '120', '12345', 'department']
/** How long an Enter waits for the place that is still being looked up. */
const ENTER_WAITS_MS = 3_000
/** Anything shorter is a pasted word, not a call sheet. */
const SHEET_MIN_CHARS = 30

interface Draft {
  source: CallSource; caller: string; caller_number: string; recording: string; place: PlaceInput | undefined; hazard: string | undefined; grade: number | undefined
  trapped: number | undefined; substance: string; narrative: string; drill: boolean; received_at?: string
}
const EMPTY: Draft = {
  source: '119', caller: '', caller_number: '', recording: '', place: undefined, hazard: undefined, grade: undefined, trapped: undefined, substance: '', narrative: '', drill: false,
}

interface Props {
  /** A place given on the map while the form is open. */
  pointed?: Point
  onPlace?: (point: Point | undefined) => void
  onTaken: (receipt: Receipt) => void
  onCancel: () => void
}

export function Intake(props: Props) {
  const { me } = useActs()
  const [turn, setTurn] = useState(0)
  const draft = draftName(me.account, 'take_call')
  return <Form key={turn} {...props} kept={draft} onStartAnew={() => { forgetDraft(draft); setTurn(turn + 1) }} />
}

function Form({ pointed, onPlace, onTaken, onCancel, kept, onStartAnew }: Props & { kept: string; onStartAnew: () => void }) {
  const { send } = useActs()
  const say = useToast()
  const reference = useQuery(queries.reference())
  const [draft, setDraft] = useDraft<Draft>('call', () => EMPTY, kept)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const [sheet, setSheet] = useDraft('sheet', () => '', kept)
  const [restored] = useState(() => hasDraft(kept)) // said, lest it be taken for the call that comes in now
  const [read, setRead] = useState<CallSheet>()
  const cache = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const entered = useRef(0)
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }))
  const point = draft.place?.point
  const similar = useQuery({ ...queries.similar(point ?? [0, 0], draft.drill), enabled: !!point })

  useEffect(() => { if (pointed) set({ place: { text: draft.place?.text || t('place.pointed'), point: pointed, datum: 'wgs84' } }) }, [pointed]) // eslint-disable-line react-hooks/exhaustive-deps -- only when the map was pressed
  useEffect(() => onPlace?.(point), [point, onPlace])

  const next = (from: string) => {
    const order = ['place', 'hazard', 'grade', 'trapped', 'substance']
    const name = order[order.indexOf(from) + 1]
    form.current?.querySelector<HTMLElement>(`[data-name="${name}"] [tabindex="0"], input[data-field="${name}"]`)?.focus()
  }
  const take = async (same_as?: IncidentSummary) => {
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      const receipt = await send('take_call', {}, bodyOf(draft, same_as?.id))
      forgetDraft(kept)
      say(same_as ? t('intake.joined', { number: same_as.number }) : t('act.take_call.done'))
      onTaken(receipt)
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)))
    } finally {
      setBusy(false)
    }
  }
  const parse = async (text: string) => {
    try {
      const found = await client.ask<CallSheet>('/call-sheets/parse', { text })
      const place = await placeOfSheet(found, reference.data, (name) => cache.fetchQuery(queries.search(name, 'place,town,village')))
      setDraft((old) => ({ ...old, ...fieldsOf(found), ...(place && { place }) }))
      setRead(found)
      setSheet('')
      say(t('intake.sheet.filled'))
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)))
    }
  }
  const pasted = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text')
    if (text.length < SHEET_MIN_CHARS || !/[\n:：]/.test(text)) return
    event.preventDefault()
    void parse(text)
  }
  const enterTakes = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      if (!lacking) void take()
      else entered.current = Date.now()
    }
  }
  const hazards = (reference.data?.hazards ?? []).map((hazard, i) => ({ value: hazard.code, label: shortNamed(hazard), hotkey: hazard.letter || String(i + 1) }))
  const grades = GRADES.map((grade) => ({ value: grade, label: gradeName(grade), hotkey: String(grade) }))
  const datumUnknown = !!draft.place?.point && !draft.place.datum
  const lacking = !draft.place ? t('intake.place.missing') : datumUnknown ? t('intake.datum.missing') : undefined
  useEffect(() => {
    if (lacking || Date.now() - entered.current > ENTER_WAITS_MS) return
    entered.current = 0
    void take() // the last Enter came before the place was found
  })
  return (
    <form ref={form} className="intake" onPaste={pasted} onSubmit={(event) => { event.preventDefault(); if (!lacking) void take() }} aria-label={t('act.take_call')} onKeyDown={(event) => { if (event.key === 'Escape' && !event.nativeEvent.isComposing) onCancel() }}>
      {error && <Refusal refusal={error} />}
      {restored && <div className="similar" role="status"><div className="row wrap"><b>{t('intake.restored')}</b><span className="spacer" /><Button size="s" onPress={onStartAnew}>{t('intake.start_anew')}</Button></div></div>}
      {read && <SheetRead read={read} />}
      <PlaceField label={t('incident.place')} required autoFocus value={draft.place} onChange={(place) => set({ place })} onTaken={() => next('place')} />
      {datumUnknown && <Choice label={t('intake.datum')} required size="s" value={undefined} options={(['wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const).map((datum) => ({ value: datum, label: t(`datum.${datum}`) }))} onChange={(datum) => { if (draft.place) set({ place: { ...draft.place, datum } }) }} />}
      <Choice name="hazard" label={t('incident.hazard')} value={draft.hazard} options={hazards} onChange={(hazard) => { set({ hazard }); next('hazard') }} onEnter={() => next('hazard')} />
      <Choice name="grade" label={t('incident.grade')} value={draft.grade} options={grades} onChange={(grade) => { set({ grade }); next('grade') }} onEnter={() => next('grade')} />
      <div className="grid-2">
        <Field label={t('incident.trapped')}>
          <input
            className="input" inputMode="numeric" data-field="trapped" value={draft.trapped ?? ''} onChange={(event) => set({ trapped: wholeNumber(event.target.value, 0, 9999) })}
            onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); next('trapped') } }}
          />
        </Field>
        <Field label={t('incident.substance')}><input className="input" data-field="substance" value={draft.substance} onChange={(event) => set({ substance: event.target.value })} onKeyDown={enterTakes} /></Field>
      </div>
      {similar.data && similar.data.length > 0 && (
        <div className="similar" role="status">
          <b>{t('intake.similar')}</b>
          {similar.data.map((one) => (
            <div key={one.id} className="row wrap">
              <span>{one.number} {one.place.text}</span>
              <span className="muted small">{t('intake.similar.near', { distance: distanceText(one.distance_m ?? 0), min: one.minutes ?? 0 })}</span>
              {one.drill && <Badge tone="drill">{t('drill')}</Badge>}
              <Button size="s" kind="primary" busy={busy} onPress={() => void take(one)}>{t('intake.join')}</Button>
            </div>
          ))}
        </div>
      )}
      <Button type="submit" kind="primary" size="xl" wide busy={busy} disabledReason={lacking} hotkey="⏎" testId="take-call">{t('act.take_call')}</Button>
      <details>
        <summary>{t('intake.more')}</summary>
        <div className="stack">
          <Choice name="source" size="s" label={t('call.source')} value={draft.source} onChange={(source) => set({ source })} options={SOURCES.map((source) => ({ value: source, label: t(`call.source.${source}`) }))} />
          <div className="grid-2">
            <Field label={t('call.caller')}><input className="input" value={draft.caller} onChange={(event) => set({ caller: event.target.value })} autoComplete="off" /></Field>
            <Field label={t('call.caller_number')}><input className="input" inputMode="tel" value={draft.caller_number} onChange={(event) => set({ caller_number: event.target.value })} autoComplete="off" /></Field>
            <Field label={t('field.recording')}><input className="input" value={draft.recording} onChange={(event) => set({ recording: event.target.value })} autoComplete="off" /></Field>
          </div>
          <Field label={t('call.narrative')}><textarea className="input" rows={3} value={draft.narrative} onChange={(event) => set({ narrative: event.target.value })} /></Field>
          <Field label={t('intake.sheet')} hint={t('intake.sheet.hint')}>
            <textarea className="input" rows={3} value={sheet} onChange={(event) => setSheet(event.target.value)} placeholder={t('intake.sheet.sample')} />
          </Field>
          {sheet.trim() && <Button onPress={() => void parse(sheet)}>{t('intake.sheet.parse')}</Button>}
          <label className="check drillcheck"><input type="checkbox" checked={draft.drill} onChange={(event) => set({ drill: event.target.checked })} /><b>{t('intake.drill')}</b><span className="muted small">{t('intake.drill.hint')}</span></label>
        </div>
      </details>
    </form>
  )
}

function bodyOf(draft: Draft, same_as?: string) {
  const words = (value: string) => value.trim() || undefined
  const body = {
    source: draft.source, place: draft.place, hazard: draft.hazard, grade: draft.grade, trapped: draft.trapped, substance: words(draft.substance), caller: words(draft.caller),
    caller_number: words(draft.caller_number), recording: words(draft.recording), narrative: words(draft.narrative), drill: draft.drill || undefined, received_at: draft.received_at, same_as,
  }
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
}

function fieldsOf(found: CallSheet): Partial<Draft> {
  const { source, caller, caller_number, recording, received_at, hazard_hint, grade, trapped, substance, narrative } = found
  const fields = { source, caller, caller_number, recording, received_at, hazard: hazard_hint, grade, trapped, substance, narrative }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''))
}

/** What was inferred and what was not read: the dispatcher sees where each came from. */
function SheetRead({ read }: { read: CallSheet }) {
  if (read.guessed.length === 0 && read.unread.length === 0) return null
  return (
    <div className="similar" role="status">
      {read.guessed.length > 0 && <p>{t('intake.sheet.guessed')}{read.guessed.map((name) => tCode('sheet', name)).join(t('list.comma'))}</p>}
      {read.unread.length > 0 && <><b>{t('intake.sheet.unread')}</b><ul>{read.unread.map((line) => <li key={line}>{line}</li>)}</ul></>}
    </div>
  )
}
