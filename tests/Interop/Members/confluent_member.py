# A member of GROUP that prints "partition<tab>offset<tab>key<tab>value" a record, commits as it goes, and leaves at
# SIGTERM. Usage: python3 confluent_member.py BOOTSTRAP TOPIC GROUP classic
import signal
import sys

from confluent_kafka import Consumer

bootstrap, topic, group = sys.argv[1:4]
consumer = Consumer({
    "bootstrap.servers": bootstrap,
    "group.id": group,
    "auto.offset.reset": "earliest",
    "auto.commit.interval.ms": 200,
    "session.timeout.ms": 6000,
    "heartbeat.interval.ms": 500,
    "partition.assignment.strategy": "cooperative-sticky",
})
running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
consumer.subscribe([topic])
while running:
    message = consumer.poll(0.2)
    if message is not None and message.error() is None:
        key, value = message.key().decode(), message.value().decode()
        sys.stdout.write(f"{message.partition()}\t{message.offset()}\t{key}\t{value}\n")
        sys.stdout.flush()
consumer.close()
