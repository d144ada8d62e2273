export { reinforcementActs } from './acts.ts'
export { ReinforcementPanel } from './ReinforcementPanel.tsx'
