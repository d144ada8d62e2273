import { useState } from 'react'
import { client, type IncidentFile } from '../api/index.ts'
import { currentLang, t } from '../locales/index.ts'
import { Button, Empty, Panel, Table, useToast } from '../ui/index.ts'

interface Document { key: string; name: string; path: string }

/** The official documents of the incident, made from its state when asked for. */
export function Documents({ file }: { file: IncidentFile }) {
  const say = useToast()
  const [busy, setBusy] = useState<string>()
  const fetchIt = async (document: Document) => {
    setBusy(document.key)
    try {
      const { blob, name } = await client.download(document.path)
      saveAs(blob, name)
    } catch (error) {
      say(error instanceof Error ? error.message : t('net.unreachable'), 'bad')
    } finally {
      setBusy(undefined)
    }
  }
  const documents = documentsOf(file)
  return (
    <Panel title={t('documents')} flush>
      {documents.length === 0 ? <Empty /> : (
        <Table
          label={t('documents')} rows={documents} rowKey={(one) => one.key}
          columns={[
            { key: 'name', title: t('document'), header: true, cell: (one) => one.name },
            { key: 'get', title: '', num: true, cell: (one) => <Button size="s" busy={busy === one.key} onPress={() => void fetchIt(one)}>{t('document.get')}</Button> },
          ]}
        />
      )}
    </Panel>
  )
}

function documentsOf(file: IncidentFile): Document[] {
  const path = (kind: string, search: Record<string, string> = {}) => `/incidents/${encodeURIComponent(file.id)}/documents/${kind}.docx?${new URLSearchParams({ lang: currentLang(), ...search }).toString()}`
  return [
    ...file.plans.map((plan) => ({ key: plan.id, name: t('document.plan', { number: plan.number }), path: path('plan', { plan: plan.id }) })),
    ...file.plans.filter((plan) => plan.approval).map((plan) => ({ key: `${plan.id}-approval`, name: t('document.approval', { number: plan.number }), path: path('approval', { plan: plan.id }) })),
    ...file.orders.map((order) => ({ key: order.id, name: t('document.order', { number: order.number, force: order.force_ref.name }), path: path('order', { order: order.id }) })),
    ...file.orders.filter((order) => order.filing).map((order) => ({ key: `${order.id}-filing`, name: t('document.filing', { number: order.number, authority: order.filing?.authority.name ?? '' }), path: path('filing', { order: order.id }) })),
    ...file.reports.map((report) => ({ key: report.id, name: t('document.report', { stage: t(`report.stage.${report.stage}`), version: report.version }), path: path('report', { report: report.id }) })),
    ...file.situation_reports.map((one) => ({ key: one.id, name: t('document.situation_report', { number: one.number }), path: path('situation_report', { report: one.id }) })),
    { key: 'briefing', name: t('document.briefing'), path: path('briefing') },
    ...(file.review ? [{ key: 'review', name: t('document.review'), path: path('review') }] : []),
  ]
}

function saveAs(blob: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
