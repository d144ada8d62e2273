import type { May, MayNot } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Button, Kbd, useHotkey, type ButtonProps } from '../ui/index.ts'
import { useActs } from './ActProvider.tsx'
import { isActName, type ActName } from './names.ts'
import { refusedOf } from './resolve.ts'
import type { Subject, Values } from './spec.ts'

interface Props {
  act: ActName
  /** The node's answer; without one the act makes no sense now and has no button. */
  may: May | undefined
  subject: Subject
  initial?: Values
  text?: string
  size?: ButtonProps['size']
  kind?: ButtonProps['kind']
  wide?: boolean
  /** Listens to the act's key while it is shown. */
  keyed?: boolean
}

export function ActButton({ act, may, subject, initial, text, size, kind, wide, keyed }: Props) {
  const { open, openInstead, spec } = useActs()
  const { hotkey, kind: usual } = spec(act)
  const label = text ?? t(`act.${act}`)
  const press = () => open(act, subject, initial, may)
  useHotkey(hotkey, label, press, !!keyed && may !== undefined)
  if (may === undefined) return null
  const refused = refusedOf(may)
  return (
    <Button
      size={size} kind={kind ?? usual ?? 'plain'} wide={wide} hotkey={keyed ? hotkey : undefined} onPress={press} testId={`act-${act}`}
      disabledReason={!refused ? undefined : <MayReason may={refused} onInstead={(name) => openInstead(name, subject)} />}
    >
      {label}
    </Button>
  )
}

/** The reason in the tip of a disabled button, with the lawful next keys. */
export function MayReason({ may, onInstead }: { may: MayNot; onInstead: (act: string) => void }) {
  const { spec } = useActs()
  const keyOf = (act: string) => (isActName(act) ? spec(act).hotkey : undefined)
  return (
    <span className="mayreason">
      {may.clause && <b>{t('refusal.clause.short', { clause: may.clause })} </b>}{may.detail}
      {may.instead?.map((way) => <button key={way.act} type="button" onClick={() => onInstead(way.act)}>{way.text}{keyOf(way.act) && <Kbd>{keyOf(way.act)}</Kbd>}</button>)}
    </span>
  )
}
