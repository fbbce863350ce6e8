#!/usr/bin/env python3
"""Records what Kafka answers, for KafkaAnswersTests: stands between a client and a broker, writes all frames down.

    record.py OUT.gz LISTEN_PORT BROKER_PORT NAME... -- COMMAND...

runs COMMAND for each NAME, which takes the place of {}; COMMAND talks to LISTEN_PORT, which the broker has to
advertise.
What is no whole frame cannot be written down: such conversations are left out.
One event a line, fields with blanks between:

    case NAME TIME     a conversation begins; TIME in ms since 1970
    > N BYTES          a request on connection N, in hex, without its length
    < N BYTES          the answer to the oldest open request of N
    ~ N BYTES          the same, of a request that was repeated until this answer came
    x N                the broker closed N
    c N                the client closed N
    w MS               nothing happened for so long
"""
import gzip
import socket
import subprocess
import sys
import threading
import time

QUIET_MS = 250
# The broker's own connections, and those on which the differential tester waits for a fresh broker; its first one only
# asks what the broker can do.
NOT_OF_THE_CASE = (b'ersister-client', b'txn-marker-sender', b'AddPartitionsManager-client', b'MetadataClient', b'\x05warm')


class Tape:
    """The events of one conversation."""

    def __init__(self, name):
        self.lock = threading.Lock()
        self.events = []
        self.name, self.begun, self.last = name, int(time.time() * 1000), time.monotonic()
        self.connections = 0
        self.is_whole = True

    def add(self, *event):
        with self.lock:
            quiet = int((time.monotonic() - self.last) * 1000)
            if quiet >= QUIET_MS and event[0] == '>' and self.events:
                self.events.append(('w', quiet))
            self.events.append(event)
            self.last = time.monotonic()

    def lines(self):
        """Requests that were only repeated (all but the correlation id is the same) become one."""
        left_out = {1} | {e[1] for e in self.events if e[0] == '>' and any(word in e[2] for word in NOT_OF_THE_CASE)}
        kept = []
        for event in self.events:
            if event[0] != 'w' and event[1] in left_out:
                continue
            before = [e for e in kept[-3:] if e[0] != 'w']
            if event[0] == '<' and len(before) == 3 and before[2][0] == '>' and before[1][0] in '<~' \
                    and before[0][0] == '>' and before[0][1] == before[2][1] == event[1] \
                    and same_request(before[0][2], before[2][2]):
                while len([e for e in kept if e[0] != 'w']) and kept[-1] is not before[0]:
                    kept.pop()
                kept.append(('~',) + event[1:])
            else:
                kept.append(event)
        yield f'case {self.name} {self.begun}'
        for kind, *fields in kept:
            yield ' '.join([kind] + [f.hex() if isinstance(f, bytes) else str(f) for f in fields])


def same_request(a, b):
    return a[:4] + a[8:] == b[:4] + b[8:]


def whole_frames(data):
    """The frames that are complete, without their lengths, and the rest."""
    found = []
    while len(data) >= 4 and 4 <= 4 + int.from_bytes(data[:4], 'big', signed=True) <= len(data):
        size = 4 + int.from_bytes(data[:4], 'big')
        found.append(data[4:size])
        data = data[size:]
    return found, data


def pump(source, target, tape, number, sign, end):
    rest = b''
    while True:
        try:
            data = source.recv(1 << 16)
        except OSError:
            data = b''
        if not data:
            break
        found, rest = whole_frames(rest + data)
        for frame in found:
            tape.add(sign, number, frame)
        target.sendall(data)
    tape.is_whole = tape.is_whole and not rest
    tape.add(end, number)
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def main():
    out, listen, broker, *rest = sys.argv[1:]
    names, command = rest[:rest.index('--')], rest[rest.index('--') + 1:]
    server = socket.create_server(('127.0.0.1', int(listen)))
    tape = Tape('')

    def accept():
        while True:
            client, _ = server.accept()
            upstream = socket.create_connection(('127.0.0.1', int(broker)))
            current = tape
            current.connections += 1
            for argument in ((client, upstream, current, current.connections, '>', 'c'),
                             (upstream, client, current, current.connections, '<', 'x')):
                threading.Thread(target=pump, args=argument, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with gzip.GzipFile(out, 'wb', mtime=0) as target:
        for name in names:
            tape = Tape(name)
            ran = subprocess.run([part.replace('{}', name) for part in command], stdout=subprocess.DEVNULL)
            time.sleep(0.1)
            recorded = ran.returncode == 0 and tape.is_whole
            if recorded:
                target.write(''.join(line + '\n' for line in tape.lines()).encode())
            print(name, 'recorded' if recorded else 'left out', len(tape.events), flush=True)


main()
