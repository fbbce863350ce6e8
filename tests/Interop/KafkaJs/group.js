// Reads COUNT records of TOPIC as a member of GROUP and prints "key<tab>value" a record, then commits and leaves.
// Usage: node group.js BOOTSTRAP TOPIC GROUP COUNT
const { Kafka, logLevel } = require('kafkajs')

const [bootstrap, topic, groupId, count] = process.argv.slice(2)
const kafka = new Kafka({ clientId: 'interop', brokers: bootstrap.split(','), logLevel: logLevel.ERROR })
const consumer = kafka.consumer({ groupId })
let left = Number(count)
let finish
const finished = new Promise(resolve => { finish = resolve })

async function main() {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: true,
    eachMessage: async ({ message }) => {
      process.stdout.write(`${message.key}\t${message.value}\n`)
      if (--left === 0) finish()
    },
  })
  const late = setTimeout(() => { console.error(`${left} records did not come`); process.exitCode = 1; finish() }, 40000)
  await finished
  clearTimeout(late)
  await consumer.disconnect()
}

main().catch(error => {
  console.error(error.stack ?? String(error))
  process.exitCode = 1
})
