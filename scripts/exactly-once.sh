#!/usr/bin/env bash
# Consume, transform, produce, exactly once, while nodes and the client are killed (SIGKILL) every few seconds.
#   exactly-once.sh CLIENT [--protocol classic|consumer] [--input FILE] [--every SECONDS] [--keep]
# CLIENT is java or librdkafka (python3-confluent-kafka). FILE holds "key<TAB>value" lines, gzip (default: the flights in
# ../shared/data beside the repository, else those in samples/). A kill every 4 seconds unless told otherwise: a node by
# turns, which is started again, then the client. What a read_committed reader finds in the end must be the input, nothing
# lost, nothing twice, each key in its order. Environment: KRAFTSHARP_PEERS (Kafka's jars for java), that of cluster.sh.
# What lies in KRAFTSHARP_DATA is removed.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/soak.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/soak.sh"

client=${1:-} protocol=classic every=4
case $client in
  java | librdkafka) shift ;;
  -h | --help | '') sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  *) fail "unknown client $client (see --help)" ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --protocol) protocol=${2:-}; shift 2 ;;
    --input) input=${2:-}; shift 2 ;;
    --every) every=${2:-}; shift 2 ;;
    --keep) keep=1; shift ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done
command -v kcat >/dev/null 2>&1 || fail "kcat is missing"

members=$root/tests/Interop/Members copier='' lives=0 kills=0
start_copier() {
  lives=$((lives + 1))
  if [ "$client" = java ]; then
    java -Xmx256M -cp "$kafka_jars" "$members/JavaCopier.java" "$bootstrap" in out copier "$protocol" >"$work/copier" 2>&1 &
  else
    /usr/bin/python3 "$members/confluent_copier.py" "$bootstrap" in out copier "$protocol" >"$work/copier" 2>&1 &
  fi
  copier=$!
}
# One that could not go on begins anew.
keep_copying() { kill -0 "$copier" 2>/dev/null || start_copier; }
# As one of the nodes that are up tells it; nothing while the group has no member.
total_lag() {
  local url lag
  for url in "${admins[@]}"; do
    lag=$(group_lag "$url" copier)
    if [ -n "$lag" ]; then
      echo "$lag"
      return
    fi
  done
}

prepare_soak "exactly-once"
trap 'kill -9 "$copier" 2>/dev/null || true; finish_soak' EXIT
mapfile -t admins < <("$root/scripts/cluster.sh" status | sed -n 's/.*\(http:[^ ]*\).*/\1/p')
create_topic in
create_topic out
start_copier
produce_input in
node=0 deadline=$((SECONDS + 1200)) lag=
while [ "$lag" != 0 ]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the lag is still ${lag:-unknown}: $(tail -2 "$work/copier")"
  sleep "$every"
  if [ $((kills % 4)) -eq 3 ]; then
    kill -9 "$copier" 2>/dev/null || true
    wait "$copier" 2>/dev/null || true
    start_copier
  else
    node=$((node % 3 + 1))
    "$root/scripts/cluster.sh" kill "$node" >/dev/null
    sleep 1
    "$root/scripts/cluster.sh" start "$node" >/dev/null
  fi
  kills=$((kills + 1))
  keep_copying
  lag=$(total_lag)
  printf '%s  %s kills, the client lives for the %s. time, lag %s\n' "$(date +%T)" "$kills" "$lives" "${lag:-unknown}"
done
kill -9 "$copier" 2>/dev/null || true

kcat -C -b "$bootstrap" -t out -e -q -X isolation.level=read_committed -f '%k\t%s\n' | sed "s/${tab}copied /${tab}/" >"$work/found"
same_as_input "$work/found" || {
  keep=1
  fail "the output ($(wc -l <"$work/found") records) is not the input ($lines): $work/found.diff"
}
printf '%s %s: %s records copied exactly once over %s kills of nodes and of the client\n' "$client" "$protocol" "$lines" "$kills"
