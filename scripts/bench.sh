#!/usr/bin/env bash
# Measures KRaftSharp beside Apache Kafka, in one run and with one load generator; prints a table in Markdown.
#   bench.sh [--nodes "1 3"] [--records "100 1000"] [--acks "1 all"] [--mb N] [--rounds N] [--quick]   throughput
#   bench.sh --start [--rounds N] [--native]        start to first accepted produce, and idle memory, of one node
#   bench.sh --failover [--rounds N]                kill -9 of a leader and of the controller, three nodes
#   bench.sh --groups [--rounds N]                  1,000 members of a group: time until it is stable (needs python3)
#   bench.sh --transactions [--rounds N]            commits a second of Apache Kafka's Java client, three nodes
#   bench.sh --console [--rounds N]                 what an open console and metrics each second cost, three nodes
#   bench.sh --all                                  all of these
# Environment: KRAFTSHARP_PEERS (default ../shared/peers beside the repository) is a folder with load/load, the load
# generator, and kafka/kafka.sh, which starts Apache Kafka; without the latter only KRaftSharp is measured.
# KRAFTSHARP_BENCH_PORT (default 21000) is the first of the ports used, KRAFTSHARP_BENCH_DATA the folder for data.
# CPU time and memory come from the operating system, all nodes added. Each cell is the median of its rounds; both sides
# run by turns, after a round each that does not count. Fetches read a topic of 1 GB, three passes a round, five to warm up.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

peers=${KRAFTSHARP_PEERS:-$root/../shared/peers}
port=${KRAFTSHARP_BENCH_PORT:-21000}
data=${KRAFTSHARP_BENCH_DATA:-}
nodes='1 3' records='100 1000' acks='1 all' mb=400 rounds=3
fetch_mb=1000 warm_passes=5
what=() native='' watchers=()

need_value() { [ "$#" -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value"; }
while [ $# -gt 0 ]; do
  case $1 in
    --nodes) need_value "$@"; nodes=$2; shift 2 ;;
    --records) need_value "$@"; records=$2; shift 2 ;;
    --acks) need_value "$@"; acks=$2; shift 2 ;;
    --mb) need_value "$@"; mb=$2; shift 2 ;;
    --rounds) need_value "$@"; rounds=$2; shift 2 ;;
    --quick) mb=100 rounds=1 fetch_mb=200 warm_passes=1; shift ;;
    --native) native=1; shift ;;
    --start) what+=(start); shift ;;
    --failover) what+=(failover); shift ;;
    --groups) what+=(groups); shift ;;
    --transactions) what+=(transactions); shift ;;
    --console) what+=(console); shift ;;
    --all) what+=(throughput start failover groups transactions console); shift ;;
    -h | --help) sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done
[ "${#what[@]}" -gt 0 ] || what=(throughput)

load=$peers/load/load
kafka_script=$peers/kafka/kafka.sh
if [ ! -x "$load" ]; then
  echo "bench.sh: no load generator at $load (set KRAFTSHARP_PEERS): nothing measured"
  exit 0
fi
sides=(ours)
if [ -x "$kafka_script" ] && command -v java >/dev/null 2>&1; then
  sides+=(kafka)
else
  echo "bench.sh: no Apache Kafka at $kafka_script, or no java: the comparison is left out" >&2
fi

# ---- the two sides, each with ports and data of its own ----
[ -n "$data" ] || data=$(mktemp -d "${TMPDIR:-/tmp}/kraftsharp-bench.XXXXXX")
kafka_port=$((port + 400))
export KRAFTSHARP_DATA=$data/ours KRAFTSHARP_PORT_BASE=$port KRAFTSHARP_CONTROLLER_PORT_BASE=$((port + 1)) \
  KRAFTSHARP_PORT_STEP=10
mkdir -p "$data/ours" "$data/kafka"

side() { # side NAME COMMAND...: cluster.sh or kafka.sh
  local name=$1
  shift
  # Kafka's variables only for Kafka: ours would take KAFKA_... for configurations.
  if [ "$name" = ours ]; then
    "$root/scripts/cluster.sh" "$@"
  else
    KAFKA_PEER_DATA=$data/kafka KAFKA_PEER_PORT=$kafka_port "$kafka_script" "$@"
  fi
}
up() { # up NAME NODES
  local options=(up --nodes "$2" --fresh)
  [ "$1" = ours ] && [ -n "$native" ] && options+=(--native)
  side "$1" "${options[@]}" >/dev/null
}
down_all() {
  local name
  for name in "${sides[@]}"; do side "$name" down >/dev/null 2>&1 || true; done
}
stop_watching() {
  [ "${#watchers[@]}" -eq 0 ] || kill "${watchers[@]}" 2>/dev/null || true
  wait "${watchers[@]}" 2>/dev/null || true
  watchers=()
}
cleanup() {
  stop_watching
  down_all
  rm -rf "$data"
}
trap cleanup EXIT

