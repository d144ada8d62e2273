export { reportActs } from './acts.ts'
export { Information, InstructionCard, Instructions, isUnread, ReportCard, Reports, ShortText, SituationReports } from './Reports.tsx'
