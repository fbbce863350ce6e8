#!/usr/bin/env python3
"""Times how long a group of many members takes to be stable, over raw requests of the protocol.

groups.py --seed HOST:PORT --protocol classic|consumer [--members 1000] [--heartbeat-ms 500] [--pids 1,2]
Prints one line of JSON: join_ms, from the first request of all members at once until each has its part of the group's
partitions in one generation (or member epoch); rejoin_ms, the same after one more member has come; cpu_ms, the CPU time
that the processes of --pids took for both.
"""
import argparse
import asyncio
import json
import os
import struct
import time

CLIENT = b"groups"
MEMBER_ID_REQUIRED, UNKNOWN_MEMBER, REBALANCE, ILLEGAL_GENERATION = 79, 25, 27, 22
FENCED_EPOCH = 110
AGAIN = (14, 15, 16)  # the coordinator is loading, not there, elsewhere


def text(value):
    return b"\xff\xff" if value is None else struct.pack(">h", len(value.encode())) + value.encode()


def blob(value):
    return struct.pack(">i", len(value)) + value


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def compact(value):
    return b"\0" if value is None else varint(len(value.encode()) + 1) + value.encode()


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, kind):
        size = struct.calcsize(kind)
        self.at += size
        return struct.unpack(">" + kind, self.data[self.at - size:self.at])[0]

    def take(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def text(self):
        size = self.number("h")
        return None if size < 0 else self.take(size).decode()

    def varint(self):
        value = shift = 0
        while True:
            byte = self.number("B")
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def compact(self):
        size = self.varint()
        return None if size == 0 else self.take(size - 1).decode()

    def tags(self):
        for _ in range(self.varint()):
            self.varint()
            self.take(self.varint())


class Connection:
    def __init__(self, address):
        self.address, self.reader, self.writer = address, None, None

    async def ask(self, key, version, body, flexible=False):
        if self.writer is None:
            host, port = self.address.rsplit(":", 1)
            self.reader, self.writer = await asyncio.open_connection(host, int(port))
        head = struct.pack(">hhi", key, version, 1) + struct.pack(">h", len(CLIENT)) + CLIENT
        frame = head + (b"\0" if flexible else b"") + body
        self.writer.write(struct.pack(">i", len(frame)) + frame)
        size = struct.unpack(">i", await self.reader.readexactly(4))[0]
        answer = Reader(await self.reader.readexactly(size))
        answer.number("i")
        if flexible:
            answer.tags()
        return answer


class Group:
    """What all members are in, and when it has become stable."""

    def __init__(self, options, name, partitions, topic_id):
        self.options, self.name, self.partitions, self.topic_id = options, name, partitions, topic_id
        self.members, self.coordinator, self.before = [], options.seed, 0

    def is_stable(self):
        return len({m.epoch for m in self.members}) == 1 and self.members[0].epoch > self.before \
            and sum(m.parts for m in self.members) == self.partitions

    async def until_stable(self, limit=300):
        start = time.monotonic()
        while not self.is_stable():
            if time.monotonic() - start > limit:
                raise SystemExit("the group is not stable after %d s" % limit)
            await asyncio.sleep(0.005)


class Classic:
    def __init__(self, group):
        self.group, self.id, self.epoch, self.parts = group, "", 0, 0
        self.connection = Connection(group.coordinator)

    async def live(self):
        while True:
            await self.join()
            while True:
                await asyncio.sleep(self.group.options.heartbeat_ms / 1000)
                body = text(self.group.name) + struct.pack(">i", self.epoch) + text(self.id) + text(None)
                answer = await self.connection.ask(12, 3, body)
                answer.number("i")
                if answer.number("h") != 0:
                    break

    async def join(self):
        self.epoch = 0
        while True:
            body = text(self.group.name) + struct.pack(">ii", 60000, 60000) + text(self.id) + text(None) \
                + text("consumer") + struct.pack(">i", 1) + text("range") + blob(b"")
            answer = await self.connection.ask(11, 5, body)
            answer.number("i")
            error, generation = answer.number("h"), answer.number("i")
            answer.text()
            leader, member = answer.text(), answer.text()
            if error == MEMBER_ID_REQUIRED:
                self.id = member
            elif error == UNKNOWN_MEMBER:
                self.id = ""
            elif error in AGAIN:
                await asyncio.sleep(0.1)
            elif error != 0:
                raise SystemExit("JoinGroup: error %d" % error)
            else:
                ids = []
                for _ in range(answer.number("i")):
                    ids.append(answer.text())
                    answer.text()
                    answer.take(answer.number("i"))
                if await self.sync(generation, ids if leader == member else []):
                    return

    async def sync(self, generation, ids):
        share = [self.group.partitions // max(1, len(ids)) + (i < self.group.partitions % max(1, len(ids)))
                 for i in range(len(ids))]
        body = text(self.group.name) + struct.pack(">i", generation) + text(self.id) + text(None) \
            + struct.pack(">i", len(ids)) \
            + b"".join(text(i) + blob(struct.pack(">i", n)) for i, n in zip(ids, share))
        answer = await self.connection.ask(14, 3, body)
        answer.number("i")
        error = answer.number("h")
        if error in (REBALANCE, ILLEGAL_GENERATION, UNKNOWN_MEMBER) or error in AGAIN:
            return False
        if error != 0:
            raise SystemExit("SyncGroup: error %d" % error)
        data = answer.take(answer.number("i"))
        self.epoch, self.parts = generation, struct.unpack(">i", data)[0] if data else 0
        return True


class Consumer:
    def __init__(self, group):
        self.group, self.id, self.epoch, self.parts, self.owned = group, "", 0, 0, []
        self.connection = Connection(group.coordinator)

    async def live(self):
        tells = True
        while True:
            body = compact(self.group.name) + compact(self.id) + struct.pack(">i", self.epoch) + b"\0\0" \
                + struct.pack(">i", 60000 if self.epoch == 0 else -1) \
                + (varint(2) + compact(self.group.options.topic) if self.epoch == 0 else b"\0") + b"\0" \
                + (self.tell() if tells else b"\0") + b"\0"
            answer = await self.connection.ask(68, 0, body, flexible=True)
            answer.number("i")
            error = answer.number("h")
            if error in AGAIN:
                await asyncio.sleep(0.1)
                continue
            if error == FENCED_EPOCH or error == UNKNOWN_MEMBER:
                self.epoch, self.parts, self.owned, tells = 0, 0, [], True
                continue
            if error != 0:
                raise SystemExit("ConsumerGroupHeartbeat: error %d %s" % (error, answer.compact()))
            answer.compact()
            self.id, self.epoch = answer.compact() or self.id, answer.number("i")
            answer.number("i")
            tells = answer.number("b") == 1
            if tells:
                self.owned = []
                for _ in range(answer.varint() - 1):
                    answer.take(16)
                    self.owned += [answer.number("i") for _ in range(answer.varint() - 1)]
                    answer.tags()
                self.parts = len(self.owned)
                continue
            await asyncio.sleep(self.group.options.heartbeat_ms / 1000)

    def tell(self):
        if not self.owned:
            return varint(1)
        return varint(2) + self.group.topic_id + varint(len(self.owned) + 1) \
            + b"".join(struct.pack(">i", p) for p in self.owned) + b"\0"


async def make_topic(options, partitions):
    connection = Connection(options.seed)
    body = struct.pack(">i", 1) + text(options.topic) + struct.pack(">ihii", partitions, -1, 0, 0) \
        + struct.pack(">i?", 60000, False)
    await connection.ask(19, 4, body)
    while True:
        answer = await connection.ask(3, 12, varint(2) + bytes(16) + compact(options.topic) + b"\0\0\0\0", flexible=True)
        answer.number("i")
        for _ in range(answer.varint() - 1):
            answer.take(4)
            answer.compact()
            answer.take(4)
            answer.compact()
            answer.tags()
        answer.compact()
        answer.take(4)
        answer.varint()
        error = answer.number("h")
        answer.compact()
        topic_id = answer.take(16)
        if error == 0:
            return topic_id
        await asyncio.sleep(0.2)


async def find(options, group):
    while True:
        answer = await Connection(options.seed).ask(10, 1, text(group) + b"\0")
        answer.number("i")
        error = answer.number("h")
        answer.text()
        answer.number("i")
        host, port = answer.text(), answer.number("i")
        if error == 0:
            return "%s:%d" % (host, port)
        await asyncio.sleep(0.2)


def cpu_ms(pids):
    ticks = 0
    for pid in pids:
        with open("/proc/%s/stat" % pid) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 // os.sysconf("SC_CLK_TCK")


async def run(options):
    partitions = 2 * options.members
    topic_id = await make_topic(options, partitions)
    group = Group(options, "%s-%d" % (options.protocol, os.getpid()), partitions, topic_id)
    group.coordinator = await find(options, group.name)
    kind = Classic if options.protocol == "classic" else Consumer
    group.members = [kind(group) for _ in range(options.members)]
    for member in group.members:
        await member.connection.ask(18, 0, b"")
    cpu, start = cpu_ms(options.pids), time.monotonic()
    living = [asyncio.create_task(member.live()) for member in group.members]
    await first_failure(living, group.until_stable())
    joined = time.monotonic()
    await asyncio.sleep(2 * options.heartbeat_ms / 1000)
    again = time.monotonic()
    group.before = group.members[0].epoch
    late = kind(group)
    group.members.append(late)
    living.append(asyncio.create_task(late.live()))
    await first_failure(living, group.until_stable())
    end = time.monotonic()
    print(json.dumps({
        "protocol": options.protocol, "members": options.members, "join_ms": round((joined - start) * 1000),
        "rejoin_ms": round((end - again) * 1000), "cpu_ms": cpu_ms(options.pids) - cpu}))


async def first_failure(living, waiting):
    waiting = asyncio.create_task(waiting)
    done, _ = await asyncio.wait([waiting, *living], return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--protocol", choices=("classic", "consumer"), required=True)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--heartbeat-ms", type=int, default=500)
    parser.add_argument("--topic", default="groups-%d" % os.getpid())
    parser.add_argument("--pids", type=lambda value: [pid for pid in value.split(",") if pid], default=[])
    asyncio.run(run(parser.parse_args()))


main()
