#!/usr/bin/env bash
# A word count over the client half of Kafka Streams, exactly once, against a running cluster while its instances and a
# node are killed. Ends with "right: ..." and 0.
#   KAFKA_LIBS=DIR run.sh BOOTSTRAP [LINES]      DIR: the jars of Apache Kafka 4.4; kills node 2 of scripts/cluster.sh
#                                                (its settings from the environment) where KILL_NODE is not empty
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bootstrap=$1 lines=${2:-20000}
work=$(mktemp -d)
name=words-$$
pids=()
trap 'kill -9 "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
javac -cp "$KAFKA_LIBS/*" -d "$work" "$here/WordCount.java"
count() { exec java -Xmx256m -cp "$work:$KAFKA_LIBS/*" WordCount "$@"; }
(count load "$bootstrap" "$name-in" "$lines")
count run "$bootstrap" "$name" "$name-in" "$name-out" 2 >"$work/1.log" 2>&1 & pids+=($!)
sleep 8
count run "$bootstrap" "$name" "$name-in" "$name-out" 1 >"$work/2.log" 2>&1 & pids+=($!)
sleep 6
kill -9 "${pids[0]}"
if [ -n "${KILL_NODE:-}" ]; then
  "$here/../../../scripts/cluster.sh" kill 2
  sleep 5
  "$here/../../../scripts/cluster.sh" start 2
fi
count run "$bootstrap" "$name" "$name-in" "$name-out" 2 >"$work/3.log" 2>&1 & pids+=($!)
(count check "$bootstrap" "$name-out" "$lines" 180)
