/** The words of a .docx, without another library: the archive's own entry of the document, unpacked. */
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'

const CENTRAL_ENTRY = 0x02014b50

export function wordsOf(path) {
  const bytes = readFileSync(path)
  if (bytes.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') throw new Error(`${path} is no archive`)
  for (let at = bytes.indexOf('PK\u0001\u0002', 'latin1'); at >= 0 && bytes.readUInt32LE(at) === CENTRAL_ENTRY;) {
    const [method, packed, name, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]
    if (bytes.toString('utf8', at + 46, at + 46 + name) === 'word/document.xml') {
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
      const body = bytes.subarray(start, start + packed)
      return (method === 0 ? body : inflateRawSync(body)).toString('utf8').replace(/<[^>]*>/g, '')
    }
    at += 46 + name + extra + comment
  }
  throw new Error(`${path} has no document in it`)
}
