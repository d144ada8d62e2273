/** Who is signed in, which page the address means. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { ActProvider } from '../acts/index.ts'
import { Problem, queries, session, useNow, type Me } from '../api/index.ts'
import { ContactsCard, Corrections } from '../delivery/index.ts'
import { Marks, ProposalPage } from '../dispatch/index.ts'
import { DutyPage, HandOverPage, ReadinessPage } from '../duty/index.ts'
import { IncidentTable } from '../incident/index.ts'
import { ForcesPage } from '../ledger/index.ts'
import { t, tCode } from '../locales/index.ts'
import { matchPath, navigate, useAddress } from '../router.tsx'
import { ROUTES, SIDE, to } from '../routes.ts'
import { Choice, Empty, Failed, HotkeyProvider, Loading, Panel } from '../ui/index.ts'
import { BrigadeDesk } from './BrigadeDesk.tsx'
import { BureauDesk } from './BureauDesk.tsx'
import { DeptDesk } from './DeptDesk.tsx'
import { Frame } from './Frame.tsx'
import { GovtDesk } from './GovtDesk.tsx'
import { IncidentPage } from './IncidentPage.tsx'
import { LiveProvider } from './Live.tsx'
import { Login } from './Login.tsx'
import { PostDesk } from './PostDesk.tsx'
import { REGISTRY } from './registry.ts'
import { TownDesk } from './TownDesk.tsx'
import { WithIncident } from './view.tsx'
import { Wall } from './Wall.tsx'

export function App() {
  const address = useAddress()
  const [lost, setLost] = useState(false)
  const login = matchPath(ROUTES.login, address.path) !== null
  const me = useQuery({ ...queries.me(), enabled: !login })
  const was = useRef(false)
  useEffect(() => session.onLost(() => {
    setLost(was.current) // who was never signed in here has lost nothing
    if (window.location.pathname !== '/login') navigate(`${to.login()}?to=${encodeURIComponent(window.location.pathname + window.location.search)}`, { replace: true })
  }), [])
  useEffect(() => { if (me.data) { was.current = true; setLost(false) } }, [me.data])
  if (login) return <Login lost={lost} />
  if (me.isPending) return <Loading rows={6} />
  if (me.isError) {
    if (me.error instanceof Problem && me.error.status === 401) return <Login lost={lost} />
    return <Failed error={me.error} onRetry={() => void me.refetch()} />
  }
  return <SignedIn me={me.data} key={me.data.account} />
}

function SignedIn({ me }: { me: Me }) {
  return (
    <HotkeyProvider>
      <ActProvider me={me} registry={REGISTRY}>
        <LiveProvider><Page me={me} /></LiveProvider>
      </ActProvider>
    </HotkeyProvider>
  )
}

function Page({ me }: { me: Me }): ReactNode {
  const { path, search } = useAddress()
  useEffect(() => { document.title = `${t('brand')} · ${me.position}` }, [me.position])
  useEffect(() => {
    if (path !== ROUTES.home && path !== '/desk/force') return
    const desk = to.desk(me.role)
    if (desk === to.terminal()) window.location.replace(desk)
    else navigate(desk, { replace: true })
  }, [path, me.role])

  let found: Record<string, string> | null
  if (path === ROUTES.home || path === '/desk/force') return null
  if (matchPath(ROUTES.newCall, path)) return <BrigadeDesk intake />
  if ((found = matchPath(ROUTES.brigade, path))) return <BrigadeDesk incident={found.incident} />
  if ((found = matchPath(ROUTES.bureau, path))) return <BureauDesk section={found.section} id={found.id} />
  if ((found = matchPath(ROUTES.post, path))) return <PostDesk incident={found.incident} />
  if ((found = matchPath(ROUTES.govt, path))) return <GovtDesk section={found.section} />
  if ((found = matchPath(ROUTES.dept, path))) return <DeptDesk section={found.section} />
  if ((found = matchPath(ROUTES.town, path))) return <TownDesk section={found.section} />
  if ((found = matchPath(ROUTES.proposal, path))) return <Proposal id={found.id ?? ''} search={search} side={SIDE[me.role]} />
  if ((found = matchPath(ROUTES.incident, path)) && found.id) return <IncidentPage id={found.id} tab={found.tab} />
  if (matchPath(ROUTES.incidents, path)) return <Incidents />
  if (matchPath(ROUTES.forces, path)) return <Frame><Corrections /><ForcesPage contacts={(id) => <ContactsCard kind="force" id={id} />} marks={(force) => <Marks marks={force.marks.filter((mark) => mark.code !== 'engaged')} />} stepName={(step) => tCode('order.step', step)} /></Frame>
  if (matchPath(ROUTES.duty, path)) return <Frame><DutyPage /></Frame>
  if ((found = matchPath(ROUTES.handOver, path))) return <Frame><HandOver desk={found.desk ?? ''} /></Frame>
  if (matchPath(ROUTES.readiness, path)) return <Frame><ReadinessPage /></Frame>
  if (matchPath(ROUTES.wall, path)) return <Wall />
  return <Frame><Panel><Empty hint={path}>{t('page.unknown')}</Empty></Panel></Frame>
}

function Proposal({ id, search, side }: { id: string; search: URLSearchParams; side: string }) {
  return (
    <WithIncident id={id}>
      {(file) => <Frame drill={file.drill} layout="desk"><ProposalPage file={file} revise={search.get('revise') ?? undefined} supplement={search.get('supplement') ?? undefined} add={search.get('add') ?? undefined} byPost={search.get('by') === 'post'} side={side} /></Frame>}
    </WithIncident>
  )
}

function Incidents() {
  const [open, setOpen] = useState<'open' | 'all'>('open')
  const incidents = useQuery(queries.incidents(open === 'open'))
  const now = useNow()
  return (
    <Frame>
      <Panel title={t('incidents')} count={incidents.data?.length} flush className="fill" actions={<Choice size="s" label="" value={open} onChange={setOpen} options={[{ value: 'open', label: t('incidents.open') }, { value: 'all', label: t('incidents.closed') }]} />}>
        {incidents.isPending && <Loading />}
        {incidents.isError && <Failed error={incidents.error} onRetry={() => void incidents.refetch()} />}
        {incidents.data && <IncidentTable rows={incidents.data} now={now} onPress={(id) => navigate(to.incident(id))} />}
      </Panel>
    </Frame>
  )
}
const HandOver = ({ desk }: { desk: string }) => <HandOverPage desk={desk} now={useNow()} />
