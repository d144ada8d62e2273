/** The order board: who was ordered, what they answered, how long they still have. Failures first; quiet until they matter. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { ActButton, CopyButton, ReportedText, type ActName } from '../acts/index.ts'
import type { Order } from '../api/index.ts'
import { distinctOrders } from './board.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Link } from '../router.tsx'
import { to } from '../routes.ts'
import { Badge, Countdown, Empty, useHotkey } from '../ui/index.ts'
import { ArrangementsList } from './ArrangementsFields.tsx'
import { Marks } from './Marks.tsx'
import { hasFailed, isOver, STEP_TONE } from './tones.ts'

/** In the order of their keys on a row of the board. */
const ROW_ACTS: ActName[] = [
  'acknowledge_order', 'decline_order', 'depart_order', 'arrive_order', 'deploy_order', 'report_progress', 'release_order', 'return_order', 'cancel_order',
]

interface Props {
  orders: Order[]; now: number
  /** With the incident's number on each row, where several incidents are shown together. */
  many?: boolean
  /** Rows are chosen with the arrows and typed for with the digits. */
  keyed?: boolean
  empty?: string
}

export function OrderBoard({ orders, now, many, keyed, empty }: Props) {
  const sorted = useMemo(() => distinctOrders(orders), [orders])
  const [selected, setSelected] = useState<string>()
  const move = (step: number) => {
    const at = sorted.findIndex((order) => order.id === selected)
    const next = sorted[Math.min(Math.max(at + step, 0), sorted.length - 1)]
    if (next) setSelected(next.id)
  }
  useHotkey('ArrowDown', t('key.row.next'), () => move(1), !!keyed && sorted.length > 0)
  useHotkey('ArrowUp', t('key.row.before'), () => move(-1), !!keyed && sorted.length > 0)
  useHotkey('Escape', t('key.row.leave'), () => setSelected(undefined), !!keyed && selected !== undefined)
  if (sorted.length === 0) return <Empty small>{empty ?? t('board.empty')}</Empty>
  return (
    <ol className="board" aria-label={t('board')}>
      {sorted.map((order) => (
        <OrderRow key={order.id} order={order} now={now} many={many} keyed={keyed} open={order.id === selected} onToggle={() => setSelected(order.id === selected ? undefined : order.id)} />
      ))}
    </ol>
  )
}

function OrderRow({ order, now, many, keyed, open, onToggle }: { order: Order; now: number; many?: boolean; keyed?: boolean; open: boolean; onToggle: () => void }) {
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => { if (open) row.current?.scrollIntoView?.({ block: 'nearest' }) }, [open])
  const last = order.steps.at(-1)
  const failed = hasFailed(order)
  return (
    <li ref={row} className="order" data-failed={failed || undefined} data-past={isOver(order) || undefined} data-open={open || undefined} data-drill={order.drill || undefined} data-order={order.id}>
      <button type="button" className="line" onClick={onToggle} aria-expanded={open}>
        <span className="who">
          <b>{order.force_ref.name}</b>
          {order.drill && <Badge tone="drill">{t('drill')}</Badge>}
          {many && <span className="muted small">{order.incident_number}</span>}
          <Marks force={order.force} />
        </span>
        <Badge tone={order.overdue ? 'bad' : STEP_TONE[order.step]}>{t(`order.step.${order.step}`)}</Badge>
        <span className="when">{last && <time dateTime={last.reported.at}>{timeText(last.reported.at, now)}</time>}</span>
        <span className="due">{!isOver(order) && <Countdown until={order.due} now={now} />}</span>
        <span className="what truncate">
          {order.overdue ? <em>{order.overdue.text}</em> : order.step === 'declined' ? <em>{last?.note}</em> : order.withdrawal && !order.withdrawal.confirmed ? <em>{t('withdrawal.unconfirmed')}</em> : order.task}
          {last?.reported.on_behalf_of && <span className="via">{last.reported.through ? t(`through.${last.reported.through}`) : t('reported.on_behalf')}</span>}
        </span>
      </button>
      {(order.overdue?.level === 'next_force' || order.step === 'declined') && <NextForce order={order} />}
      {open && <OrderDetail order={order} now={now} keyed={keyed} />}
    </li>
  )
}

