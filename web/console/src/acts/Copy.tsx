import { t } from '../locales/index.ts'
import { Button, useToast, type ButtonProps } from '../ui/index.ts'

/** One key puts the text where it is needed: telephone, chat. */
export function CopyButton({ text, label, size = 's', kind, hotkey }: { text: string | (() => Promise<string>); label: string; size?: ButtonProps['size']; kind?: ButtonProps['kind']; hotkey?: string }) {
  const say = useToast()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text())
      say(t('copy.done'))
    } catch {
      say(t('copy.failed'), 'bad')
    }
  }
  return <Button size={size} kind={kind} hotkey={hotkey} onPress={() => void copy()}>{label}</Button>
}
