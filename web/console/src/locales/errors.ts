import { Unreachable } from '../api/client.ts'
import { t } from './index.ts'

/** Why something was not read: nothing was asked to be done, so there is no doubt about it. */
export const unreadText = (error: unknown): string => (error instanceof Unreachable ? t('net.unread') : errorText(error))

/** What went wrong, in words for the user: the node's own where it answered. */
export function errorText(error: unknown): string {
  if (error instanceof Unreachable) return t('net.unreachable')
  return error instanceof Error && error.message ? error.message : String(error)
}
