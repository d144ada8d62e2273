/**
 * From the composition to the plan (Plan 4.1.4, 4.2.4): slots with the forces proposed, the reason of each choice and of each gap,
 * alternatives beside them; on the right the plan that will be submitted.
 */
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { Refusal, useActs } from '../acts/index.ts'
import { queries, type ForceBrief, type IncidentFile, type Pick, type Plan, type Proposal, type Slot } from '../api/index.ts'
import { distanceText, durationText } from '../locales/format.ts'
import { t, tCode } from '../locales/index.ts'
import { GRADES, gradeName } from '../locales/pick.ts'
import { Link, navigate } from '../router.tsx'
import { to } from '../routes.ts'
import { Badge, Button, Empty, Failed, Field, Loading, Panel, useHotkey, useToast } from '../ui/index.ts'
import { ArrangementsFields } from './ArrangementsFields.tsx'
import { Marks } from './Marks.tsx'
import { usePlanDraft } from './planDraft.ts'

interface Props { file: IncidentFile; revise?: string; supplement?: string; /** A force to be in the plan from the start. */ add?: string; byPost: boolean; side: string }

export function ProposalPage({ file, revise, supplement, add, byPost, side }: Props) {
  const [grade, setGrade] = useState<number>()
  // The plan begins with what the node proposes now, not with what it proposed when the page was last looked at.
  const proposal = useQuery({ ...queries.proposal(file.id, grade), refetchOnMount: 'always' })
  const reference = useQuery(queries.reference())
  const forces = useQuery({ ...queries.forces(), enabled: !!add })
  const revised = revise ? file.plans.find((plan) => plan.id === revise) : undefined
  if (!proposal.data && proposal.isError) return <Failed error={proposal.error} onRetry={() => void proposal.refetch()} />
  if (!proposal.data || !proposal.isFetchedAfterMount || reference.isPending || forces.isLoading) return <Loading rows={9} />
  return (
    <Editor
      key={`${grade ?? ''} ${revise ?? ''}`} file={file} proposal={proposal.data} revised={revised} supplement={supplement} wanted={forces.data?.find((force) => force.id === add)} byPost={byPost} side={side}
      grade={grade} onGrade={setGrade} signers={reference.data?.signers ?? []}
    />
  )
}

interface EditorProps {
  file: IncidentFile; proposal: Proposal; revised?: Plan; supplement?: string; wanted?: ForceBrief; byPost: boolean; side: string
  grade?: number; onGrade: (grade: number) => void; signers: { account: string; position: string }[]
}

