// An SMSC of the npm package `smpp`, for the tests of the SMPP channel. It prints its port, then what it is sent, one
// JSON document a line; numbers that end in 13 are unknown, in 88 too many. It ends with its standard input.
import process from 'node:process'
import smpp from 'smpp'

let next = 0
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const server = smpp.createServer((session) => {
  session.on('error', () => {})
  session.on('bind_transceiver', (pdu) => {
    const wrong = pdu.password !== 'geheim'
    session.send(pdu.response(wrong ? { command_status: smpp.ESME_RINVPASWD } : { system_id: 'smsc' }))
    print({ bind: pdu.system_id, version: pdu.interface_version })
  })
  session.on('submit_sm', (pdu) => {
    const to = pdu.destination_addr
    if (to.endsWith('13')) return session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }))
    if (to.endsWith('88')) return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }))
    next += 1
    const id = `m${next}`
    session.send(pdu.response({ message_id: id }))
    const body = pdu.short_message
    print({ to, from: pdu.source_addr, text: body.message, parts: body.udh?.length ?? 0, coding: pdu.data_coding, id,
      receipt: pdu.registered_delivery, priority: pdu.priority_flag })
    session.deliver_sm({
      source_addr: to, destination_addr: pdu.source_addr, esm_class: smpp.ESM_CLASS?.MC_DELIVERY_RECEIPT ?? 4,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2611240831 done date:2611240832 stat:${
        to.endsWith('05') ? 'UNDELIV' : 'DELIVRD'} err:000 text:`,
    }, (answer) => print({ acknowledged: id, status: answer.command_status }))
    if (!body.udh || body.udh[0]?.[4] === 1 || body.udh[4] === 1) {
      session.deliver_sm({ source_addr: `86${to}`, destination_addr: pdu.source_addr, data_coding: 8,
        short_message: { message: 'A7 1 㛃𠮷收到' } })
    }
  })
  session.on('enquire_link', (pdu) => { session.send(pdu.response()); print({ enquired: true }) })
  session.on('unbind', (pdu) => { session.send(pdu.response()); print({ unbound: true }) })
})
server.listen(0, '127.0.0.1', () => print({ port: server.address().port }))
process.stdin.on('end', () => process.exit(0)).resume()
