/** A node of its own for the stories: started on a free port with an empty directory, stopped at the end. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const BINARY = process.env.MUSTER_BIN ?? resolve(import.meta.dirname, '../../target/debug/muster')
const START_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 10_000

export async function startNode() {
  const data = mkdtempSync(join(tmpdir(), 'muster-e2e-'))
  const child = spawn(BINARY, ['demo', '--data', data, '--listen', '127.0.0.1:0', '--messages', 'off'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MUSTER_DEMO_PASSWORD: 'muster-demo' } })
  let said = ''
  const url = await new Promise((found, failed) => {
    const late = setTimeout(() => failed(new Error(`the node did not start in ${START_LIMIT_MS} ms:\n${said}`)), START_LIMIT_MS)
    const hear = (piece) => {
      said += piece
      const address = /https?:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (address) { clearTimeout(late); found(address) }
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', (error) => failed(new Error(`${BINARY}: ${error.message}`)))
    child.on('exit', (code) => failed(new Error(`the node ended with ${code}:\n${said}`)))
  })
  return {
    url, data,
    log: () => said,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      await gone
      clearTimeout(late)
    },
    /** What `muster verify` says over the journal just written: [clean, text]. */
    verify(...more) {
      const run = spawnSync(BINARY, ['verify', '--data', data, ...more], { encoding: 'utf8' })
      return [run.status === 0, `${run.stdout}${run.stderr}`]
    },
    forget: () => rmSync(data, { recursive: true, force: true }),
  }
}
