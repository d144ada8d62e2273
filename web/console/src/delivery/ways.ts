import type { Channel, Way } from '../api/index.ts'
import { t, tCode } from '../locales/index.ts'

export const CHANNELS: Channel[] = ['sms', 'voice', 'mail', 'dingtalk', 'wecom', 'feishu', 'siren', 'webhook', 'push']

/** 短信、语音、邮件=zhiban@example.gov.cn: as people write it, by code or by name; what is not known goes out as written and the node says so. */
export function readWays(text: string): Way[] {
  return text.split(/[、，,;；\s]+/).filter(Boolean).map((word) => {
    const [name = '', address] = word.split('=', 2)
    const channel = CHANNELS.find((one) => one === name.toLowerCase() || tCode('channel', one) === name) ?? (name as Channel)
    return { channel, address: address ?? null }
  })
}

export const writeWays = (ways: Way[]): string => ways.map((way) => tCode('channel', way.channel) + (way.address ? `=${way.address}` : '')).join(t('list.comma'))
