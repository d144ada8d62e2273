import type { Channel, Way } from '../api/index.ts'
import { t, tCode } from '../locales/index.ts'

export const CHANNELS: Channel[] = ['sms', 'voice', 'mail', 'dingtalk', 'wecom', 'feishu', 'siren', 'webhook', 'push']

/** 短信、语音、邮件=zhiban@example.gov.cn: as people write it, by code or by name; what is not known goes out as written and the node says so. */
export function readWays(text: string): Way[] {
  return text.split(/[、，,;；\s]+/).filter(Boolean).map((word) => {
    const at = word.indexOf('=')
    const [name, address] = at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)]
    const channel = CHANNELS.find((one) => one === name.toLowerCase() || tCode('channel', one) === name) ?? (name as Channel)
    return { channel, address }
  })
}

export const writeWays = (ways: Way[]): string => ways.map((way) => tCode('channel', way.channel) + (way.address ? `=${way.address}` : '')).join(t('list.comma'))
