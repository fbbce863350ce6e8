#!/usr/bin/env bash
# kill-and-count.sh HOST:PORT[,...] ["KRAFTSHARP COMMAND"]: copies the flights with a process that is killed every two
# seconds, then counts what a read_committed reader sees: each flight once.
# With KILL_NODES=3 nodes 1 to 3 of scripts/cluster.sh (see its environment) are killed in turn and started again meanwhile.
set -euo pipefail
cd "$(dirname "$0")/../.."
servers=$1
tool=${2:-scripts/kraftsharp}
program=samples/ExactlyOnce/bin/Release/net10.0/ExactlyOnce.dll
[ -f "$program" ] || dotnet build samples/ExactlyOnce -c Release -v q --nologo
suffix=$(date +%s)
$tool topics create "flights-$suffix" --partitions 6 -b "$servers"
$tool topics create "loud-$suffix" --partitions 6 -b "$servers"
for part in 1 2 3 4; do
  zcat samples/flights.tsv.gz | $tool produce "flights-$suffix" --key-separator '\t' -b "$servers"
  dotnet "$program" "$servers" "flights-$suffix" "loud-$suffix" one &
  pid=$!
  sleep 2
  node=$((part % ${KILL_NODES:-1} + 1))
  if [ -n "${KILL_NODES:-}" ]; then scripts/cluster.sh kill "$node"; fi
  sleep 0.5
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  if [ -n "${KILL_NODES:-}" ]; then scripts/cluster.sh start "$node"; fi
done
dotnet "$program" "$servers" "flights-$suffix" "loud-$suffix" one &
pid=$!
sleep "${SETTLE_SECONDS:-60}"
kill "$pid" # a shell has its background jobs ignore the interrupt
wait "$pid" || true
# Each flight was produced four times; what is not seen exactly four times is printed, and fails.
$tool consume "loud-$suffix" --from-beginning --until-end --isolation-level read_committed --format '%s\n' -b "$servers" |
  sort | uniq -c |
  awk '{ seen++; if ($1 != 4) { wrong++; print } } END { print seen " flights, " wrong + 0 " not exactly once"; exit wrong > 0 }'
