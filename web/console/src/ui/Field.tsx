import { useId, useRef, type ReactNode } from 'react'
import { Kbd } from './Kbd.tsx'
import { useWords } from './words.tsx'

export function Field(props: { label: ReactNode; required?: boolean; hint?: ReactNode; wrong?: ReactNode; children: ReactNode; hotkey?: string }) {
  const words = useWords()
  return (
    <label className="field" data-wrong={props.wrong ? true : undefined}>
      <span className="label">{props.label}{props.required && <span className="must" title={words.required}>*</span>}{props.hotkey && <Kbd>{props.hotkey}</Kbd>}</span>
      {props.children}
      {props.hint && <span className="hint">{props.hint}</span>}
      {props.wrong && <span className="wrong" role="alert">{props.wrong}</span>}
    </label>
  )
}

export interface ChoiceOption<V extends string | number> { value: V; label: ReactNode; hotkey?: string; tone?: 'bad' }

/** One of a few: arrows move, its key or digit chooses, Enter goes on. */
export function Choice<V extends string | number>(props: {
  label: ReactNode; options: ChoiceOption<V>[]; value: V | undefined; onChange: (value: V) => void; onEnter?: () => void; required?: boolean
  size?: 's'; hint?: ReactNode; wrong?: ReactNode; autoFocus?: boolean; name?: string
}) {
  const id = useId()
  const group = useRef<HTMLDivElement>(null)
  const at = props.options.findIndex((option) => option.value === props.value)
  const words = useWords()
  const choose = (index: number) => {
    const option = props.options[index]
    if (!option) return
    group.current?.querySelectorAll('button')[index]?.focus() // first: what is chosen may move the focus on
    props.onChange(option.value)
  }
  return (
    <div className="field" data-wrong={props.wrong ? true : undefined}>
      <span className="label" id={id}>{props.label}{props.required && <span className="must" title={words.required}>*</span>}</span>
      <div
        ref={group} className="choice" role="radiogroup" aria-labelledby={id} data-size={props.size} data-name={props.name}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return
          const byKey = props.options.findIndex((option) => option.hotkey?.toLowerCase() === event.key.toLowerCase())
          if (byKey >= 0) choose(byKey)
          else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') choose((at + 1) % props.options.length)
          else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') choose((at - 1 + props.options.length) % props.options.length)
          else if (event.key === 'Enter' && props.onEnter && props.value !== undefined) props.onEnter()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      >
        {props.options.map((option, index) => (
          <button
            key={option.value} type="button" role="radio" aria-checked={option.value === props.value} data-tone={option.tone}
            tabIndex={index === Math.max(at, 0) ? 0 : -1} autoFocus={props.autoFocus && index === Math.max(at, 0)} onClick={() => props.onChange(option.value)}
          >
            {option.hotkey && <Kbd>{option.hotkey}</Kbd>}{option.label}
          </button>
        ))}
      </div>
      {props.hint && <span className="hint">{props.hint}</span>}
      {props.wrong && <span className="wrong" role="alert">{props.wrong}</span>}
    </div>
  )
}
