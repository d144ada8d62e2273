import { Problem, Unreachable, type Instead } from '../api/index.ts'
import { t } from '../locales/index.ts'
import { Button } from '../ui/index.ts'

type Refused = { detail: string; clause?: string | null; instead?: Instead[] }

/** Why it was refused, by which clause, and what may lawfully be done instead. */
export function Refusal({ refusal, onInstead }: { refusal: Refused | Error; onInstead?: (act: string) => void }) {
  if (refusal instanceof Unreachable) {
    return <div className="refusal" role="alert"><strong>{t('net.unreachable')}</strong><p>{t('net.unreachable.hint')}</p></div>
  }
  const clause = refusal instanceof Problem || !(refusal instanceof Error) ? refusal.clause : undefined
  const instead = refusal instanceof Problem || !(refusal instanceof Error) ? (refusal.instead ?? []) : []
  const detail = refusal instanceof Error ? refusal.message : refusal.detail
  const errors = refusal instanceof Problem ? refusal.errors : []
  return (
    <div className="refusal" role="alert">
      <strong>{clause ? t('refusal.clause', { clause }) : t('refusal')}</strong>
      <p>{detail}</p>
      {errors.length > 0 && <ul>{errors.map((error) => <li key={error.pointer}>{error.pointer.replace(/^\//, '')}：{error.detail}</li>)}</ul>}
      {instead.length > 0 && (
        <div className="row wrap">
          <span className="muted">{t('refusal.instead')}</span>
          {instead.map((way) => <Button key={way.act} size="s" kind="primary" onPress={() => onInstead?.(way.act)}>{way.text}</Button>)}
        </div>
      )}
    </div>
  )
}
