// Creates a topic with KafkaJS's admin, produces the lines of the standard input (key, tab, value) with acks=all,
// fetches everything back from the partitions' leaders and prints "partition<tab>offset<tab>key<tab>value" a record.
// Usage: node roundtrip.js BOOTSTRAP TOPIC IDEMPOTENT(true|false) CODEC(none|gzip)
// Its consumer needs groups; so that a broker without them can be read, records are fetched by its broker class.
const { Kafka, CompressionTypes, logLevel } = require('kafkajs')
const Cluster = require('kafkajs/src/cluster')
const createSocketFactory = require('kafkajs/src/network/socketFactory')
const { createLogger } = require('kafkajs/src/loggers')
const LoggerConsole = require('kafkajs/src/loggers/console')

const PARTITIONS = 6
const [bootstrap, topic, idempotent, codec] = process.argv.slice(2)
const brokers = bootstrap.split(',')

async function readInput() {
  const chunks = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').split('\n').filter(line => line.length > 0)
}

async function produce(lines) {
  const kafka = new Kafka({ clientId: 'interop', brokers, logLevel: logLevel.ERROR, retry: { retries: 20 } })
  const admin = kafka.admin()
  await admin.connect()
  const created = await admin.createTopics({
    topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 3,
      configEntries: [{ name: 'min.insync.replicas', value: '2' }] }],
  })
  const again = await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }] })
  if (!created || again) throw new Error(`createTopics said ${created}, then ${again}`)
  const described = await admin.fetchTopicMetadata({ topics: [topic] })
  if (described.topics[0].partitions.length !== PARTITIONS) throw new Error('partitions are missing')
  const cluster = await admin.describeCluster()
  if (cluster.brokers.length !== 3) throw new Error(`${cluster.brokers.length} brokers`)
  await admin.disconnect()

  const producer = kafka.producer({ idempotent: idempotent === 'true', maxInFlightRequests: 1 })
  await producer.connect()
  for (let at = 0; at < lines.length; at += 200) {
    await producer.send({
      topic,
      acks: -1,
      compression: codec === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
      messages: lines.slice(at, at + 200).map(line => {
        const tab = line.indexOf('\t')
        return { key: line.slice(0, tab), value: line.slice(tab + 1), headers: { from: 'kafkajs' } }
      }),
    })
  }
  await producer.disconnect()
}

async function fetchAll(expected) {
  const cluster = new Cluster({
    logger: createLogger({ level: logLevel.ERROR, logCreator: LoggerConsole }),
    socketFactory: createSocketFactory(),
    brokers, clientId: 'interop', connectionTimeout: 5000, metadataMaxAge: 60000,
    retry: { retries: 20 }, allowAutoTopicCreation: false, maxInFlightRequests: 1,
  })
  await cluster.connect()
  await cluster.addTargetTopic(topic)
  const offsets = Array(PARTITIONS).fill('0')
  const deadline = Date.now() + 30000
  let found = 0
  while (found < expected && Date.now() < deadline) {
    for (const { partitionId, leader } of cluster.findTopicPartitionMetadata(topic)) {
      const broker = await cluster.findBroker({ nodeId: leader })
      const answer = await broker.fetch({
        replicaId: -1, isolationLevel: 0, maxWaitTime: 100, minBytes: 1, maxBytes: 10485760,
        topics: [{ topic, partitions: [{ partition: partitionId, currentLeaderEpoch: -1,
          fetchOffset: offsets[partitionId], maxBytes: 1048576 }] }],
      })
      for (const { messages } of answer.responses[0].partitions) {
        for (const message of messages) {
          if (BigInt(message.offset) < BigInt(offsets[partitionId])) continue
          if (String(message.headers.from) !== 'kafkajs') throw new Error('a header is lost')
          process.stdout.write(`${partitionId}\t${message.offset}\t${message.key}\t${message.value}\n`)
          offsets[partitionId] = String(BigInt(message.offset) + 1n)
          found++
        }
      }
    }
  }
  await cluster.disconnect()
}

async function main() {
  const lines = await readInput()
  await produce(lines)
  await fetchAll(lines.length)
}

main().catch(error => {
  console.error(error.stack ?? String(error))
  process.exitCode = 1
})
