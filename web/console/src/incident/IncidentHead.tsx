/** The current incident in one glance, and the one next step as its largest button. */
import { ActButton, isActName, MayReason, refusedOf, subjectOf, useActs, type ActName } from '../acts/index.ts'
import type { IncidentFile } from '../api/index.ts'
import { timeText } from '../locales/format.ts'
import { t } from '../locales/index.ts'
import { Link } from '../router.tsx'
import { to } from '../routes.ts'
import { Badge, Button, useHotkey } from '../ui/index.ts'
import { casualtiesText } from './acts.ts'
import { HazardSign } from './IncidentQueue.tsx'
import { STATUS_TONE } from './tones.ts'

export function IncidentHead({ file, now, linked }: { file: IncidentFile; now: number; linked?: boolean }) {
  return (
    <div className="incidenthead">
      <HazardSign hazard={file.hazard} grade={file.grade} big />
      <div className="stack tight">
        <div className="row wrap">
          <h1>{linked ? <Link to={to.incident(file.id)}>{file.place.text}</Link> : file.place.text}</h1>
          {file.drill && <Badge tone="drill" big>{t('drill')}</Badge>}
          <Badge tone={STATUS_TONE[file.status]} big>{t(`incident.status.${file.status}`)}</Badge>
        </div>
        <div className="row wrap muted facts-line">
          <span>{file.number}</span>
          <span>{file.hazard?.name ?? t('incident.hazard.none')}{file.grade ? ` · ${t('incident.grade.n', { n: file.grade })}` : ''}</span>
          <span>{file.severity ? `${t(`severity.${file.severity.value}`)}（${t(`severity.stage.${file.severity.stage}`)}）` : t('severity.ungraded')}</span>
          {file.place.town && <span>{file.place.town.name}</span>}
          {file.place.quality === 'town_seat' && <Badge tone="waiting">{t('place.town_seat')}</Badge>}
          {file.place.quality === 'place' && <span title={t('place.quality.place')}>≈</span>}
          <span>{t('incident.called', { at: timeText(file.opened_at, now), n: file.calls })}</span>
        </div>
        <div className="row wrap vital">
          {file.trapped ? <span>{t('incident.trapped.n', { n: file.trapped })}</span> : null}
          {file.substance && <span>{file.substance}</span>}
          {file.casualties && <span>{casualtiesText(file.casualties.figures)}{file.casualties.confirmed ? '' : t('casualties.unconfirmed')}</span>}
          <span className="commander">{t('command.now', { who: file.command.name })}</span>
        </div>
      </div>
    </div>
  )
}

/** What is to be done now, told by the node; Enter does it. */
export function NextStep({ file, keyed }: { file: IncidentFile; keyed?: boolean }) {
  const { open, openInstead } = useActs()
  const next = file.next && isActName(file.next.act) ? file.next : null
  const found = next ? subjectOf(file, next.act) : undefined
  const press = () => { if (next && isActName(next.act)) open(next.act, found?.subject ?? { incident: file.id }, {}, found?.may) }
  useHotkey('Enter', t('key.next'), press, !!keyed && !!next)
  if (!next) return null
  const refused = refusedOf(found?.may)
  return (
    <Button
      size="xl" kind="primary" wide hotkey={keyed ? '⏎' : undefined} onPress={press} testId="next-step"
      disabledReason={!refused ? undefined : <MayReason may={refused} onInstead={(act) => openInstead(act, found?.subject ?? { incident: file.id })} />}
    >
      {next.text}
    </Button>
  )
}

/** The acts on an incident as a whole, in the order of the work. Which of them show is the node's answer. */
const GROUPS: { title: 'acts.call' | 'acts.dispatch' | 'acts.command' | 'acts.information' | 'acts.end'; acts: ActName[] }[] = [
  { title: 'acts.call', acts: ['verify_call', 'classify_incident', 'raise_grade', 'grade_severity', 'merge_incident'] },
  { title: 'acts.dispatch', acts: ['order_first_response', 'send_linkage_notices', 'push_stand_by', 'call_town', 'draft_plan', 'submit_plan', 'record_telephone_approval', 'send_letter', 'request_reinforcement'] },
  { title: 'acts.command', acts: ['form_forward_headquarters', 'establish_post', 'hand_in_briefing', 'delegate_command', 'raise_command', 'appoint_safety_officer', 'order_withdrawal'] },
  { title: 'acts.information', acts: ['file_report', 'count_casualties', 'confirm_casualties', 'give_instruction', 'compile_situation_report', 'add_note'] },
  { title: 'acts.end', acts: ['control_incident', 'close_incident', 'write_review'] },
]

export function IncidentActs({ file, keyed, only }: { file: IncidentFile; keyed?: boolean; only?: string[] }) {
  return (
    <div className="actgroups" role="toolbar" aria-label={t('acts')}>
      {GROUPS.filter((group) => !only || only.includes(group.title)).map((group) => {
        const shown = group.acts.map((act) => ({ act, found: subjectOf(file, act) })).filter((one) => one.found)
        if (shown.length === 0) return null
        return (
          <div key={group.title} className="actgroup">
            <span>{t(group.title)}</span>
            <div className="commandbar">{shown.map(({ act, found }) => <ActButton key={act} act={act} may={found?.may} subject={found?.subject ?? { incident: file.id }} kind={act === 'order_withdrawal' ? 'danger' : 'plain'} keyed={keyed} />)}</div>
          </div>
        )
      })}
    </div>
  )
}
