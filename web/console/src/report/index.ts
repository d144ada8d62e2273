export { reportActs } from './acts.ts'
export { Information, InstructionCard, Instructions, ReportCard, Reports, ShortText, SituationReports } from './Reports.tsx'
