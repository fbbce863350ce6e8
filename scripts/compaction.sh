#!/usr/bin/env bash
# Compaction under load: keyed records and tombstones go into compacted topics of a fresh cluster for a time; in the end
# the logs must hold exactly each key's last value, and the nodes' memory must have stayed flat.
#   compaction.sh [--seconds N] [--keys N] [--nodes N] [--rate N]     60 s, 5,000 keys, 1 node, 20,000 records a second
# Needs kcat. Ports and data as cluster.sh (KRAFTSHARP_DATA, KRAFTSHARP_PORT_BASE, ...); what is there is removed.
# Prints the resident memory every tenth of the time and what the log came to; exit code 1 when a value is not right.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

seconds=60 keys=5000 nodes=1 rate=20000
need_value() { [ "$#" -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value"; }
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) need_value "$@"; seconds=$2; shift 2 ;;
    --keys) need_value "$@"; keys=$2; shift 2 ;;
    --nodes) need_value "$@"; nodes=$2; shift 2 ;;
    --rate) need_value "$@"; rate=$2; shift 2 ;;
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done
command -v kcat >/dev/null 2>&1 || fail "kcat is missing"

work=$(mktemp -d "${TMPDIR:-/tmp}/kraftsharp-compaction.XXXXXX")
export KRAFTSHARP_DATA=${KRAFTSHARP_DATA:-$work/data} KRAFTSHARP_NODES=$nodes
cat >"$work/config" <<'CONFIG'
log.cleaner.backoff.ms=1000
log.cleaner.dedupe.buffer.size=8388608
log.retention.check.interval.ms=1000
CONFIG
cleanup() {
  "$root/scripts/cluster.sh" down >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
"$root/scripts/cluster.sh" up --fresh --config "$work/config" >/dev/null
base=${KRAFTSHARP_PORT_BASE:-9092} step=${KRAFTSHARP_PORT_STEP:-10000}
broker=127.0.0.1:$((base + step))
factor=1
if [ "$nodes" -ge 3 ]; then factor=3; fi

"$root/scripts/kraftsharp" topics create compacted --bootstrap-server "$broker" --partitions 3 \
  --replication-factor "$factor" --config cleanup.policy=compact --config segment.ms=2000 \
  --config min.cleanable.dirty.ratio=0.2 --config delete.retention.ms=1000 --config file.delete.delay.ms=1000 \
  --config max.compaction.lag.ms=5000 >/dev/null

# key<TAB>value, every tenth a tombstone; the random numbers are always the same ones.
generate() {
  awk -v keys="$keys" -v rate="$rate" -v seconds="$seconds" 'BEGIN {
    srand(7); OFS = "\t"
    for (s = 0; s < seconds; s++) {
      for (i = 0; i < rate; i++) {
        n++
        print "k" int(rand() * keys), n % 10 == 0 ? "" : n "-" substr("..............................", 1, n % 30)
      }
      fflush(); system("sleep 1")
    }
  }'
}
last_values() { awk -F'\t' '$2 == "" { delete last[$1]; next } { last[$1] = $2 } END { for (k in last) print k "\t" last[k] }' | sort; }
memory() { awk '/^VmRSS/ { kb += $2 } END { printf "%d MB", kb / 1024 }' $(cat "$KRAFTSHARP_DATA"/*.pid | sed 's#.*#/proc/&/status#'); }
log_bytes() { find "$KRAFTSHARP_DATA" -path '*compacted-*' -name '*.log' -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'; }

generate | tee >(last_values >"$work/expected") |
  kcat -P -b "$broker" -t compacted -K '\t' -Z -X acks=all -X linger.ms=20 -X enable.idempotence=true 2>/dev/null &
producer=$!
while kill -0 "$producer" 2>/dev/null; do
  printf '%s  memory %s, log %s bytes\n' "$(date +%T)" "$(memory)" "$(log_bytes)"
  for _ in $(seq $(((seconds + 9) / 10))); do kill -0 "$producer" 2>/dev/null && sleep 1; done
done
wait "$producer"

# One more record a partition closes the last segments, so that everything is cleaned.
sleep 6
for partition in 0 1 2; do printf 'end%s\tx\n' "$partition" | kcat -P -b "$broker" -t compacted -p "$partition" -K '\t'; done
sleep 10
kcat -C -b "$broker" -t compacted -e -q -K '\t' >"$work/found" 2>/dev/null
grep -v '^end' "$work/found" | last_values >"$work/last"
printf 'sent %s records; %s are left for %s keys; log %s bytes; memory %s\n' "$((rate * seconds))" \
  "$(wc -l <"$work/found")" "$(wc -l <"$work/last")" "$(log_bytes)" "$(memory)"
cmp "$work/expected" "$work/last" || fail "the last values are not those that were sent"
echo "every key has its last value"
