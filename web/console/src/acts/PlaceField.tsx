/** A place by a few letters: characters, pinyin or initials; Enter takes the first. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { queries, type Hit, type PlaceInput } from '../api/index.ts'
import { t, tCode } from '../locales/index.ts'
import { Field } from '../ui/index.ts'

/** Typing goes on while the last letters are still being looked up. */
const SEARCH_AFTER_MS = 60

interface Props {
  label: ReactNode; required?: boolean; hint?: ReactNode; wrong?: ReactNode; autoFocus?: boolean
  value: PlaceInput | undefined; onChange: (value: PlaceInput | undefined) => void
  /** After a place was taken with Enter. */
  onTaken?: () => void
}

export function PlaceField(props: Props) {
  const { value, onChange, onTaken } = props
  const [typed, setTyped] = useState(value?.text ?? '')
  const [asked, setAsked] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  /** Enter came before the answer: it takes the first of it. */
  const [pending, setPending] = useState(false)
  const known = value?.text
  useEffect(() => { if (known !== undefined) setTyped(known) }, [known])
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), SEARCH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [typed])
  const search = useQuery({ ...queries.search(asked, 'place,town,village'), enabled: (open || pending) && asked.length > 0, placeholderData: (old) => old })
  const hits = asked ? (search.data ?? []).slice(0, 8) : []
  const fresh = asked === typed.trim() && (asked === '' || ((search.isSuccess || search.isError) && !search.isFetching && !search.isPlaceholderData))

  const take = (hit: Hit | undefined) => {
    const gone = pending // the focus went on with the Enter
    setPending(false)
    setOpen(false)
    if (hit) {
      setTyped(hit.name)
      onChange(placeOf(hit))
    } else if (typed.trim()) {
      onChange({ text: typed.trim() }) // words without a position: the node asks for one
    }
    if (!gone) onTaken?.()
  }
  useEffect(() => {
    if (pending && fresh) take(hits[at])
  })
  return (
    <Field label={props.label} required={props.required} wrong={props.wrong} hint={value?.point ? t('place.on_map', { lon: value.point[0].toFixed(4), lat: value.point[1].toFixed(4) }) : props.hint}>
      <span className="placefield">
        <input
          className="input" role="combobox" aria-expanded={open && hits.length > 0} aria-autocomplete="list" placeholder={t('place.sample')} autoFocus={props.autoFocus}
          value={typed} data-field="place" autoComplete="off" onBlur={() => setTimeout(() => setOpen(false), 150)}
          onChange={(event) => { setPending(false); setTyped(event.target.value); setOpen(true); setAt(0); if (value?.place || value?.town) onChange(undefined) }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(hits.length, 1))
            else if (event.key === 'ArrowUp') setAt((at - 1 + hits.length) % Math.max(hits.length, 1))
            else if (event.key === 'Escape' && open) setOpen(false)
            else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
              if (!open) onTaken?.()
              else if (fresh) take(hits[at])
              else {
                setPending(true)
                onTaken?.() // the next keys are for the next field, not for this one
              }
            } else return
            event.preventDefault()
            event.stopPropagation()
          }}
        />
        {open && hits.length > 0 && (
          <ul className="hits" role="listbox">
            {hits.map((hit, index) => (
              <li key={`${hit.kind}${hit.id}`} role="option" aria-selected={index === at} onMouseDown={(event) => { event.preventDefault(); take(hit) }}>
                <b>{hit.name}</b><span className="muted small">{[tCode('hit', hit.kind), hit.town?.name !== hit.name && hit.town?.name, hit.detail].filter(Boolean).join(' · ')}</span>
                {hit.quality === 'town_seat' && <span className="badge" data-tone="waiting">{t('mark.approximate')}</span>}
              </li>
            ))}
          </ul>
        )}
      </span>
    </Field>
  )
}

export function placeOf(hit: Hit): PlaceInput {
  const point = hit.point ?? undefined
  if (hit.kind === 'place') return { text: hit.name, place: hit.id, ...(point && { point, datum: 'wgs84' as const }) }
  if (hit.kind === 'town') return { text: hit.name, town: hit.id }
  return { text: hit.name, ...(hit.town && { town: hit.town.id }), ...(point && { point, datum: 'wgs84' as const }) }
}
