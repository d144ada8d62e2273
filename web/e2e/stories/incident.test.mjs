/** One incident from the call to the review, through the real pages. */
import { playsIncident } from '../incident.mjs'

playsIncident()
