# shellcheck shell=bash
# How kafka-tools.sh starts its cluster, runs a tool and judges what it prints; sourced behind common.sh.

peers=${KRAFTSHARP_PEERS:-$root/../shared/peers}
ok=0 failed=0 out='' did=''
records=3000 # in the topic "records", which prepare makes

prepare() {
  local base=${KRAFTSHARP_PORT_BASE:-9092} controller=${KRAFTSHARP_CONTROLLER_PORT_BASE:-9093} id
  local step=${KRAFTSHARP_PORT_STEP:-10000}
  [ -x "$peers/kafka/tool.sh" ] || fail "Kafka's tools are not at $peers/kafka/tool.sh (set KRAFTSHARP_PEERS)"
  command -v java >/dev/null 2>&1 || fail "java is missing"
  work=$(mktemp -d "${TMPDIR:-/tmp}/kraftsharp-tools.XXXXXX")
  export KRAFTSHARP_DATA=${KRAFTSHARP_DATA:-$work/data}
  bootstrap='' controllers=''
  for id in 1 2 3; do
    bootstrap+="${bootstrap:+,}127.0.0.1:$((base + id * step))"
    controllers+="${controllers:+,}127.0.0.1:$((controller + id * step))"
  done
  new_controller=$((controller + 4 * step))
  # Snapshots of the metadata come early, a member that was killed is missed within seconds, and few partitions of the
  # internal topics are few files to read.
  cat >"$work/config" <<'CONFIG'
metadata.log.max.record.bytes.between.snapshots=4000
offsets.topic.num.partitions=5
transaction.state.log.num.partitions=5
share.coordinator.state.topic.num.partitions=5
transaction.partition.verification.enable=false
group.streams.min.session.timeout.ms=3000
group.streams.session.timeout.ms=3000
group.streams.min.heartbeat.interval.ms=500
group.streams.heartbeat.interval.ms=500
group.consumer.min.session.timeout.ms=3000
group.consumer.session.timeout.ms=3000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=500
group.share.min.session.timeout.ms=3000
group.share.session.timeout.ms=3000
group.share.min.heartbeat.interval.ms=500
group.share.heartbeat.interval.ms=500
group.coordinator.rebalance.protocols=classic,consumer,share,streams
CONFIG
  "$root/scripts/cluster.sh" up --fresh --nodes 3 --config "$work/config"
  cluster_id=$(cat "$KRAFTSHARP_DATA/cluster-id")
  make_topic records
  fill records "$records"
}

finish() {
  local pids
  pids=$(jobs -p)
  # shellcheck disable=SC2086
  if [ -n "$pids" ]; then kill -9 $pids 2>/dev/null || true; fi
  if [ -z "$keep" ]; then
    "$root/scripts/cluster.sh" down >/dev/null 2>&1 || true
    rm -rf "$work"
  fi
}

# check TOOL: runs its check in a shell of its own, so that what fails ends that check alone.
check() {
  local name=$1 begun=$SECONDS
  if [ -n "$only" ] && [[ ,$only, != *,$name,* ]]; then return; fi
  (
    trap 'jobs -p | xargs -r kill -9 2>/dev/null' EXIT
    "check_${name//-/_}"
    printf '%s: ok (%s; %s s)\n' "$name" "$did" "$((SECONDS - begun))"
  ) &
  if wait $!; then ok=$((ok + 1)); else
    failed=$((failed + 1))
    echo "$name: FAILED"
  fi
}

wrong() {
  printf '%s\n' "$*" "--- it printed:" "$(tail -n 40 <<<"$out" | cut -c 1-300)" "---" >&2
  exit 1
}

# tool NAME ARG...: what it prints is in $out; it must end well, or with $code where that is set ("any": Kafka's tools do
# not all fail when they say that they have failed).
tool() {
  local ended=0
  out=$("$peers/kafka/tool.sh" "$@" 2>&1) || ended=$?
  [ "${code:-0}" = any ] || [ "$ended" -eq "${code:-0}" ] || wrong "$* ended with $ended"
}
# at NAME ARG...: the same, where the cluster is.
at() { tool "$1" --bootstrap-server "$bootstrap" "${@:2}"; }
# after ACTION NAME ARG...: for tools whose first argument is what to do.
after() { tool "$2" "$1" "${@:3}"; }

# shows REGEX...: each matches a line of what was printed; lacks: none does; counts NUMBER REGEX: so many lines do.
shows() {
  local pattern
  for pattern in "$@"; do grep -qE -- "$pattern" <<<"$out" || wrong "nothing is like '$pattern'"; done
}
lacks() {
  local pattern
  for pattern in "$@"; do ! grep -qE -- "$pattern" <<<"$out" || wrong "there is something like '$pattern'"; done
}
counts() {
  local found
  found=$(grep -cE -- "$2" <<<"$out" || true)
  [ "$found" -eq "$1" ] || wrong "$found lines are like '$2', not $1"
}
# equals NUMBER WHAT NUMBER
equals() { [ "$1" = "$3" ] || wrong "$2 is $1, not $3"; }
# until_shows SECONDS REGEX COMMAND...: runs it again until it does; it may fail until then.
until_shows() {
  local deadline=$((SECONDS + $1)) pattern=$2 code=any
  shift 2
  while "$@"; ! grep -qE -- "$pattern" <<<"$out"; do
    [ "$SECONDS" -lt "$deadline" ] || wrong "nothing came to be like '$pattern'"
  done
}
# in_background FILE NAME ARG...: a tool that goes on; its process is $background. stop_background ends it well.
in_background() {
  : >"$1"
  "$peers/kafka/tool.sh" "${@:2}" >>"$1" 2>&1 &
  background=$!
}
stop_background() {
  kill -TERM "$background"
  wait "$background" 2>/dev/null || true
}
# wait_for_line SECONDS FILE REGEX
wait_for_line() {
  local deadline=$((SECONDS + $1))
  until grep -qE -- "$3" "$2" 2>/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || { out=$(tail -20 "$2"); wrong "nothing in time like '$3'"; }
    sleep 0.2
  done
}

make_topic() { # make_topic NAME [ARG...]
  at topics --create --topic "$1" "${@:2}"
}
fill() { # fill TOPIC RECORDS
  at producer-perf-test --topic "$1" --num-records "$2" --record-size 100 --throughput -1
}
# The sum of the end offsets of a topic's partitions.
end_of() {
  at get-offsets --topic "$1"
  awk -F: '{ n += $3 } END { print n + 0 }' <<<"$out"
}