function Editor({ file, proposal, revised, supplement, wanted, byPost, side, grade, onGrade, signers }: EditorProps) {
  const { openInstead } = useActs()
  const say = useToast()
  // Once the post commands, a plan goes out by its order; as the brigade's own only where that was delegated, which the node knows.
  const [asOwn, setAsOwn] = useState(false)
  const posted = file.command.holder === 'post'
  const byOrder = (byPost || posted) && !asOwn
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const plan = usePlanDraft({ file, proposal, revised, supplement, byOrder, signer: signers[0]?.account ?? 'commander', grade, wanted })
  const { chosen } = plan
  const has = useMemo(() => new Set(chosen.map((one) => one.force)), [chosen])

  const save = async (thenSubmit: boolean) => {
    if (busy || chosen.length === 0) return
    setBusy(true)
    setError(undefined)
    try {
      await plan.save(thenSubmit)
      say(t(thenSubmit ? 'act.submit_plan.done' : 'act.draft_plan.done'))
      navigate(side === 'brigade' ? to.brigade(file.id) : side === 'post' ? to.post(file.id) : to.incident(file.id))
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)))
    } finally {
      setBusy(false)
    }
  }
  useHotkey('s', t('act.submit_plan'), () => void save(true))
  useHotkey('r', t('proposal.take_over'), plan.takeOver, plan.outdated)
  const gaps = proposal.slots.filter((slot) => slot.gap)
  return (
    <div className="proposal">
      <Slots
        file={file} proposal={proposal} side={side} grade={grade} onGrade={onGrade} has={has} onAdd={plan.add} onRemove={plan.remove}
        news={plan.outdated && <div className="proposalnews" role="status"><b>{t('proposal.updated')}</b><span>{t('proposal.updated.hint')}</span><Button size="s" kind="primary" hotkey="r" onPress={plan.takeOver}>{t('proposal.take_over')}</Button></div>}
      />
      <Panel title={revised ? t('act.revise_plan') : supplement ? t('plan.supplement') : t('plan')} count={chosen.length}>
        <div className="stack">
          {error && <Refusal refusal={error} onInstead={(act) => openInstead(act, { incident: file.id, id: revised?.id })} />}
          {chosen.length === 0 ? <Empty small>{t('plan.tasks.none')}</Empty> : (
            <ul className="tasks" aria-label={t('plan.tasks')}>
              {chosen.map((one) => (
                <li key={one.force}>
                  <span className="row"><b className="truncate">{one.name}</b><Marks force={one.brief} /><span className="spacer" /><Button size="s" kind="quiet" label={t('plan.tasks.remove', { force: one.name })} onPress={() => plan.remove(one.force)}>×</Button></span>
                  <input className="input" aria-label={t('order.task')} value={one.task} onChange={(event) => plan.retask(one.force, event.target.value)} />
                </li>
              ))}
            </ul>
          )}
          <AddForce has={has} onAdd={plan.addFreely} />
          <h3 className="section">{t('arrangements')}</h3>
          <ArrangementsFields value={plan.arrangements} onChange={(arrangements) => plan.set({ arrangements })} />
          {!plan.drafted && signers.length > 0 && (
            <Field label={t('plan.signer')}>
              <Select value={plan.signer} onChange={(signer) => plan.set({ signer })} options={signers.map((one) => ({ value: one.account, label: one.position }))} style={{ width: '100%' }} />
            </Field>
          )}
          {posted && side !== 'post' && <label className="check"><input type="checkbox" checked={byOrder} onChange={(event) => setAsOwn(!event.target.checked)} /><b>{t('plan.by_order_of_post')}</b></label>}
          {gaps.length > 0 && <div className="uncovered"><b>{t('plan.uncovered')}</b><ul>{gaps.map((slot) => <li key={slot.index}>{slot.gap?.text}</li>)}</ul></div>}
        </div>
        <div className="planfoot">
          <Button kind="primary" size="l" hotkey="s" busy={busy} disabledReason={chosen.length === 0 ? t('plan.tasks.none') : undefined} onPress={() => void save(true)} testId="submit-plan">{t('proposal.submit', { n: chosen.length })}</Button>
          <Button size="l" busy={busy} disabledReason={chosen.length === 0 ? t('plan.tasks.none') : undefined} onPress={() => void save(false)}>{t('proposal.keep')}</Button>
        </div>
      </Panel>
    </div>
  )
}

interface SlotsProps {
  file: IncidentFile; proposal: Proposal; side: string; grade?: number; onGrade: (grade: number) => void; has: Set<string>; onAdd: (pick: Pick, slot: Slot) => void; onRemove: (force: string) => void
  news: ReactNode
}

/** The composition as the node fills it now. */
function Slots({ file, proposal, side, grade, onGrade, has, onAdd, onRemove, news }: SlotsProps) {
  return (
    <Panel
      title={t('proposal.title')} flush
      actions={<>
        <Select size="small" value={grade ?? proposal.composition?.grade ?? file.grade ?? undefined} onChange={onGrade} options={GRADES.map((one) => ({ value: one, label: gradeName(one) }))} aria-label={t('incident.grade')} style={{ width: 110 }} />
        <Link className="btn" data-size="s" to={side === 'brigade' ? to.brigade(file.id) : to.incident(file.id)}>{t('back')}</Link>
      </>}
    >
      {news}
      <div className="proposalhead">
        <b>{file.number} {file.place.text}</b>
        {file.drill && <Badge tone="drill">{t('drill')}</Badge>}
        {proposal.composition
          ? <span className="muted">{t('proposal.composition', { hazard: file.hazard?.name ?? proposal.composition.hazard, grade: proposal.composition.grade, version: proposal.composition.version })} · {proposal.composition.source}</span>
          : <Badge tone="bad">{t('proposal.no_composition')}</Badge>}
        {proposal.composition?.preauthorised && <Badge tone="good">{t('composition.preauthorised')}</Badge>}
        <span className="muted small">{tCode('proposal', proposal.travel_basis)}</span>
      </div>
      {proposal.text.length > 0 && <ul className="proposaltext">{proposal.text.map((line) => <li key={line}>{line}</li>)}</ul>}
      {proposal.slots.length === 0 && <Empty>{t('proposal.empty')}</Empty>}
      <ol className="slots">
        {proposal.slots.map((slot) => <SlotView key={slot.index} slot={slot} has={has} onAdd={(pick) => onAdd(pick, slot)} onRemove={onRemove} />)}
      </ol>
    </Panel>
  )
}

