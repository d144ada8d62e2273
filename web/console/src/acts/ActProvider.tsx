/** The one place where acts are asked: opens the form of an act, sends it, shows the answer or the refusal. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react'
import { client, Problem, queries, type May, type Me, type Receipt } from '../api/index.ts'
import { navigate, useAddress, withSearch } from '../router.tsx'
import { errorText } from '../locales/errors.ts'
import { t, type TextKey } from '../locales/index.ts'
import { Sheet, useToast } from '../ui/index.ts'
import { ActForm } from './ActForm.tsx'
import { DraftOf, draftName, forgetDraft } from './drafts.ts'
import { isActName, type ActName } from './names.ts'
import { Refusal } from './Refusal.tsx'
import { findThing, insteadOf, refusedOf } from './resolve.ts'
import type { ActContext, ActRegistry, ActSpec, Subject, Values } from './spec.ts'

interface Acts {
  me: Me
  spec: (act: ActName) => ActSpec
  /** Shows the form, or does it at once where there is nothing to ask. */
  open: (act: ActName, subject: Subject, initial?: Values, may?: May) => void
  /** Opens what a refusal offers in its place, about the same thing where that can be. */
  openInstead: (act: string, of: Subject) => void
  /** Sends it; the refusal is thrown. */
  send: (act: ActName, subject: Subject, body: Values) => Promise<Receipt>
}
const Context = createContext<Acts | null>(null)
export function useActs(): Acts {
  const acts = useContext(Context)
  if (!acts) throw new Error('useActs outside of ActProvider')
  return acts
}

/** Whether the role does this for itself; a desk types it in for who told it by phone or radio. */
export const actsForItself = (me: Me) => me.role === 'force' || me.role === 'dept' || me.role === 'town' || me.role === 'leader'

export function ActProvider({ me, registry, children }: { me: Me; registry: ActRegistry; children: ReactNode }) {
  const address = useAddress()
  const cache = useQueryClient()
  const say = useToast()
  const initials = useRef<{ name: string; values: Values }>({ name: '', values: {} })
  const addressNow = useRef(address)
  addressNow.current = address

  const send = useCallback(async (act: ActName, subject: Subject, body: Values) => {
    const spec = registry[act]
    const receipt = await client.act(spec.path(subject), body)
    const incident = receipt.incident ?? subject.incident
    await Promise.all([
      cache.invalidateQueries({ queryKey: ['desk'] }), cache.invalidateQueries({ queryKey: ['incidents'] }),
      incident && cache.invalidateQueries({ queryKey: ['incident', incident] }),
    ])
    return receipt
  }, [cache, registry])

  const open = useCallback((act: ActName, subject: Subject, initial: Values = {}, may: May = true) => {
    const spec = registry[act]
    if (spec.page) return navigate(spec.page(subject))
    const instant = may === true && (spec.instant === true || (spec.instant === 'own' && actsForItself(me)))
    const show = () => {
      initials.current = { name: act + (subject.id ?? subject.incident ?? ''), values: initial }
      navigate(withSearch(addressNow.current, { do: act, in: subject.incident, on: subject.id }))
    }
    if (!instant) return show()
    send(act, subject, { ...spec.extra?.({ subject, me, file: undefined, reference: undefined, target: undefined, initial, may, proposal: undefined }), ...initial }).then(
      () => say(t(`act.${act}.done` as TextKey)),
      (error: unknown) => {
        say(errorText(error), 'bad')
        if (error instanceof Problem) show()
      },
    )
  }, [me, registry, say, send])

  const openInstead = useCallback((act: string, of: Subject) => {
    if (!isActName(act)) return
    open(act, insteadOf(of.incident ? cache.getQueryData(queries.incident(of.incident).queryKey) : undefined, act, of))
  }, [cache, open])

  const acts = useMemo<Acts>(() => ({ me, spec: (act) => registry[act], open, openInstead, send }), [me, registry, open, openInstead, send])
  const asked = address.search.get('do')
  const act = asked && isActName(asked) ? asked : undefined
  const close = () => navigate(withSearch(addressNow.current, { do: null, in: null, on: null }), { replace: true })
  const subject: Subject = { incident: address.search.get('in') ?? undefined, id: address.search.get('on') ?? undefined }
  const known = act && initials.current.name === act + (subject.id ?? subject.incident ?? '') ? initials.current.values : {}
  return (
    <Context.Provider value={acts}>
      {children}
      {act && <ActSheet key={`${act}${subject.id}${subject.incident}`} act={act} subject={subject} initial={known} spec={registry[act]} onClose={close} />}
    </Context.Provider>
  )
}

function ActSheet({ act, subject, initial, spec, onClose }: { act: ActName; subject: Subject; initial: Values; spec: ActSpec; onClose: () => void }) {
  const { me, send, openInstead } = useActs()
  const say = useToast()
  const file = useQuery({ ...queries.incident(subject.incident ?? ''), enabled: !!subject.incident })
  const reference = useQuery(queries.reference())
  const proposal = useQuery({ ...queries.proposal(subject.incident ?? ''), enabled: spec.needs === 'proposal' && !!subject.incident })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const draft = draftName(me.account, act, subject.incident, subject.id)
  const target = findThing(file.data, subject.id)
  const may: May | undefined = target?.may?.[act]
  const ctx: ActContext = { subject, me, file: file.data, reference: reference.data, target, initial, may, proposal: proposal.data }
  // What was read before may be older than the card that was pressed: only what the card showed is answered.
  const isOlder = target?.revision !== undefined && target.revision < Number(initial.revision ?? 0)
  const waiting = isOlder || (!!subject.incident && file.isPending) || reference.isPending || (spec.needs === 'proposal' && proposal.isLoading)

  const perform = async (body: Values) => {
    setBusy(true)
    setError(undefined)
    try {
      const receipt = await send(act, subject, body)
      forgetDraft(draft)
      const next = spec.after?.(receipt, subject)
      say(t(`act.${act}.done` as TextKey))
      if (next) navigate(next)
      else onClose()
      return receipt
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)))
      return undefined
    } finally {
      setBusy(false)
    }
  }
  const refused = refusedOf(may)
  return (
    <Sheet open title={t(`act.${act}`)} onClose={onClose} extra={ctx.file?.drill ? <span className="badge" data-tone="drill">{t('drill')}</span> : undefined} width={spec.form ? 760 : 520}>
      <div className="stack">
        {refused && <Refusal refusal={refused} onInstead={(name) => openInstead(name, subject)} />}
        {error && <Refusal refusal={error} onInstead={(name) => openInstead(name, subject)} />}
        {!waiting && <DraftOf value={draft}><ActForm act={act} spec={spec} ctx={ctx} busy={busy} error={error} reason={refused?.detail} perform={perform} /></DraftOf>}
      </div>
    </Sheet>
  )
}
