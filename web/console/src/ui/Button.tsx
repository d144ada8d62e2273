import { Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { Kbd } from './Kbd.tsx'

export interface ButtonProps {
  children: ReactNode
  onPress?: () => void
  /** Why it can't be pressed now: shown, disabled, with the reason, rather than hidden. */
  disabledReason?: ReactNode
  kind?: 'plain' | 'primary' | 'good' | 'danger' | 'alarm' | 'quiet'
  size?: 's' | 'm' | 'l' | 'xl'
  hotkey?: string
  busy?: boolean
  wide?: boolean
  autoFocus?: boolean
  type?: 'button' | 'submit'
  label?: string
  testId?: string
}

/** The reason is there for the mouse, for who comes with Tab, and for a finger. */
const REASON_TRIGGERS: ('hover' | 'focus' | 'click')[] = ['hover', 'focus', 'click']

export function Button(props: ButtonProps) {
  const { children, onPress, disabledReason, kind = 'plain', size = 'm', hotkey, busy, wide, autoFocus, type = 'button', label, testId } = props
  const off = disabledReason !== undefined && disabledReason !== null && disabledReason !== false
  const button = (
    <button
      type={type} className="btn" data-kind={kind} data-size={size} data-wide={wide || undefined} data-busy={busy || undefined}
      aria-disabled={off || busy || undefined} aria-label={label} autoFocus={autoFocus} data-testid={testId}
      onClick={(event) => {
        if (off || busy) event.preventDefault()
        else onPress?.()
      }}
    >
      {children}
      {hotkey && <Kbd>{hotkey}</Kbd>}
    </button>
  )
  return off ? <Tooltip title={disabledReason} trigger={REASON_TRIGGERS}>{button}</Tooltip> : button
}
