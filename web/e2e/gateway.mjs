/** An operator's SMS gateway of the story's own: takes messages as its settings say, and sends reports and answers back to the node. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { until } from './users.mjs'

const TOKEN = 'a-long-token-of-the-stories'
/** Numbers of the register as they leave the node. */
export const bare = (number) => number.replaceAll('-', '')

export async function openGateway() {
  const got = []
  const unknown = new Set()
  let open = Promise.resolve()
  let release = () => {}
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => { body += piece })
    request.on('end', async () => {
      const message = JSON.parse(body)
      got.push(message)
      await open
      const code = unknown.has(message.to) ? '404' : '0'
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ code, id: message.id, msg: code === '0' ? '' : '空号' }))
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const back = async (node, what, body) => {
    const response = await fetch(`${node.url}/api/v1/channels/yidong/callback?token=${TOKEN}&what=${what}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    })
    if (response.status !== 200) throw new Error(`the node answered a callback with ${response.status}: ${await response.text()}`)
  }
  return {
    settings: `
messages = "send"
[[channels.sms_https]]
name = "yidong"
url = "http://127.0.0.1:${server.address().port}/send"
format = "json"
body = { to = "{to}", text = "{text}", id = "{id}" }
signature = "荣成应急"
success = { pointer = "/code", is = ["0"] }
reference = "/id"
reason = "/msg"
bad_address = ["404"]
callback = { token = "${TOKEN}", body = "OK", reports = { reference = "/id", state = "/state", delivered = ["DELIVRD"], reason = "/why" }, answers = { from = "/from", text = "/text" } }
`,
    /** Takes connections and says nothing until it goes on. */
    holds: () => { open = new Promise((done) => { release = done }) },
    goesOn: () => release(),
    /** From now on it knows nobody of this number. */
    knowsNot: (number) => unknown.add(bare(number)),
    /** The first message to a number, as a person reads it. */
    messageTo: (number, limit_ms) => until(`an SMS to ${number}`, () => got.find((one) => one.to === bare(number)), limit_ms),
    reports: (node, message, state = 'DELIVRD') => back(node, 'report', { id: message.id, state }),
    answers: (node, from, text) => back(node, 'answer', { from: bare(from), text }),
    close: () => { server.closeAllConnections(); server.close() },
  }
}
/** Web push under a key made for this story; its services are the browsers' own, which nobody reaches from here. */
export function pushSettings() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
  return `
[[channels.push]]
name = "push"
contact = "mailto:zhiban@example.cn"
key = ${JSON.stringify(privateKey)}
`
}
/** The short code of 「接令回复1 1000」. */
export const codeOf = (message) => /回复1 (\d{4})/.exec(message.text)[1]
