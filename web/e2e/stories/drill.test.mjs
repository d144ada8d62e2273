/** The same incident a second time, as a drill (演练): every screen, text and paper of it says so. */
import { playsIncident } from '../incident.mjs'

playsIncident({ drill: true })
