export { commandActs } from './acts.ts'
export { CommandPanel, ScenePanel, Withdrawals } from './CommandPanel.tsx'
