// A member of GROUP that prints "partition<tab>offset<tab>key<tab>value" a record, commits as it goes, and leaves at
// SIGTERM. Usage: node platformatic-member.mjs BOOTSTRAP TOPIC GROUP classic|consumer
import { createRequire } from 'node:module'

const { Consumer, stringDeserializers } = createRequire(process.env.NODE_PATH + '/')('@platformatic/kafka')
const [bootstrap, topic, groupId, groupProtocol] = process.argv.slice(2)
const classic = { sessionTimeout: 6000, rebalanceTimeout: 10000, heartbeatInterval: 500 }
const consumer = new Consumer({
  clientId: 'member',
  groupId,
  bootstrapBrokers: bootstrap.split(','),
  deserializers: stringDeserializers,
  groupProtocol,
  retries: 50,
  retryDelay: 100,
  ...(groupProtocol === 'classic' ? classic : {}),
})
const stream = await consumer.consume({
  topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: 200, maxWaitTime: 200,
})
process.on('SIGTERM', async () => {
  await consumer.close(true)
  process.exit(0)
})
for await (const message of stream) {
  process.stdout.write(`${message.partition}\t${message.offset}\t${message.key}\t${message.value}\n`)
}
