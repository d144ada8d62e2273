//! Fails when the page's files (html, css, js; gzip) exceed the promised size. Run after the build.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Issue A: the terminal page is at most 60 KB gzip. */
export const SIZE_MAX_BYTES = 60_000

/** Sizes (gzip, bytes) of each html, css and js file below `dir`. */
export function sizes(dir) {
  const found = []
  for (const name of readdirSync(dir)) {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) found.push(...sizes(path))
    else if (/\.(html|css|js)$/.test(name)) found.push({ name, bytes: gzipSync(readFileSync(path), { level: 9 }).length })
  }
  return found
}

/** The verdict in words; `ok` is false above the limit, and when there is nothing to measure. */
export function judge(files, max = SIZE_MAX_BYTES) {
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  const lines = files.map((file) => `${String(file.bytes).padStart(7)} B  ${file.name}`)
  if (files.length === 0) return { ok: false, total, text: 'error: no built file found, run the build first' }
  const ok = total <= max
  lines.push(`${String(total).padStart(7)} B  in all, gzip; at most ${max} B${ok ? '' : '. error: too large for a phone on a poor link'}`)
  return { ok, total, text: lines.join('\n') }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const verdict = judge(sizes(fileURLToPath(new URL('../dist', import.meta.url))))
  console.log(verdict.text)
  if (!verdict.ok) process.exitCode = 1
}
