export { dutyActs } from './acts.ts'
export { DutyPage, HandOverPage, ReadinessPage } from './Duty.tsx'
