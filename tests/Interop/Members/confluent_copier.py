# Copies records from INPUT to OUTPUT exactly once, "copied " before each value, until it is killed; ends with 1 when it
# cannot go on. Usage: python3 confluent_copier.py BOOTSTRAP INPUT OUTPUT GROUP classic|consumer
import sys

from confluent_kafka import Consumer, Producer, TopicPartition

bootstrap, source, target, group, protocol = sys.argv[1:6]
producer = Producer({
    "bootstrap.servers": bootstrap,
    "transactional.id": group,
    "transaction.timeout.ms": 15000,
    "linger.ms": 5,
})
consumer = Consumer({
    "bootstrap.servers": bootstrap,
    "group.id": group,
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "isolation.level": "read_committed",
} | ({"group.protocol": "consumer"} if protocol == "consumer" else {
    "session.timeout.ms": 6000,
    "heartbeat.interval.ms": 500,
}))


def send(message):
    while True:
        try:
            producer.produce(target, b"copied " + message.value(), message.key())
            return
        except BufferError:
            producer.poll(0.1)


try:
    producer.init_transactions(60)
    consumer.subscribe([source])
    while True:
        messages = [m for m in consumer.consume(1000, 0.2) if m.error() is None]
        producer.poll(0)
        if not messages:
            continue
        producer.begin_transaction()
        offsets = {}
        for message in messages:
            send(message)
            offsets[message.partition()] = message.offset() + 1
        producer.send_offsets_to_transaction(
            [TopicPartition(source, partition, offset) for partition, offset in offsets.items()],
            consumer.consumer_group_metadata(), 60)
        producer.commit_transaction(60)
except Exception as failed:  # the next life begins where the last committed transaction ended
    print(failed, file=sys.stderr)
    sys.exit(1)
