#!/usr/bin/env bash
# What operators do to a running cluster, under load: a producer numbers its lines, each line must be there once.
#   operations.sh [STEP...]     all of them, in this order, when none is named:
#     voters      controllers become dynamic voters (kraft.version 1); one is taken out, and put in again, by tool and by HTTP
#     reassign    the 100 partitions of the loaded topic move to other brokers
#     disk        a log folder of a node is taken away, so that it goes offline, and given back
#     downgrade   metadata.version, that of Kafka 4.2 at first, two levels down and up again, then to the newest
#     replace     a broker is stopped gracefully, loses all its data, and comes back empty
# Options: --rate N   500 lines a second
# Needs kcat. Ports as cluster.sh; the data is in a temporary folder, kept when something is wrong.
# Prints a line a step with its seconds, and the counts at the end; exit code 1 when a line is missing, doubled or unordered.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/numbers.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/numbers.sh"

topic=numbers partitions=100 rate=500 keep='' steps=() known='voters reassign disk downgrade replace'
while [ $# -gt 0 ]; do
  case $1 in
    --rate) rate=${2:-}; [ -n "$rate" ] || fail "--rate needs a value"; shift 2 ;;
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) [[ " $known " == *" $1 "* ]] || fail "unknown step $1 (see --help)"; steps+=("$1"); shift ;;
  esac
done
[ "${#steps[@]}" -gt 0 ] || read -ra steps <<<"$known"
command -v kcat >/dev/null 2>&1 || fail "kcat is missing"

work=$(mktemp -d "${TMPDIR:-/tmp}/kraftsharp-operations.XXXXXX")
export KRAFTSHARP_DATA=$work/data KRAFTSHARP_NODES=3
base=${KRAFTSHARP_PORT_BASE:-9092} controller_base=${KRAFTSHARP_CONTROLLER_PORT_BASE:-9093} step=${KRAFTSHARP_PORT_STEP:-10000}
admin=http://127.0.0.1:$((${KRAFTSHARP_ADMIN_PORT_BASE:-$([ -n "${KRAFTSHARP_PORT_BASE:-}" ] && echo $((base + 2)) || echo 8080)} + step))
bootstrap=127.0.0.1:$((base + step)),127.0.0.1:$((base + 2 * step)),127.0.0.1:$((base + 3 * step))
cleanup() {
  kill_numbers
  "$root/scripts/cluster.sh" down >/dev/null 2>&1 || true
  [ -n "$keep" ] || rm -rf "$work"
}
trap cleanup EXIT
# Two folders a node, and the metadata log in the first of them.
echo 'log.dirs={data}/{id},{data}/{id}-second' >"$work/config"

cluster() { "$root/scripts/cluster.sh" "$@" >/dev/null; }
tool() { "$root/scripts/kraftsharp" "$@" -b "$bootstrap"; }
# until_true WHAT COMMAND...: within two minutes.
until_true() {
  local what=$1 deadline=$((SECONDS + 120))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then keep=1; fail "$what did not come within 120 s (see $work)"; fi
    sleep 0.3
  done
}
in_sync() { tool topics describe $topic | awk -v most="$1" '$1 ~ /^[0-9]+$/ && split($5, a, ",") == most { n++ } END { exit n != '$partitions' }'; }
whole() { in_sync 2; }
voters() { [ "$(tool quorum describe | awk '$2 == "leader" || $2 == "follower" { n++ } END { print n + 0 }')" -eq "$1" ]; }
observes() { tool quorum describe | awk -v id="$1" '$1 == id && $2 == "observer" { found = 1 } END { exit !found }'; }
# http METHOD PATH [BODY]: as a dry run, then in earnest.
http() {
  local query
  for query in '?dry_run=true' ''; do
    curl -sf -X "$1" ${3:+-H 'Content-Type: application/json' -d "$3"} "$admin$2$query" >/dev/null ||
      { keep=1; fail "$1 $2$query: $(curl -s -X "$1" ${3:+-H 'Content-Type: application/json' -d "$3"} "$admin$2$query")"; }
  done
}
# feature NAME FIELD: level is the one in force.
feature() {
  tool features describe --output json | awk -F'[:, ]+' -v name="\"$1\"" -v field="\"$2\"" \
    '$2 == "\"feature\"" { at = $3 == name } $2 == field && at { print $3; exit }'
}

