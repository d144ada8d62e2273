/** A node of its own for the stories: started on a free port with an empty directory, stopped at the end. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const BINARY = process.env.MUSTER_BIN ?? resolve(import.meta.dirname, '../../target/debug/muster')
const START_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 10_000

export const PASSWORD = 'muster-demo'

/** With settings it is a node in earnest, which sends; without, a demonstration that tells nobody outside. */
export async function startNode(settings) {
  const data = mkdtempSync(join(tmpdir(), 'muster-e2e-'))
  const at = ['--data', data, '--listen', '127.0.0.1:0']
  const file = join(data, 'settings.toml')
  if (settings) writeFileSync(file, settings)
  const asked = settings ? ['serve', '--config', file, ...at] : ['demo', ...at, '--messages', 'off']
  const child = spawn(BINARY, asked, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MUSTER_DEMO_PASSWORD: PASSWORD } })
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
    demo: settings === undefined,
    /** Gives an account of a node in earnest its password. */
    lets(account) {
      const run = spawnSync(BINARY, ['password', '--data', data, '--account', account], { input: `${PASSWORD}\n`, encoding: 'utf8' })
      if (run.status !== 0) throw new Error(run.stderr)
    },
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
