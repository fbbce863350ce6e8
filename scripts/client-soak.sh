#!/usr/bin/env bash
# The flights through producers of every kind (fire and forget, awaited, synchronous; acks 0, 1, all; each compression) into
# topics of their own, read by a classic group and by one of KIP-848 whose members come and go, while brokers are killed.
#   client-soak.sh [--minutes N] [--input FILE]
# With acks=all, which is idempotent, nothing may be lost, stand in the log twice, or stand out of the order of its key;
# for the others the counts are printed. FILE holds "key<TAB>value" lines, gzip (default: the flights in samples/).
# Environment: that of cluster.sh (KRAFTSHARP_PORT_BASE, ...). What lies in KRAFTSHARP_DATA is removed.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

minutes=2 input=$root/samples/flights.tsv.gz
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=${2:?}; shift 2 ;;
    --input) input=${2:?}; shift 2 ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done
require_sdk
export KRAFTSHARP_DATA=${KRAFTSHARP_DATA:-$root/artifacts/client-soak}
base=${KRAFTSHARP_PORT_BASE:-9092} step=${KRAFTSHARP_PORT_STEP:-10000}
servers=127.0.0.1:$((base + step)),127.0.0.1:$((base + 2 * step)),127.0.0.1:$((base + 3 * step))
cluster=$root/scripts/cluster.sh
(cd "$root" && dotnet build benchmarks -c Release -v q --nologo) >&2

killer=
over=$(mktemp)
cleanup() {
  # A node that is being started must be up before it can be stopped.
  rm -f "$over"
  if [ -n "$killer" ]; then wait "$killer" 2>/dev/null || true; fi
  "$cluster" down >/dev/null 2>&1 || true
}
trap cleanup EXIT
"$cluster" up --fresh

# Each node in turn, while that file is there: SIGKILL, three seconds later back again.
kill_brokers() {
  local node=1 second
  while true; do
    for second in 1 2 3 4 5 6 7 8 9; do
      [ -e "$over" ] || return 0
      sleep 1
    done
    "$cluster" kill "$node" >/dev/null && echo "killed node $node"
    sleep 3
    "$cluster" start "$node" >/dev/null
    node=$((node % 3 + 1))
  done
}
kill_brokers &
killer=$!
"$root/benchmarks/bin/Release/net10.0/KRaftSharp.Benchmarks" soak "$servers" "$((minutes * 60))" "$input"
