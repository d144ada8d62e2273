//! 「情况有变」: what the desk changed about an order since the force read it. It rings until it is read.

import { changed } from './attention.ts'
import type { News } from './known.ts'
import { t } from './locales/index.ts'
import { readChanges } from './sync.ts'
import type { Order } from './types.ts'
import { Icon } from './ui/icon.tsx'
import { Key } from './ui/ui.tsx'

export function Changed({ order }: { order: Order }) {
  const news = changed.value.find((one) => one.order.id === order.id)?.news
  if (!news) return null
  return (
    <section class="refused changed" role="alert">
      <h2>
        <Icon name="warn" />
        {t('change.title')}
      </h2>
      {news.map((one) => (
        <Line key={one.what} news={one} />
      ))}
      <Key onPress={() => readChanges(order)}>{t('refused.read')}</Key>
    </section>
  )
}

function Line({ news }: { news: News }) {
  if (!('is' in news)) return <p>{t(`change.${news.what}`)}</p>
  const words = (value: string) => (value === '' ? t('change.unknown') : value)
  return (
    <p>
      {t(`order.${news.what}`)}：<b>{words(news.is)}</b>
      <small> {news.was === news.is ? t('change.point') : t('change.was', { was: words(news.was) })}</small>
    </p>
  )
}