/** Who failed is replaced by one press on the row: the plan that adds the next-best force opens, ready to be submitted. */
function NextForce({ order }: { order: Order }) {
  const instead = order.overdue?.instead
  if (!instead && order.step !== 'declined') return <span className="nextforce muted small">{t('board.no_instead')}</span>
  return (
    <Link className="btn nextforce" data-kind="primary" data-size="s" to={to.proposal(order.incident, { supplement: order.plan ?? undefined, add: instead?.id })}>
      {instead ? t('board.instead', { force: instead.name }) : t('board.next_force')}
    </Link>
  )
}

export function OrderDetail({ order, now, keyed }: { order: Order; now: number; keyed?: boolean }) {
  const subject = { incident: order.incident, id: order.id }
  const latest = order.progress[0] // newest first
  return (
    <div className="orderdetail">
      <div className="commandbar">
        {ROW_ACTS.map((act) => <ActButton key={act} act={act} may={order.may[act]} subject={subject} size="s" keyed={keyed} />)}
        {order.filing && <FilingChip order={order} />}
        <span className="spacer" />
        <CopyButton text={order.short_text} label={t('board.copy')} kind="quiet" />
      </div>
      {order.force_contacts.length > 0 && <p className="row wrap small">{order.force_contacts.map((one) => <span key={one.position}>{one.position} {one.phone && <a href={`tel:${one.phone}`}>{one.phone}</a>}</span>)}</p>}
      <div className="orderfacts">
        <div className="stack tight">
          <p>{order.task}</p>
          <ArrangementsList arrangements={order.arrangements} />
        </div>
        <div className="stack tight">
          <ol className="steps">
            {order.steps.map((step, index) => (
              <li key={index}><Badge tone={STEP_TONE[step.step]}>{t(`order.step.${step.step}`)}</Badge> <ReportedText reported={step.reported} now={now} />{step.note && <span className="muted">：{step.note}</span>}</li>
            ))}
          </ol>
          {latest && <p className="quote">{latest.text}<span className="muted small"> <ReportedText reported={latest.reported} now={now} /></span></p>}
          <p className="small muted">{[`${order.number}`, t(`order.basis.${order.basis}`), t('order.issued_by', { who: order.issued_by })].join(' · ')}</p>
        </div>
      </div>
    </div>
  )
}

function FilingChip({ order }: { order: Order }) {
  if (!order.filing) return null
  return <Badge tone={order.filing.signed ? 'good' : 'waiting'}>{t(order.filing.signed ? 'filing.signed.by' : 'filing.unsigned.by', { authority: order.filing.authority.name })}</Badge>
}

/** Counts over a board in one line: what waits, moves, works, failed. */
export function BoardCounts({ orders }: { orders: Order[] }) {
  const live = orders.filter((order) => !isOver(order))
  const failed = orders.filter(hasFailed).length
  const waiting = live.filter((order) => STEP_TONE[order.step] === 'waiting' && !order.overdue).length
  const moving = live.filter((order) => STEP_TONE[order.step] === 'under-way' && !order.overdue).length
  const there = live.filter((order) => STEP_TONE[order.step] === 'good').length
  return (
    <span className="boardcounts">
      {failed > 0 && <Badge tone="bad">{t('board.failed', { n: failed })}</Badge>}
      {waiting > 0 && <Badge tone="waiting">{t('board.waiting', { n: waiting })}</Badge>}
      {moving > 0 && <Badge tone="under-way">{t('board.moving', { n: moving })}</Badge>}
      {there > 0 && <Badge tone="good">{t('board.there', { n: there })}</Badge>}
    </span>
  )
}

