export { reviewActs } from './acts.ts'
export { ReviewPage } from './ReviewPage.tsx'
