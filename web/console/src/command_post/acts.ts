import type { ActContext, ActSpec } from '../acts/index.ts'
import type { Withdrawal } from '../api/index.ts'
import { t } from '../locales/index.ts'

const at = (verb: string) => (subject: { incident?: string }) => `/incidents/${subject.incident}/${verb}`
const here = (ctx: ActContext) => ctx.file?.place.text

export const commandActs = {
  form_forward_headquarters: {
    path: at('command/forward-headquarters'), hotkey: 'g',
    fields: [
      { kind: 'position', name: 'commander', label: 'command.commander', required: true }, { kind: 'text', name: 'place', label: 'command.place', required: true, initial: here },
      { kind: 'text', name: 'channel', label: 'command.channel', required: true },
      { kind: 'rows', name: 'groups', label: 'command.groups', initial: () => [], fields: [
        { kind: 'text', name: 'name', label: 'command.group' }, { kind: 'position', name: 'leader', label: 'command.group.leader' }, { kind: 'forces', name: 'forces', label: 'command.group.forces' }] },
    ],
  },
  establish_post: {
    path: at('command-post'), kind: 'primary', reported: true, teller: () => undefined,
    fields: [
      { kind: 'text', name: 'decision', label: 'command.decision', required: true, hint: 'command.decision.hint' }, { kind: 'position', name: 'commander', label: 'command.post.commander', required: true },
      { kind: 'text', name: 'place', label: 'command.place', required: true, initial: here }, { kind: 'text', name: 'post_channel', label: 'command.channel' },
      { kind: 'strings', name: 'members', label: 'command.members', hint: 'command.members.hint' },
    ],
    consequence: () => t('command.establish.consequence'),
  },
  hand_in_briefing: { path: at('command/briefing'), kind: 'primary', fields: [{ kind: 'long', name: 'text', label: 'command.briefing.text', hint: 'command.briefing.hint' }] },
  delegate_command: {
    path: at('command/delegate'),
    fields: [
      { kind: 'choice', name: 'to', label: 'command.delegate.to', required: true, options: () => [{ value: 'rescue_section', text: t('command.rescue_section') }, { value: 'brigade', text: t('command.brigade') }] },
      { kind: 'text', name: 'scope', label: 'command.delegate.scope', required: true },
    ],
  },
  raise_command: {
    path: at('command/rise'), reported: true, teller: () => undefined,
    fields: [{ kind: 'org', only: 'superior', name: 'to', label: 'command.rise.to', required: true }, { kind: 'position', name: 'commander', label: 'command.commander', required: true }],
    consequence: () => t('command.rise.consequence'),
  },
  order_withdrawal: {
    path: at('command/withdraw-all'), kind: 'alarm', fields: [{ kind: 'text', name: 'reason', label: 'withdrawal.reason', suggest: () => t('withdrawal.reasons').split(/[；;]\s*/) }],
    consequence: () => t('withdrawal.consequence'),
  },
  confirm_withdrawal: {
    path: (s) => `/withdrawals/${s.id}/confirm`, kind: 'primary', reported: true,
    teller: (ctx, values) => waitingOf(ctx).find((one) => partyOf(one) === values.order)?.name,
    fields: [
      { kind: 'choice', name: 'order', label: 'withdrawal.order', required: true, initial: (ctx) => waitingOf(ctx).map(partyOf)[0], options: (ctx) => waitingOf(ctx).map((one) => ({ value: partyOf(one) ?? '', text: one.name })) },
      { kind: 'check', name: 'everyone_out', label: 'withdrawal.everyone_out', initial: () => true }, { kind: 'int', name: 'missing', label: 'withdrawal.missing' },
    ],
    finish: (values, ctx) => { const { order, ...rest } = values; return waitingOf(ctx).some((one) => one.attached === order) ? { ...rest, attached: order } : values },
    extra: () => ({ everyone_out: false }),
  },
  appoint_safety_officer: { path: at('scene/safety-officer'), fields: [{ kind: 'position', name: 'who', label: 'scene.safety_officer', required: true }] },
  enter_scene: {
    path: at('scene/enter'), reported: true, teller: () => undefined,
    fields: [{ kind: 'text', name: 'group', label: 'scene.group', required: true }, { kind: 'int', name: 'count', label: 'scene.count', required: true, min: 1 }, { kind: 'order', name: 'order', label: 'scene.order' }],
  },
  leave_scene: {
    path: at('scene/leave'), reported: true, teller: () => undefined,
    fields: [{ kind: 'text', name: 'group', label: 'scene.group', required: true }, { kind: 'int', name: 'count', label: 'scene.count', required: true, min: 1 }, { kind: 'order', name: 'order', label: 'scene.order' }],
  },
} satisfies Record<string, ActSpec>

const waitingOf = (ctx: ActContext) => (ctx.target as Withdrawal | undefined)?.waiting ?? []
const partyOf = (one: Withdrawal['waiting'][number]) => one.order ?? one.attached ?? undefined
