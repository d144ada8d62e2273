/** Who commands, since when, by what decision; groups, delegations, and who commanded before (Plan 4.1.5). */
import { useQuery } from '@tanstack/react-query'
import { ActButton, CopyButton, ReportedText, subjectOf, type ActName } from '../acts/index.ts'
import { queries, type IncidentFile } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Badge, Empty, Facts, Failed, Loading, Panel, Table } from '../ui/index.ts'

const ACTS: ActName[] = ['establish_post', 'form_forward_headquarters', 'hand_in_briefing', 'delegate_command', 'raise_command', 'order_withdrawal']

export function CommandPanel({ file, now }: { file: IncidentFile; now: number }) {
  const { command } = file
  const hq = command.forward_headquarters
  const post = command.post
  return (
    <div className="columns">
      <div className="stack">
        <Panel title={t('command')}>
          <div className="stack">
            <div className="commander-now"><span>{t('command.holder')}</span><strong>{command.name}</strong><span className="muted">{t('since', { at: timeText(command.since, now) })}</span></div>
            <div className="commandbar">{ACTS.map((act) => { const found = subjectOf(file, act); return <ActButton key={act} act={act} may={found?.may} subject={{ incident: file.id }} /> })}</div>
            {post && <Facts items={[
              [t('command.post'), post.commander], [t('command.decision'), post.decision], [t('command.place'), post.place], [t('command.channel'), post.channel], [t('command.members'), post.members.join('、')],
              [t('command.established'), <ReportedText key="e" reported={post.established} now={now} />], [t('command.briefing'), post.briefing ? <ReportedText key="b" reported={post.briefing} now={now} /> : <Badge key="b" tone={post.briefing_overdue ? 'bad' : 'waiting'}>{t('command.briefing.due')}</Badge>],
            ]} />}
            {hq && <>
              <h3 className="section">{t('command.forward_headquarters')}</h3>
              <Facts items={[[t('command.commander'), hq.commander], [t('command.place'), hq.place], [t('command.channel'), hq.channel]]} />
              {hq.groups.length > 0 && <Table label={t('command.groups')} rows={hq.groups} rowKey={(group) => group.name} columns={[
                { key: 'name', title: t('command.group'), header: true, cell: (group) => group.name }, { key: 'leader', title: t('command.group.leader'), cell: (group) => group.leader },
                { key: 'forces', title: t('command.group.forces'), cell: (group) => group.forces.map((force) => force.name).join('、') }]} />}
            </>}
          </div>
        </Panel>
        <Panel title={t('command.delegations')} count={command.delegations.length}>
          {command.delegations.length === 0 ? <Empty small /> : <ul className="lines">{command.delegations.map((one, i) => <li key={i}><b>{one.to}</b><span>{one.scope}</span><span className="muted">{t('since', { at: timeText(one.since, now) })}</span></li>)}</ul>}
        </Panel>
        <Panel title={t('command.history')}>
          <ol className="lines">{command.history.map((one, i) => <li key={i}><b>{one.name}</b><span className="muted">{timeText(one.from, now)} – {one.to ? timeText(one.to, now) : t('now')}</span></li>)}</ol>
        </Panel>
      </div>
      <div className="stack">
        <Withdrawals file={file} now={now} />
        <ScenePanel file={file} now={now} />
        <BriefingPanel file={file} />
      </div>
    </div>
  )
}

/** An emergency withdrawal is over when every force has said that its people are out. */
export function Withdrawals({ file, now }: { file: IncidentFile; now: number }) {
  const waiting = file.withdrawals.reduce((sum, one) => sum + one.waiting.length, 0)
  return (
    <Panel title={t('withdrawals')} count={waiting} countTone="bad" actions={<ActButton act="order_withdrawal" may={subjectOf(file, 'order_withdrawal')?.may} subject={{ incident: file.id }} size="s" kind="danger" />}>
      {file.withdrawals.length === 0 ? <Empty small>{t('withdrawals.empty')}</Empty> : file.withdrawals.map((one) => (
        <article key={one.id} className="card" data-waiting={one.waiting.length > 0 || undefined}>
          <div className="row wrap"><b>{one.reason ?? t('withdrawals')}</b><span className="muted small"><ReportedText reported={one.ordered} now={now} /></span></div>
          {one.waiting.length > 0 && <p><Badge tone="bad">{t('withdrawal.waiting', { n: one.waiting.length })}</Badge> {one.waiting.map((force) => force.name).join('、')}</p>}
          <ul className="lines">{one.confirmed.map((done) => (
            <li key={done.force + done.reported.at}><b>{done.force}</b><Badge tone={done.everyone_out ? 'good' : 'bad'}>{done.everyone_out ? t('withdrawal.all_out') : t('withdrawal.not_all_out', { n: done.missing ?? 0 })}</Badge><span className="muted small"><ReportedText reported={done.reported} now={now} /></span></li>
          ))}</ul>
          <ActButton act="confirm_withdrawal" may={one.waiting.length > 0 ? one.may.confirm_withdrawal : undefined} subject={{ incident: file.id, id: one.id }} size="s" />
        </article>
      ))}
    </Panel>
  )
}

/** Who is inside, and who watches over them. */
export function ScenePanel({ file, now }: { file: IncidentFile; now: number }) {
    const may = (act: ActName) => subjectOf(file, act)?.may
  return (
    <Panel title={t('scene')} count={file.scene.people} actions={<>
      {(['enter_scene', 'leave_scene', 'appoint_safety_officer'] as const).map((act) => <ActButton key={act} act={act} may={may(act)} subject={{ incident: file.id }} size="s" />)}
    </>}>
      <div className="stack tight">
        <Facts items={[[t('scene.safety_officer'), file.scene.safety_officer ?? <Badge key="s" tone="waiting">{t('scene.safety_officer.none')}</Badge>]]} />
        {file.scene.inside.length === 0 ? <Empty small>{t('scene.empty')}</Empty> : (
          <Table label={t('scene')} rows={file.scene.inside} rowKey={(one) => `${one.group}${one.order ?? ''}`} columns={[
            { key: 'group', title: t('scene.group'), header: true, cell: (one) => one.group }, { key: 'force', title: t('force'), cell: (one) => one.force?.name ?? '' }, { key: 'count', title: t('scene.count'), num: true, cell: (one) => one.count },
            { key: 'since', title: t('scene.since'), cell: (one) => timeText(one.since, now) }]} />
        )}
      </div>
    </Panel>
  )
}

function BriefingPanel({ file }: { file: IncidentFile }) {
  const briefing = useQuery(queries.briefing(file.id))
  return (
    <Panel title={t('command.briefing')} actions={briefing.data && <CopyButton text={briefing.data.lines.join('\n')} label={t('copy')} />}>
      {briefing.isError ? <Failed error={briefing.error} /> : briefing.data ? <ol className="lines">{briefing.data.lines.map((line) => <li key={line}>{line}</li>)}</ol> : <Loading rows={3} />}
    </Panel>
  )
}
