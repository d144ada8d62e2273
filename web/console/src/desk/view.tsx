/** The desk's view and the incident that is chosen on it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queries, type Desk, type IncidentFile } from '../api/index.ts'
import { Failed, Loading } from '../ui/index.ts'

export function useDesk() {
  return useQuery({ ...queries.desk(), placeholderData: keepPreviousData })
}

export function WithDesk({ children }: { children: (desk: Desk) => ReactNode }) {
  const desk = useDesk()
  if (desk.data) return children(desk.data)
  if (desk.isError) return <Failed error={desk.error} onRetry={() => void desk.refetch()} />
  return <Loading rows={9} />
}

export function WithIncident({ id, children }: { id: string; children: (file: IncidentFile) => ReactNode }) {
  const file = useQuery(queries.incident(id))
  if (file.data) return children(file.data)
  if (file.isError) return <Failed error={file.error} onRetry={() => void file.refetch()} />
  return <Loading rows={9} />
}
