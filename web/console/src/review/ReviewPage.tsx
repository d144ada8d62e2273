/** After closing (Plan 4.3.3): intervals, deviations from the composition, each force's part, and the written review. */
import { useQuery } from '@tanstack/react-query'
import { ActButton } from '../acts/index.ts'
import { queries, type ReviewFacts } from '../api/index.ts'
import { dateText, durationText, timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Empty, Failed, Loading, Panel, Table } from '../ui/index.ts'

export function ReviewPage({ incident, now }: { incident: string; now: number }) {
  const facts = useQuery(queries.review(incident))
  if (facts.isPending) return <Loading rows={8} />
  if (facts.isError) return <Failed error={facts.error} onRetry={() => void facts.refetch()} />
  return <Facts facts={facts.data} incident={incident} now={now} />
}

function Facts({ facts, incident, now }: { facts: ReviewFacts; incident: string; now: number }) {
  const longest = Math.max(1, ...facts.intervals.map((one) => one.seconds ?? 0))
  const review = facts.review
  return (
    <div className="columns">
      <div className="stack">
        <Panel title={t('review.intervals')}>
          <ol className="intervals">
            {facts.intervals.map((one) => (
              <li key={one.code}><span>{one.text}</span><b>{durationText(one.seconds)}</b><span className="bar" aria-hidden><i style={{ width: `${((one.seconds ?? 0) / longest) * 100}%` }} /></span></li>
            ))}
          </ol>
        </Panel>
        <Panel title={t('review.deviations')} count={facts.deviations.length} countTone="waiting">
          {facts.deviations.length === 0 ? <Empty small>{t('review.deviations.none')}</Empty> : <ul className="lines tall">{facts.deviations.map((one, i) => <li key={i}><Badge tone="waiting">{t('review.deviation')}</Badge><span>{one.text}</span></li>)}</ul>}
        </Panel>
        <Panel title={t('review.forces')} count={facts.forces.length} flush>
          <Table label={t('review.forces')} rows={facts.forces} rowKey={(one) => one.force.id + one.ordered} columns={[
            { key: 'force', title: t('force'), header: true, cell: (one) => one.force.name }, { key: 'ordered', title: t('order.step.issued'), cell: (one) => timeText(one.ordered, now) },
            { key: 'ack', title: t('order.step.acknowledged'), cell: (one) => timeText(one.acknowledged, now) }, { key: 'dep', title: t('order.step.departed'), cell: (one) => timeText(one.departed, now) },
            { key: 'arr', title: t('order.step.arrived'), cell: (one) => timeText(one.arrived, now) }, { key: 'rel', title: t('order.step.released'), cell: (one) => timeText(one.released, now) },
            { key: 'min', title: t('review.on_scene'), num: true, cell: (one) => (one.on_scene_min === null ? '—' : t('minutes.n', { n: one.on_scene_min })) }]} />
        </Panel>
      </div>
      <div className="stack">
        <Panel title={t('review')} actions={<ActButton act="write_review" may={facts.may.write_review} subject={{ incident }} size="s" />}>
          {!review ? <Empty small hint={t('review.none.hint')}>{t('review.none')}</Empty> : (
            <div className="stack">
              {(['measures', 'lessons', 'proposals'] as const).map((part) => <section key={part}><h3 className="section">{t(`review.${part}`)}</h3><p className="prose">{review[part]}</p></section>)}
              <section>
                <h3 className="section">{t('review.improvements')}</h3>
                {review.improvements.length === 0 ? <Empty small /> : <Table label={t('review.improvements')} rows={review.improvements} rowKey={(one) => one.what} columns={[
                  { key: 'what', title: t('review.improvement.what'), header: true, cell: (one) => one.what }, { key: 'owner', title: t('review.improvement.owner'), cell: (one) => one.owner.name },
                  { key: 'due', title: t('review.improvement.due'), cell: (one) => dateText(one.due) }]} />}
              </section>
            </div>
          )}
        </Panel>
      </div>
    </div>
  )
}
