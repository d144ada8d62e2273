import type { ReactNode } from 'react'
import { Empty } from './Faces.tsx'

export interface Column<Row> {
  key: string
  title: ReactNode
  cell: (row: Row) => ReactNode
  /** Names the row for who can't see it. */
  header?: boolean
  num?: boolean
  width?: number | string
}

/** A dense table; a row that can be pressed can also be reached with the keyboard. */
export function Table<Row>(props: {
  columns: Column<Row>[]; rows: Row[]; rowKey: (row: Row) => string; onPress?: (row: Row) => void; selected?: string; empty?: ReactNode; label: string
}) {
  if (props.rows.length === 0) return <Empty small>{props.empty}</Empty>
  return (
    <table className="table" aria-label={props.label}>
      <thead>
        <tr>{props.columns.map((column) => <th key={column.key} scope="col" className={column.num ? 'num' : undefined} style={{ width: column.width }}>{column.title}</th>)}</tr>
      </thead>
      <tbody>
        {props.rows.map((row) => {
          const key = props.rowKey(row)
          const press = props.onPress && (() => props.onPress?.(row))
          return (
            <tr
              key={key} data-press={press ? true : undefined} aria-selected={props.selected === key || undefined} tabIndex={press ? 0 : undefined} onClick={press}
              onKeyDown={press && ((event) => { if (event.key === 'Enter' && event.target === event.currentTarget) press() })}
            >
              {props.columns.map((column) => column.header
                ? <th key={column.key} scope="row" className={column.num ? 'num' : undefined}>{column.cell(row)}</th>
                : <td key={column.key} className={column.num ? 'num' : undefined}>{column.cell(row)}</td>)}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
