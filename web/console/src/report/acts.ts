import type { ActContext, ActSpec } from '../acts/index.ts'
import type { Report, ReportStage } from '../api/index.ts'
import { t } from '../locales/index.ts'

const STAGES: ReportStage[] = ['first', 'follow_up', 'final']
/** The stage that comes next: the first once, then follow-ups, the final one when the incident is under control. */
function nextStage(ctx: ActContext): ReportStage {
  if (!ctx.file?.reports.some((report) => report.stage === 'first')) return 'first'
  return ctx.file.status === 'controlled' && !ctx.file.reports.some((report) => report.stage === 'final') ? 'final' : 'follow_up'
}

export const reportActs = {
  file_report: {
    path: (s) => `/incidents/${s.incident}/reports`, hotkey: 'r', kind: 'primary', reported: true, teller: () => undefined,
    fields: [
      { kind: 'choice', name: 'stage', label: 'report.stage', required: true, initial: nextStage, options: () => STAGES.map((stage) => ({ value: stage, text: t(`report.stage.${stage}`) })) },
      { kind: 'long', name: 'text', label: 'report.text', required: true, rows: 8, initial: (ctx) => ctx.initial.text },
      { kind: 'check', name: 'by_phone', label: 'report.by_phone' },
    ],
    consequence: () => t('report.consequence'),
  },
  correct_report: {
    path: (s) => `/reports/${s.id}/correct`,
    fields: [
      { kind: 'long', name: 'text', label: 'report.text', required: true, rows: 8, initial: (ctx) => (ctx.target as Report | undefined)?.text },
      { kind: 'text', name: 'why', label: 'report.why', required: true },
    ],
    consequence: () => t('report.correct.consequence'),
  },
  read_report: { path: (s) => `/reports/${s.id}/read`, instant: true },
  compile_situation_report: { path: (s) => `/incidents/${s.incident}/situation-reports`, hotkey: 'z', kind: 'primary', fields: [{ kind: 'long', name: 'text', label: 'situation_report.text', required: true, rows: 14 }] },
} satisfies Record<string, ActSpec>
