#!/usr/bin/env bash
# Our nodes and Apache Kafka's in one cluster, under load: a producer numbers its lines, each line must be there once.
#   mixed.sh together   two of our nodes and one of Kafka's: each is killed in turn, then leaders until both kinds have led
#   mixed.sh move       three nodes of Kafka become ours, one at a time, on the data that Kafka wrote
# Needs kcat, Java and KRAFTSHARP_KAFKA_HOME: a folder of Apache Kafka 4 with its jars (in it, in libs/ or in server/).
# Options:
#   --data DIR       a temporary one; what is there is removed. Kept when something is wrong, or when DIR is given
#   --port-base P    25092: node N listens at P + 10 * N, its controller one above
#   --rate N         500 lines a second
# Prints counts before and after, and who led when; exit code 1 when a line is missing, doubled or out of order.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/numbers.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/numbers.sh"

topic=numbers partitions=6 base=25092 rate=500 data='' kafka_id=3 command=${1:-}
if [ $# -gt 0 ]; then shift; fi
need_value() { [ "$#" -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value"; }
while [ $# -gt 0 ]; do
  case $1 in
    --data) need_value "$@"; data=$2; shift 2 ;;
    --port-base) need_value "$@"; base=$2; shift 2 ;;
    --rate) need_value "$@"; rate=$2; shift 2 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done

usage() { sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

# ---- nodes of either kind ----
declare -A kind pids
port() { echo $((base + 10 * $1)); }
bootstrap() { echo "127.0.0.1:$(port 1),127.0.0.1:$(port 2),127.0.0.1:$(port 3)"; }

find_jars() {
  local folder
  [ -n "${KRAFTSHARP_KAFKA_HOME:-}" ] || fail "KRAFTSHARP_KAFKA_HOME is not set (see --help)"
  for folder in "$KRAFTSHARP_KAFKA_HOME" "$KRAFTSHARP_KAFKA_HOME/libs" "$KRAFTSHARP_KAFKA_HOME/server"; do
    if compgen -G "$folder/kafka-raft-*.jar" >/dev/null; then
      jars=$folder
      return
    fi
  done
  fail "there are no jars of Apache Kafka in $KRAFTSHARP_KAFKA_HOME"
}
# In a subshell of its own, which becomes the process: its id is the one to signal.
kafka_java() { exec java -Xmx512M -cp "$jars/*" -Dlog4j2.configurationFile="$data/log4j2.yaml" "$@"; }

write_nodes() {
  local id voters=''
  for id in 1 2 3; do voters+="${voters:+,}$id@127.0.0.1:$(($(port "$id") + 1))"; done
  for id in 1 2 3; do
    cat >"$data/$id.properties" <<PROPERTIES
process.roles=broker,controller
node.id=$id
controller.quorum.voters=$voters
listeners=PLAINTEXT://127.0.0.1:$(port "$id"),CONTROLLER://127.0.0.1:$(($(port "$id") + 1))
controller.listener.names=CONTROLLER
log.dirs=$data/$id
offsets.topic.replication.factor=3
default.replication.factor=3
min.insync.replicas=2
leader.imbalance.check.interval.seconds=2
leader.imbalance.per.broker.percentage=0
PROPERTIES
  done
  cat >"$data/log4j2.yaml" <<'LOG4J'
Configuration:
  Appenders:
    Console:
      name: STDOUT
      PatternLayout:
        pattern: "[%d] %p %m (%c)%n"
  Loggers:
    Root:
      level: INFO
      AppenderRef:
        - ref: STDOUT
LOG4J
}

format() {
  if [ "${kind[$1]}" = kafka ]; then
    (kafka_java kafka.tools.StorageTool format -t "$cluster" -c "$data/$1.properties") >"$data/$1.format.log" 2>&1
  else
    "${tool_command[@]}" storage format --cluster-id "$cluster" --config "$data/$1.properties" >"$data/$1.format.log" 2>&1
  fi || fail "node $1: formatting failed (see $data/$1.format.log)"
}

ready_count() { grep -c 'Kafka Server started' "$data/$1.log" 2>/dev/null || true; }

start() {
  local id=$1 before deadline=$((SECONDS + 90))
  before=$(ready_count "$id")
  if [ "${kind[$id]}" = kafka ]; then
    kafka_java kafka.Kafka "$data/$id.properties" >>"$data/$id.log" 2>&1 </dev/null &
  else
    "${tool_command[@]}" server --config "$data/$id.properties" >>"$data/$id.log" 2>&1 </dev/null &
  fi
  pids[$id]=$!
  disown "${pids[$id]}"
  while [ "${2:-wait}" = wait ] && [ "$(ready_count "$id")" -le "${before:-0}" ]; do
    kill -0 "${pids[$id]}" 2>/dev/null || fail "node $id did not start (see $data/$id.log)"
    [ "$SECONDS" -lt "$deadline" ] || fail "node $id was not ready within 90 s (see $data/$id.log)"
    sleep 0.1
  done
}

# end SIGNAL ID: returns when the process is gone.
end() {
  kill "-$1" "${pids[$2]}" 2>/dev/null || true
  for _ in $(seq 600); do
    kill -0 "${pids[$2]}" 2>/dev/null || return 0
    sleep 0.1
  done
  fail "node $2 did not end"
}

tool() { "${tool_command[@]}" "$@" -b "$(bootstrap)"; }
quorum_leader() { tool quorum describe 2>/dev/null | sed -n 's/^cluster .*: leader \([0-9]*\),.*/\1/p' | head -1; }
partition_leaders() { tool topics describe "$topic" | awk '$1 ~ /^[0-9]+$/ { n[$2]++ } END { for (i in n) printf "%s leads %d  ", i, n[i] }'; }

# Waits until every partition has three replicas in sync, and the voters a leader.
wait_whole() {
  local deadline=$((SECONDS + 90))
  until [ "$(tool topics describe "$topic" 2>/dev/null | awk '$1 ~ /^[0-9]+$/ && split($5, a, ",") == 3' | wc -l)" -eq $partitions ]; do
    [ "$SECONDS" -lt "$deadline" ] || fail "not every partition had three replicas in sync within 90 s (see $data)"
    sleep 0.5
  done
}

note() { printf '%-44s quorum led by %s (%s); %s\n' "$1" "$2" "${kind[$2]:-nobody}" "$(partition_leaders)"; }

# ---- the two ways ----
begin() {
  local id
  for id in 1 2 3; do format "$id"; done
  for id in 1 2 3; do start "$id" later; done
  for id in 1 2 3; do
    for _ in $(seq 900); do [ "$(ready_count "$id")" -gt 0 ] && break; sleep 0.1; done
    [ "$(ready_count "$id")" -gt 0 ] || fail "node $id did not start (see $data/$id.log)"
  done
  tool topics create $topic --partitions $partitions --replication-factor 3 --config min.insync.replicas=2 >/dev/null
  start_numbers "$(bootstrap)" $topic "$data" "$rate"
  sleep 3
}

together() {
  local id leader led=' '
  kind=([1]=ours [2]=ours [3]=kafka)
  begin
  leader=$(quorum_leader)
  led+="${kind[$leader]} "
  note "nodes 1 and 2 ours, node 3 Kafka's" "$leader"
  for id in 1 2 3 quorum quorum quorum quorum quorum quorum; do
    if [ "$id" = quorum ]; then
      if [[ $led == *" ours "* && $led == *" kafka "* ]]; then break; fi
      id=$(quorum_leader)
    fi
    end KILL "$id"
    sleep 4
    leader=$(quorum_leader)
    led+="${kind[${leader:-0}]:-none} "
    note "node $id (${kind[$id]}) killed" "${leader:-0}"
    start "$id"
    wait_whole
    sleep 3
    leader=$(quorum_leader)
    note "node $id (${kind[$id]}) back" "${leader:-0}"
  done
  stop_numbers
  check_numbers "together"
  if [[ $led != *" ours "* || $led != *" kafka "* ]]; then fail "only one kind led the quorum:$led"; fi
}

move() {
  local id
  kind=([1]=kafka [2]=kafka [3]=kafka)
  begin
  note "three nodes of Kafka" "$(quorum_leader)"
  printf 'before: %d lines sent, %d read\n' "$(wc -l <"$data/sent")" "$(wc -l <"$data/followed")"
  for id in 1 2 3; do
    end TERM "$id"
    kind[$id]=ours
    start "$id"
    wait_whole
    sleep 3
    note "node $id is ours now" "$(quorum_leader)"
  done
  stop_numbers
  check_numbers "after"
}

cleanup() {
  local id
  kill_numbers
  for id in "${!pids[@]}"; do kill -9 "${pids[$id]}" 2>/dev/null || true; done
  if [ -z "$keep" ]; then rm -rf "$data"; fi
}

case $command in
  together | move) ;;
  *) usage; [ "$command" = --help ] || [ "$command" = -h ]; exit ;;
esac
command -v kcat >/dev/null 2>&1 || fail "kcat is missing"
command -v java >/dev/null 2>&1 || fail "Java is missing"
find_jars
keep=$data
if [ -z "$data" ]; then data=$(mktemp -d "${TMPDIR:-/tmp}/kraftsharp-mixed.XXXXXX"); else rm -rf "$data"; mkdir -p "$data"; data=$(cd "$data" && pwd); fi
trap cleanup EXIT
build_tool
cluster=$("${tool_command[@]}" storage random-uuid)
write_nodes
"$command"