function SlotView({ slot, has, onAdd, onRemove }: { slot: Slot; has: Set<string>; onAdd: (pick: Pick) => void; onRemove: (force: string) => void }) {
  const [more, setMore] = useState(false)
  const shown = [...slot.picks, ...slot.alternatives.filter((pick) => has.has(pick.force_ref.id))]
  const others = slot.alternatives.filter((pick) => !has.has(pick.force_ref.id))
  return (
    <li className="slot" data-gap={slot.gap ? true : undefined}>
      <header>
        <b>{slot.capability.name}</b>
        <span className="need">{t('slot.need', { filled: slot.filled, quantity: slot.quantity, unit: slot.unit })}</span>
        <span className="meter" aria-hidden><i style={{ width: `${Math.min(100, ((slot.filled) / Math.max(slot.quantity, 1)) * 100)}%` }} /></span>
        {slot.standing > 0 && <Badge tone="good">{t('slot.standing', { n: slot.standing })}</Badge>}
        {slot.planned > 0 && <Badge tone="waiting">{t('slot.planned', { n: slot.planned })}</Badge>}
        <span className="muted small">{t('slot.within', { min: slot.within_min })}</span>
        <span className="muted small truncate">{slot.why}</span>
        <span className="spacer" />
        {others.length > 0 && <button type="button" className="morebutton" onClick={() => setMore(!more)} aria-expanded={more}>{t('slot.alternatives', { n: others.length })} {more ? '▾' : '▸'}</button>}
      </header>
      {shown.length > 0 && <ul className="picks">{shown.map((pick) => <PickRow key={pick.force_ref.id} pick={pick} on={has.has(pick.force_ref.id)} onPress={() => (has.has(pick.force_ref.id) ? onRemove(pick.force_ref.id) : onAdd(pick))} unit={slot.unit} />)}</ul>}
      {slot.gap && <p className="gap"><Badge tone="bad">{t('slot.gap', { n: slot.gap.missing, unit: slot.unit })}</Badge> {slot.gap.text}</p>}
      {more && <ul className="picks">{others.map((pick) => <PickRow key={pick.force_ref.id} pick={pick} on={false} onPress={() => onAdd(pick)} unit={slot.unit} />)}</ul>}
    </li>
  )
}

function PickRow({ pick, on, onPress, unit }: { pick: Pick; on: boolean; onPress: () => void; unit: string }) {
  return (
    <li className="pick" data-on={on || undefined}>
      <button type="button" role="checkbox" aria-checked={on} aria-label={pick.force_ref.name} onClick={onPress}>
        <span className="tick" aria-hidden>{on ? '✓' : '+'}</span>
        <span className="who"><b>{pick.force_ref.name}</b> <span className="muted small">{t('pick.quantity', { n: pick.quantity, unit })}</span> <Marks force={pick.force} marks={pick.marks} /></span>
        <span className="eta" data-late={!pick.in_time || undefined}>{durationText(pick.eta_s)}</span>
        <span className="muted small dist">{distanceText(pick.distance_m)}</span>
        <span className="basis">{tCode('basis', pick.basis)}</span>
        <span className="reason">{pick.reason}</span>
      </button>
    </li>
  )
}

function AddForce({ has, onAdd }: { has: Set<string>; onAdd: (force: ForceBrief) => void }) {
  const forces = useQuery(queries.forces())
  const [key, setKey] = useState(0)
  useEffect(() => { if (key > 0) document.getElementById('add-force')?.focus() }, [key])
  return (
    <Select
      key={key} id="add-force" showSearch={{ optionFilterProp: 'label' }} placeholder={t('proposal.add')} value={null} style={{ width: '100%' }} loading={forces.isPending}
      onChange={(id: string | null) => {
        const force = forces.data?.find((one) => one.id === id)
        if (force) onAdd(force)
        setKey((now) => now + 1)
      }}
      options={(forces.data ?? []).filter((force) => !has.has(force.id)).map((force) => ({ value: force.id, label: `${force.name}${force.engaged ? `（${t('mark.engaged', { number: force.engaged.number })}）` : ''}` }))}
    />
  )
}
