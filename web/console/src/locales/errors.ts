import { Unreachable } from '../api/client.ts'
import { t } from './index.ts'

/** What went wrong, in words for the user: the node's own where it answered. */
export function errorText(error: unknown): string {
  if (error instanceof Unreachable) return t('net.unreachable')
  return error instanceof Error && error.message ? error.message : String(error)
}
