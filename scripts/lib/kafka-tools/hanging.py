#!/usr/bin/env python3
"""Begins a transaction that no coordinator knows, and prints its first offset.

hanging.py HOST:PORT[,HOST:PORT...] TOPIC
Produce v3 with one transactional batch of producer 4711 for partition 0, its record an hour old, to each node until one
takes it: with transaction.partition.verification.enable=false a leader does.
"""
import socket
import struct
import sys
import time


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def batch(time_ms):
    record = bytes([0, 0, 0, 1, 2]) + b"x" + bytes([0])  # attributes, deltas, no key, a value of one byte, no headers
    body = struct.pack(">hiqqqhii", 0x10, 0, time_ms, time_ms, 4711, 0, 0, 1) + bytes([len(record) * 2]) + record
    return struct.pack(">qiibI", 0, 9 + len(body), -1, 2, crc32c(body)) + body


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


def produce(address, topic):
    """The error and the offset."""
    records = batch(int(time.time() * 1000) - 3_600_000)
    request = (struct.pack(">hhi", 0, 3, 1) + text("hanging") + text("hanging") + struct.pack(">hii", -1, 10_000, 1)
               + text(topic) + struct.pack(">iii", 1, 0, len(records)) + records)
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        stream = connection.makefile("rb")
        answer = stream.read(struct.unpack(">i", stream.read(4))[0])
    # correlation id, one topic, its name, one partition, its index
    return struct.unpack(">hq", answer[8 + 2 + len(topic) + 8:][:10])


answers = [produce(address, sys.argv[2]) for address in sys.argv[1].split(",")]
offsets = [offset for error, offset in answers if error == 0]
if not offsets:
    sys.exit(f"no node took it: {answers}")
print(offsets[0])
