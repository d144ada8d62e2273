export { ForcesPage } from './ForcesPage.tsx'
