#!/usr/bin/env bash
# Measures producers beside each other against one broker of ours: KRaftSharp.Client, Confluent.Kafka and Java's.
#   bench-client.sh [--sizes "100 1000"] [--acks "1 all"] [--partitions "1 6"] [--mb N] [--rounds N]
# Prints a table: records a second, CPU microseconds of the client a record (user and system, as the operating system
# counts them), and both in proportion to KRaftSharp's. The clients take turns; each cell is the median of its rounds.
# "await" awaits every send, ten thousand at a time. Java's start is measured with few records and taken off.
# Environment: KRAFTSHARP_PEERS as for bench.sh (Java's client is left out without it); KRAFTSHARP_BENCH_PORT (21000).
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

peers=${KRAFTSHARP_PEERS:-$root/../shared/peers}
port=${KRAFTSHARP_BENCH_PORT:-21000}
sizes='100 1000' acks='1 all' partitions='1 6' mb=200 rounds=3
while [ $# -gt 0 ]; do
  case $1 in
    --sizes) sizes=${2:?}; shift 2 ;;
    --acks) acks=${2:?}; shift 2 ;;
    --partitions) partitions=${2:?}; shift 2 ;;
    --mb) mb=${2:?}; shift 2 ;;
    --rounds) rounds=${2:?}; shift 2 ;;
    -h | --help) sed -n '2,8s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done
require_sdk
data=$(mktemp -d)
broker=
cleanup() {
  if [ -n "$broker" ]; then kill "$broker" 2>/dev/null || true; wait "$broker" 2>/dev/null || true; fi
  rm -rf "$data"
}
trap cleanup EXIT

(cd "$root" && dotnet build src/Cli -c Release -v q --nologo && dotnet build benchmarks -c Release -v q --nologo) >&2
tool=$root/src/Cli/bin/Release/net10.0/kraftsharp
bench=$root/benchmarks/bin/Release/net10.0/KRaftSharp.Benchmarks
servers=127.0.0.1:$port
cat >"$data/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
log.dirs=$data/log
log.retention.bytes=268435456
log.retention.check.interval.ms=2000
log.segment.delete.delay.ms=100
PROPERTIES
"$tool" storage format --cluster-id "$("$tool" storage random-uuid)" --config "$data/server.properties" \
  >"$data/format.log" 2>&1 || { cat "$data/format.log" >&2; fail "the broker's directory could not be formatted"; }
"$tool" server --config "$data/server.properties" >"$data/server.log" 2>&1 &
broker=$!
for _ in $(seq 100); do
  "$tool" topics list -b "$servers" >/dev/null 2>&1 && break
  kill -0 "$broker" 2>/dev/null || { tail -5 "$data/server.log" >&2; fail "the broker did not start"; }
  sleep 0.1
done

java=
if command -v java >/dev/null && [ -x "$peers/kafka/tool.sh" ]; then java=$peers/kafka/tool.sh; fi

# java_run RECORDS BYTES ACKS TOPIC -> "records/s cpu-seconds" of one whole run
java_run() {
  local idempotent=false
  [ "$3" = all ] && idempotent=true
  local TIMEFORMAT='%U %S'
  { time "$java" producer-perf-test --topic "$4" --num-records "$1" --record-size "$2" --throughput -1 \
      --producer-props "bootstrap.servers=$servers" "acks=$3" "enable.idempotence=$idempotent" batch.size=65536 \
      linger.ms=5 buffer.memory=67108864 >"$data/java.out" 2>/dev/null; } 2>"$data/java.cpu"
  awk 'NR == FNR { if (match($0, /[0-9.]+ records\/sec/)) rate = $4; next } { cpu = $1 + $2 } END { print rate, cpu }' \
    "$data/java.out" "$data/java.cpu"
}

# run CLIENT RECORDS BYTES ACKS TOPIC -> "records/s cpu-us"
run() {
  case $1 in
    java)
      local rate cpu few
      few=$(java_run 1000 "$3" "$4" "$5" | cut -d' ' -f2)
      read -r rate cpu <<<"$(java_run "$2" "$3" "$4" "$5")"
      awk -v r="$rate" -v c="$cpu" -v f="$few" -v n="$2" 'BEGIN { printf "%.0f %.3f\n", r, (c - f) * 1e6 / n }'
      ;;
    *) "$bench" produce "${1%-*}" "$servers" "$5" "$2" "$3" "$4" "${1#*-}" ;;
  esac
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

clients=(ours-post ours-await confluent-post confluent-await)
[ -n "$java" ] && clients+=(java)
echo "| bytes | acks | partitions | client | records/s | of ours | CPU us/record | of ours |"
echo "|---|---|---|---|---|---|---|---|"
for size in $sizes; do
  for ack in $acks; do
    for parts in $partitions; do
      topic=bench-$size-$ack-$parts
      "$tool" topics create "$topic" -b "$servers" --partitions "$parts" >/dev/null
      records=$((mb * 1000000 / size))
      [ "$records" -gt 1000000 ] && records=1000000
      : >"$data/cells"
      for round in $(seq "$rounds"); do
        for client in "${clients[@]}"; do
          # Java's start costs two runs: once a cell.
          [ "$client" = java ] && [ "$round" -gt 1 ] && continue
          echo "$client $(run "$client" "$records" "$size" "$ack" "$topic")" >>"$data/cells"
        done
      done
      own_rate=$(awk '$1 == "ours-post" { print $2 }' "$data/cells" | median)
      own_cpu=$(awk '$1 == "ours-post" { print $3 }' "$data/cells" | median)
      for client in "${clients[@]}"; do
        rate=$(awk -v c="$client" '$1 == c { print $2 }' "$data/cells" | median)
        cpu=$(awk -v c="$client" '$1 == c { print $3 }' "$data/cells" | median)
        awk -v s="$size" -v a="$ack" -v p="$parts" -v c="$client" -v r="$rate" -v u="$cpu" -v or="$own_rate" \
          -v ou="$own_cpu" 'BEGIN { printf "| %s | %s | %s | %s | %d | %.2f | %.2f | %.2f |\n", s, a, p, c, r, r / or,
            u, (ou > 0 ? u / ou : 0) }'
      done
      "$tool" topics delete "$topic" -b "$servers" >/dev/null || true
    done
  done
done
