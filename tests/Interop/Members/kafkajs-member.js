// A member of GROUP that prints "partition<tab>offset<tab>key<tab>value" a record, commits as it goes, and leaves at
// SIGTERM. Usage: node kafkajs-member.js BOOTSTRAP TOPIC GROUP classic
const { Kafka, logLevel } = require('kafkajs')

const [bootstrap, topic, groupId] = process.argv.slice(2)
const kafka = new Kafka({
  clientId: 'member', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 50 },
})
const consumer = kafka.consumer({ groupId, sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10000 })

async function main() {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitInterval: 200,
    eachMessage: async ({ partition, message }) => {
      process.stdout.write(`${partition}\t${message.offset}\t${message.key}\t${message.value}\n`)
    },
  })
  process.on('SIGTERM', async () => {
    await consumer.disconnect()
    process.exit(0)
  })
}

main().catch(error => {
  console.error(error.stack ?? String(error))
  process.exitCode = 1
})