address() { # address NAME NODE
  if [ "$1" = ours ]; then echo "127.0.0.1:$((port + $2 * 10))"; else echo "127.0.0.1:$((kafka_port + ($2 - 1) * 100))"; fi
}
addresses() { # addresses NAME COUNT
  local id list=''
  for id in $(seq "$2"); do list+="${list:+,}$(address "$1" "$id")"; done
  echo "$list"
}
pids() { cat "$data/$1"/*.pid | paste -sd, -; }

# ---- numbers ----
field() { sed -nE "s/.*\"$2\": ?([0-9.]+).*/\1/p" <<<"$1"; } # field JSON NAME
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }'; }
round() { awk -v v="$1" 'BEGIN { printf (v < 10 ? "%.2f" : "%.0f"), v }'; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
machine() {
  echo "$(date -u +%Y-%m-%d), $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)" \
    "load 1 min $(cut -d' ' -f1 /proc/loadavg)"
}

# ---- throughput ----
batch_of() { [ "$1" -le 100 ] && echo 16384 || echo 65536; }

# run_produce NAME NODES RECORD ACKS -> JSON
run_produce() {
  local factor=$(($2 < 3 ? 1 : 3)) wanted=$4
  [ "$wanted" = all ] && wanted=-1
  "$load" produce -seeds "$(addresses "$1" "$2")" -partitions 6 -rf "$factor" -acks "$wanted" -record "$3" \
    -batch "$(batch_of "$3")" -conns 1 -inflight 5 -mb "$mb" -max 120s -pids "$(pids "$1")" | tail -1
}
# A fetch moves gigabytes a second, so it gets a topic of its own size and several passes: a pass over a produce cell's
# topic would end within a few ticks of the clock that CPU time is counted with.
fill() { # fill NAME NODES RECORD -> topic
  local factor=$(($2 < 3 ? 1 : 3)) json
  json=$("$load" produce -seeds "$(addresses "$1" "$2")" -partitions 6 -rf "$factor" -acks -1 -record "$3" \
    -batch "$(batch_of "$3")" -conns 1 -inflight 5 -mb "$fetch_mb" -max 300s -pids "$(pids "$1")" | tail -1)
  sed -nE 's/.*"topic":"([^"]*)".*/\1/p' <<<"$json"
}
run_fetch() { # run_fetch NAME NODES TOPIC -> JSON
  "$load" fetch -seeds "$(addresses "$1" "$2")" -topic "$3" -partitions 6 -pids "$(pids "$1")" | tail -1
}

row() { # row NODES WHAT METRIC: from the files of results
  local ours kafka='-' times='-'
  ours=$(median <"$results/ours")
  if [ -s "$results/kafka" ]; then
    kafka=$(median <"$results/kafka")
    times=$(ratio "$ours" "$kafka")
    kafka=$(round "$kafka")
  fi
  printf '| %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$(round "$ours")" "$kafka" "$times"
}

throughput() {
  local count size ack name i json key
  local -A topic
  results=$data/results
  mkdir -p "$results"
  echo
  echo "## Throughput ($(machine), $mb MB a run, median of $rounds)"
  echo
  echo "More MB/s and fewer CPU-seconds are better; the last column is KRaftSharp's figure over Apache Kafka's."
  echo
  echo '| nodes | load | figure | KRaftSharp | Apache Kafka | ratio |'
  echo '|---|---|---|---|---|---|'
  for count in $nodes; do
    for name in "${sides[@]}"; do
      say "$name: $count nodes"
      up "$name" "$count"
    done
    for size in $records; do
      for ack in $acks; do
        rm -f "$results"/*
        for i in $(seq 0 "$rounds"); do # round 0 warms up
          for name in "${sides[@]}"; do
            json=$(run_produce "$name" "$count" "$size" "$ack") || fail "$name: the load generator failed: $json"
            [ "$i" -eq 0 ] || for key in mb_s cpu_s_per_gb; do field "$json" $key >>"$results/p.$key.$name"; done
          done
        done
        say "$count nodes, $size B, acks=$ack: done"
        print_rows p "$count" "produce $size B, acks=$ack"
      done
      for name in "${sides[@]}"; do topic[$name]=$(fill "$name" "$count" "$size"); done
      for i in $(seq $((-warm_passes)) $((rounds * 3))); do
        for name in "${sides[@]}"; do
          json=$(run_fetch "$name" "$count" "${topic[$name]}") || fail "$name: the load generator failed: $json"
          [ "$i" -le 0 ] || for key in mb_s cpu_s_per_gb; do field "$json" $key >>"$results/f.$key.$name"; done
        done
      done
      say "$count nodes, $size B, fetch: done"
      print_rows f "$count" "fetch $size B"
    done
    down_all
  done
}

print_rows() { # print_rows KIND NODES LOAD
  local key name
  for key in mb_s cpu_s_per_gb; do
    rm -f "$results/ours" "$results/kafka"
    for name in "${sides[@]}"; do cp "$results/$1.$key.$name" "$results/$name"; done
    row "$2" "$3" "$([ $key = mb_s ] && echo 'MB/s' || echo 'CPU-s/GB')"
  done
}

# ---- start and memory: one node, from nothing but a formatted folder to the first record taken ----
rss_mb() { awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$1/status"; }

# The time counts from the process's own start, as the system knows it, so that no script's work is in it.
age_ms() { awk -v t="$(sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20)" '{ printf "%d", $1 * 1000 - t * 10 }' /proc/uptime; }

start_once() { # start_once NAME -> "milliseconds megabytes"
  local name=$1 number took
  number=$(pids "$name")
  side "$name" stop 1 >/dev/null # in order: a killed broker of Apache Kafka is refused for its session's time
  while kill -0 "$number" 2>/dev/null; do sleep 0.1; done
  side "$name" start 1 >/dev/null 2>&1 &
  # The load generator asks again until somebody answers, creates its topic and sends for a moment.
  "$load" produce -seeds "$(address "$name" 1)" -partitions 1 -rf 1 -acks -1 -record 100 -batch 100 -inflight 1 \
    -mb 1 -max 2ms >/dev/null || fail "$name did not take a record"
  took=$(age_ms "$(pids "$name")")
  wait
  sleep 5
  echo "$took $(rss_mb "$(pids "$name")")"
}

start() {
  local name i
  echo
  echo "## Start and idle memory of one node ($(machine), median of $rounds)"
  echo
  echo '| | start to first record taken, ms | idle memory, MB |'
  echo '|---|---|---|'
  for name in "${sides[@]}"; do
    up "$name" 1
    for i in $(seq "$rounds"); do start_once "$name"; done >"$data/start.$name"
    side "$name" down >/dev/null
    printf '| %s | %s | %s |\n' "$(label "$name")" "$(cut -d' ' -f1 "$data/start.$name" | median)" \
      "$(cut -d' ' -f2 "$data/start.$name" | median)"
  done
}

label() {
  case $1 in
    ours) if [ -n "$native" ]; then echo 'KRaftSharp, native'; else echo 'KRaftSharp'; fi ;;
    *) echo 'Apache Kafka' ;;
  esac
}

# ---- failover ----
failover() {
  local name json command
  echo
  echo "## Silence after kill -9, three nodes, default timeouts ($(machine), median of $rounds)"
  echo
  echo '| | of a leader to the next acknowledged record, ms | of the controller to the next created topic, ms |'
  echo '|---|---|---|'
  for name in "${sides[@]}"; do
    say "$name: failover"
    up "$name" 3
    if [ "$name" = ours ]; then
      command="$root/scripts/cluster.sh {verb} {id}"
    else
      command="env KAFKA_PEER_DATA=$data/kafka KAFKA_PEER_PORT=$kafka_port $kafka_script {verb} {id}"
    fi
    json=$("$load" failover -seeds "$(addresses "$name" 3)" -rounds "$rounds" -fault-cmd "$command" | tail -1) ||
      fail "$name: the load generator failed"
    printf '| %s | %s | %s |\n' "$(label "$name")" \
      "$(sed -nE 's/.*"leader":\{[^}]*"p50_ms":([0-9.]+).*/\1/p' <<<"$json")" \
      "$(sed -nE 's/.*"controller":\{[^}]*"p50_ms":([0-9.]+).*/\1/p' <<<"$json")"
    side "$name" down >/dev/null
  done
}

# ---- groups: all members at once, then one more; both sides without a delay of the first rebalance ----
groups() {
  local name protocol i json
  echo
  echo "## A group of 1,000 members, one node ($(machine), median of $rounds)"
  echo
  echo '| | protocol | all join, ms to stable | one more, ms to stable | CPU of the node for both, ms |'
  echo '|---|---|---|---|---|'
  echo 'group.initial.rebalance.delay.ms=0' >"$data/groups.properties"
  for name in "${sides[@]}"; do
    if [ "$name" = ours ]; then KRAFTSHARP_CONFIG=$data/groups.properties up ours 1; else up kafka 1; fi
    for protocol in classic consumer; do
      for i in $(seq 0 "$rounds"); do
        say "$name: $protocol group, round $i"
        json=$(python3 "$root/scripts/lib/groups.py" --seed "$(address "$name" 1)" --protocol "$protocol" \
          --pids "$(pids "$name")") || fail "$name: the group did not become stable"
        # The first round warms up.
        [ "$i" -eq 0 ] || echo "$(field "$json" join_ms) $(field "$json" rejoin_ms) $(field "$json" cpu_ms)"
      done >"$data/groups.$name"
      printf '| %s | %s | %s | %s | %s |\n' "$(label "$name")" "$protocol" \
        "$(cut -d' ' -f1 "$data/groups.$name" | median)" "$(cut -d' ' -f2 "$data/groups.$name" | median)" \
        "$(cut -d' ' -f3 "$data/groups.$name" | median)"
    done
    side "$name" down >/dev/null
  done
}

# ---- transactions: one producer of Apache Kafka's Java client, 1, 10 and 100 records of 100 bytes a transaction ----
run_transactions() { # run_transactions NAME RECORDS -> JSON
  java -Xmx512M -cp "$peers/kafka/server/*" -Dlog4j2.configurationFile="$peers/kafka/log4j2.yaml" \
    -Dkafka.log.level=ERROR "$root/benchmarks/Transactions/TransactionBench.java" "$(addresses "$1" 3)" "$2" \
    "${KRAFTSHARP_BENCH_SECONDS:-5}" 3 | tail -1
}

transactions() {
  local name i size json
  if ! command -v javac >/dev/null 2>&1 || [ ! -d "$peers/kafka/server" ]; then
    echo "bench.sh: no JDK, or no client at $peers/kafka/server: transactions are left out" >&2
    return
  fi
  results=$data/results
  mkdir -p "$results"
  echo
  echo "## Transactions, commits a second of one producer, three nodes ($(machine), median of $rounds)"
  echo
  echo '| nodes | load | figure | KRaftSharp | Apache Kafka | ratio |'
  echo '|---|---|---|---|---|---|'
  for name in "${sides[@]}"; do
    say "$name: 3 nodes"
    up "$name" 3
  done
  for size in 1 10 100; do
    rm -f "$results"/*
    for i in $(seq 0 "$rounds"); do # round 0 warms up
      for name in "${sides[@]}"; do
        json=$(run_transactions "$name" "$size") || fail "$name: the producer failed: $json"
        [ "$i" -eq 0 ] || field "$json" commits_s >>"$results/$name"
      done
    done
    say "$size records a transaction: done"
    row 3 "$size records a transaction" 'commits/s'
  done
  down_all
}

# ---- console: the same load with an open console and metrics scraped each second, against neither, by turns ----
admin_address() { echo "http://127.0.0.1:$((port + 2 + $1 * 10))"; }

# What an open console asks for: the stream of events, and the partitions that its grid shows; on one node. Prometheus
# asks every node. curl stands for both, so that no browser takes the brokers' processors.
watch_console() {
  curl -sN "$(admin_address 1)/v1/events" >/dev/null &
  watchers+=($!)
  while :; do
    curl -s "$(admin_address 1)/v1/topics" "$(admin_address 1)/v1/groups" "$(admin_address 1)/v1/transactions" >/dev/null
    for id in 1 2 3; do curl -s "$(admin_address "$id")/metrics" >/dev/null; done
    sleep 1
  done &
  watchers+=($!)
}

console() {
  local i mode json key size
  results=$data/results
  mkdir -p "$results"
  echo
  echo "## An open console and metrics each second, three nodes ($(machine), $mb MB a run, median of $rounds)"
  echo
  echo '| load | figure | watched | not watched | ratio |'
  echo '|---|---|---|---|---|'
  up ours 3
  for size in $records; do
    rm -f "$results"/*
    for i in $(seq 0 "$rounds"); do # round 0 warms up
      # Who comes first changes, so that neither has the emptier disk.
      for mode in $([ $((i % 2)) -eq 0 ] && echo 'watched plain' || echo 'plain watched'); do
        [ "$mode" = plain ] || watch_console
        json=$(run_produce ours 3 "$size" all) || fail "the load generator failed: $json"
        stop_watching
        [ "$i" -eq 0 ] || for key in mb_s cpu_s_per_gb; do field "$json" $key >>"$results/$key.$mode"; done
      done
    done
    for key in mb_s cpu_s_per_gb; do
      printf '| produce %s B, acks=all | %s | %s | %s | %s |\n' "$size" "$([ $key = mb_s ] && echo 'MB/s' || echo 'CPU-s/GB')" \
        "$(round "$(median <"$results/$key.watched")")" "$(round "$(median <"$results/$key.plain")")" \
        "$(ratio "$(median <"$results/$key.watched")" "$(median <"$results/$key.plain")")"
    done
  done
  down_all
}

for section in "${what[@]}"; do "$section"; done