step_voters() {
  tool features upgrade kraft.version=1 >/dev/null
  tool quorum remove-voter 3 >/dev/null
  until_true "a quorum of two voters" voters 2
  sleep 2
  tool quorum add-voter 3 --listener "CONTROLLER=127.0.0.1:$((controller_base + 3 * step))" >/dev/null
  until_true "a quorum of three voters" voters 3
  # And as the console does it: each tried first.
  local directory
  directory=$(curl -sf "$admin/v1/quorum" | tr '{' '\n' | sed -n 's/.*"id":2,"directory_id":"\([^"]*\)".*/\1/p' | head -1)
  local body="{\"voter_id\":2,\"directory_id\":\"$directory\",\"endpoints\":[{\"name\":\"CONTROLLER\",\"host\":\"127.0.0.1\",\"port\":$((controller_base + 2 * step))}]}"
  http DELETE "/v1/quorum/voters/2"
  until_true "a quorum of two voters" voters 2
  until_true "that node 2 follows the quorum" observes 2
  http POST "/v1/quorum/voters" "$body"
  until_true "a quorum of three voters" voters 3
}

# Every partition leaves its first replica for the broker that has none of it.
step_reassign() {
  tool topics describe $topic | awk -v topic=$topic '$1 ~ /^[0-9]+$/ {
    split($4, r, ","); other = 6 - r[1] - r[2]
    printf "%s{\"topic\":\"%s\",\"partition\":%d,\"replicas\":[%d,%d]}", n++ ? "," : "{\"version\":1,\"partitions\":[", topic, $1, r[2], other
  } END { print "]}" }' >"$work/plan.json"
  tool partitions reassign --plan "$work/plan.json" --execute >"$work/reassign.log"
  until_true "every partition in sync at its new place" whole
  grep -o '"replicas":\[[0-9],[0-9]\]' "$work/plan.json" | tr -d '[]' | cut -d: -f2 >"$work/planned"
  tool topics describe $topic | awk '$1 ~ /^[0-9]+$/ { print $4 }' | tr -d ' ' | diff - "$work/planned" >/dev/null ||
    { keep=1; fail "the replicas are not where the plan wants them (see $work)"; }
}

offline_dir() { tool cluster log-dirs | grep -q -i 'offline\|error'; }
step_disk() {
  mv "$KRAFTSHARP_DATA/2-second" "$KRAFTSHARP_DATA/taken"
  until_true "the folder's end" offline_dir
  sleep 3
  cluster stop 2
  mv "$KRAFTSHARP_DATA/taken" "$KRAFTSHARP_DATA/2-second"
  cluster start 2
  until_true "every partition in sync again" whole
}

# change_level downgrade|upgrade LEVEL
change_level() {
  tool features "$1" "metadata.version=$2" >/dev/null
  [ "$(feature metadata.version level)" -eq "$2" ] || { keep=1; fail "metadata.version is not $2 after its $1"; }
}
step_downgrade() {
  local current newest
  current=$(feature metadata.version level) newest=$(feature metadata.version highestSupported)
  change_level downgrade $((current - 2))
  sleep 3
  change_level upgrade "$current"
  change_level upgrade "$newest"
}

step_replace() {
  cluster stop 1
  # The folder's identity stays; a voter that forgot its votes would be another one.
  find "$KRAFTSHARP_DATA/1-second" -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +
  find "$KRAFTSHARP_DATA/1" -mindepth 1 -maxdepth 1 -type d ! -name '__cluster_metadata-0' -exec rm -rf {} +
  cluster start 1
  until_true "every partition in sync again" whole
}

"$root/scripts/cluster.sh" up --fresh --config "$work/config" --release-version 4.2 >"$work/up.log" || { keep=1; fail "the cluster did not start (see $work/up.log)"; }
tool topics create $topic --partitions $partitions --replication-factor 2 --config min.insync.replicas=1 >/dev/null
start_numbers "$bootstrap" $topic "$work" "$rate"
sleep 3
for name in "${steps[@]}"; do
  before=$SECONDS
  "step_$name"
  printf '%-10s done in %3d s, %d lines sent\n' "$name" $((SECONDS - before)) "$(wc -l <"$work/sent")"
  sleep 2
done
stop_numbers
check_numbers "operations"
