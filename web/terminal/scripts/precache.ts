//! Writes into the built service worker the list of built files, each with the hash of its content.

import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Plugin } from 'vite'

const PLACE = /(["'`])__PRECACHE__\1/

/** Every file below `dir`, as paths with `/`. */
export function filesBelow(dir: string, at = dir): string[] {
  return readdirSync(at).flatMap((name) => {
    const path = join(at, name)
    return statSync(path).isDirectory() ? filesBelow(dir, path) : [relative(dir, path).split(sep).join('/')]
  })
}

/** Vite plugin: after the files are written, the worker learns their names and hashes. A worker without its list fails the build. */
export function precache(): Plugin {
  let out = ''
  return {
    name: 'muster-precache',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir)
    },
    closeBundle() {
      const files = filesBelow(out).filter((file) => file !== 'sw.js' && !file.endsWith('.map')).sort()
      const list = files.map((file) => [file, createHash('sha256').update(readFileSync(join(out, file))).digest('hex').slice(0, 16)])
      const worker = join(out, 'sw.js')
      const code = readFileSync(worker, 'utf8')
      if (!PLACE.test(code)) throw new Error(`cannot write the list of built files: ${worker} has no place for it`)
      writeFileSync(worker, code.replace(PLACE, () => JSON.stringify(list)))
    },
  }
}
