export { deliveryActs } from './acts.ts'
export { ContactsCard } from './ContactsCard.tsx'
export { Corrections } from './Corrections.tsx'
export { Notifications } from './Notifications.tsx'
