import { useState } from 'react'
import { client, type IncidentFile } from '../api/index.ts'
import { errorText } from '../locales/errors.ts'
import { t } from '../locales/index.ts'
import { saveAs } from '../acts/index.ts'
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
      say(errorText(error), 'bad')
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
  const path = (kind: string, of?: string) => `/incidents/${encodeURIComponent(file.id)}/documents/${kind}.docx${of ? `?of=${encodeURIComponent(of)}` : ''}`
  const authorities = [...new Map(file.filings.map((filing) => [filing.authority.id, filing.authority])).values()]
  return [
    ...file.plans.map((plan) => ({ key: plan.id, name: t('document.plan', { number: plan.number }), path: path('plan', plan.id) })),
    ...file.orders.map((order) => ({ key: order.id, name: t('document.order', { number: order.number, force: order.force_ref.name }), path: path('order', order.id) })),
    ...authorities.map((one) => ({ key: one.id, name: t('document.filing', { authority: one.name }), path: path('filing', one.id) })),
    ...file.letters.map((one) => ({ key: one.id, name: t('document.request', { number: one.number, org: one.org.name }), path: path('request', one.id) })),
    ...file.reinforcements.map((one) => ({ key: one.id, name: t('document.reinforcement', { org: one.to.name }), path: path('reinforcement', one.id) })),
    ...file.reports.map((report) => ({ key: report.id, name: t('document.report', { stage: t(`report.stage.${report.stage}`), version: report.version }), path: path('report', report.id) })),
    ...file.situation_reports.map((one) => ({ key: one.id, name: t('document.situation_report', { number: one.number }), path: path('situation-report', one.id) })),
    ...(file.command.post ? [{ key: 'briefing', name: t('document.briefing'), path: path('briefing') }] : []),
    { key: 'review', name: t('document.review'), path: path('review') },
  ]
}
