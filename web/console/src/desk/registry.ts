import type { ActRegistry } from '../acts/index.ts'
import { commandActs } from '../command_post/index.ts'
import { deliveryActs } from '../delivery/index.ts'
import { dispatchActs } from '../dispatch/index.ts'
import { dutyActs } from '../duty/index.ts'
import { incidentActs } from '../incident/index.ts'
import { reinforcementActs } from '../reinforcement/index.ts'
import { reportActs } from '../report/index.ts'
import { reviewActs } from '../review/index.ts'

/** Every act with its form; an act without one does not compile. */
export const REGISTRY: ActRegistry = { ...incidentActs, ...dispatchActs, ...commandActs, ...reinforcementActs, ...reportActs, ...reviewActs, ...dutyActs, ...deliveryActs }
