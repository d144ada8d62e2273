/** The command post on scene: command, orders, withdrawal, who is inside, what it delegates. */
import { ActButton, subjectOf } from '../acts/index.ts'
import { useNow, type Desk, type IncidentFile } from '../api/index.ts'
import { CommandPanel } from '../command_post/index.ts'
import { BoardCounts, Linked, OrderBoard, PlanCard } from '../dispatch/index.ts'
import { byNeed, CasualtiesView, IncidentActs, IncidentHead, IncidentQueue, NextStep } from '../incident/index.ts'
import { Instructions, Reports } from '../report/index.ts'
import { ReinforcementPanel } from '../reinforcement/index.ts'
import { t } from '../locales/index.ts'
import { Link } from '../router.tsx'
import { to } from '../routes.ts'
import { Empty, Panel } from '../ui/index.ts'
import { Frame } from './Frame.tsx'
import { IncidentMap } from './IncidentMap.tsx'
import { WithDesk, WithIncident } from './view.tsx'

export function PostDesk({ incident }: { incident?: string }) {
  return <WithDesk>{(desk) => <Post desk={desk} incident={incident} />}</WithDesk>
}

function Post({ desk, incident }: { desk: Desk; incident?: string }) {
  const now = useNow()
  const queue = [...desk.incidents].sort((a, b) => Number(b.command?.holder === 'post') - Number(a.command?.holder === 'post') || byNeed(a, b))
  const current = incident ?? queue[0]?.id
  return (
    <Frame drill={queue.find((one) => one.id === current)?.drill}>
      <div className="split">
        <Panel flush title={t('queue')} count={queue.length}><IncidentQueue incidents={queue} selected={current} now={now} href={(id) => to.post(id)} /></Panel>
        {current ? <WithIncident id={current}>{(file) => <PostIncident file={file} now={now} />}</WithIncident> : <Panel><Empty>{t('post.empty')}</Empty></Panel>}
      </div>
    </Frame>
  )
}

function PostIncident({ file, now }: { file: IncidentFile; now: number }) {
  return (
    <div className="stack">
      <Panel>
        <div className="stack">
          <div className="row"><IncidentHead file={file} now={now} linked /><span className="spacer" /><ActButton act="order_withdrawal" may={subjectOf(file, 'order_withdrawal')?.may} subject={{ incident: file.id }} size="l" kind="alarm" /></div>
          <NextStep file={file} keyed />
          <div className="commandbar">{file.command.holder === 'post' && file.may.draft_plan !== undefined && <Link className="btn" to={to.proposal(file.id, { orderOf: 'post' })}>{t('post.order')}</Link>}</div>
          <IncidentActs file={file} keyed />
        </div>
      </Panel>
      <div className="columns">
        <div className="stack">
          <Panel title={t('board')} flush actions={<BoardCounts orders={file.orders} />}><OrderBoard orders={file.orders} now={now} keyed /></Panel>
          {file.plans.length > 0 && <Panel title={t('plans')}>{file.plans.map((plan) => <PlanCard key={plan.id} plan={plan} now={now} />)}</Panel>}
          <Panel title={t('linked')} flush><Linked file={file} now={now} /></Panel>
        </div>
        <div className="stack"><div className="mapinset"><IncidentMap incidents={[file]} file={file} /></div><Panel title={t('casualties')}><CasualtiesView file={file} now={now} /></Panel></div>
      </div>
      <CommandPanel file={file} now={now} />
      <div className="columns"><div className="stack"><ReinforcementPanel file={file} now={now} /></div><div className="stack"><Reports file={file} now={now} /><Instructions file={file} now={now} /></div></div>
    </div>
  )
}
