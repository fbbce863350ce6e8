#!/usr/bin/env bash
# A cluster on this machine, of combined nodes (broker and controller) or of both apart.
#   cluster.sh up [--nodes N] [--data DIR] [--fresh] [--native]   build, start, wait until every broker is unfenced
#             [--separate]   N brokers and N controllers, each a process; the controllers are nodes 101, 102, ...
#   cluster.sh down | status                                      stop all nodes; one line a node
#   cluster.sh kill ID | stop ID | start ID                       SIGKILL; graceful stop; start again
#   cluster.sh pause ID | resume ID | logs ID                     SIGSTOP; SIGCONT; print the node's log
# Options of up, each with its environment variable:
#   --nodes N                  KRAFTSHARP_NODES                 3
#   --data DIR                 KRAFTSHARP_DATA                  ./data (DIR for the other commands too: set the variable
#                                                               or give --data DIR after the command)
#   --port-base P              KRAFTSHARP_PORT_BASE             9092: node I listens at I * step + 9092
#   --controller-port-base P   KRAFTSHARP_CONTROLLER_PORT_BASE  9093
#   --admin-port-base P        KRAFTSHARP_ADMIN_PORT_BASE       8080: admin HTTP and the console (with another
#                                                               --port-base: that and 2)
#   --port-step P              KRAFTSHARP_PORT_STEP             10000
#   --config FILE              KRAFTSHARP_CONFIG                lines added to every server.properties, in which {id} is
#                                                               the node and {data} the folder of DIR
#   --release-version V        KRAFTSHARP_RELEASE_VERSION       that of the newest release, such as 4.2: of new data
#   --timeout SECONDS          KRAFTSHARP_START_TIMEOUT         60
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

host=127.0.0.1
data=${KRAFTSHARP_DATA:-$root/data}
node_count=${KRAFTSHARP_NODES:-}
port_base=${KRAFTSHARP_PORT_BASE:-9092}
controller_base=${KRAFTSHARP_CONTROLLER_PORT_BASE:-9093}
admin_base=${KRAFTSHARP_ADMIN_PORT_BASE:-}
port_step=${KRAFTSHARP_PORT_STEP:-10000}
extra_config=${KRAFTSHARP_CONFIG:-}
start_timeout=${KRAFTSHARP_START_TIMEOUT:-60}
release=${KRAFTSHARP_RELEASE_VERSION:-}
fresh='' native='' separate='' node_id=''
ready_line='Kafka Server started'

usage() { sed -n '2,20s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
is_number() { [[ $1 =~ ^[0-9]+$ ]]; }

# ---- what is on disk ----
nodes() {
  local file
  for file in "$data"/*.properties; do
    if [ -e "$file" ]; then basename "$file" .properties; fi
  done | sort -n
}
property() { sed -n "s/^$2=//p" "$data/$1.properties" | tail -1; }
admin_url() { property "$1" kraftsharp.admin.listeners; }
listener_port() { property "$1" listeners | tr ',' '\n' | sed -n "s/^$2:.*://p"; }

# Prints the pid of a running node. A pid file that outlived its process must not name a stranger.
pid() {
  local number
  [ -f "$data/$1.pid" ] || return 1
  number=$(cat "$data/$1.pid")
  is_alive "$number" || return 1
  if [ -r "/proc/$number/cmdline" ]; then
    # A process that is dying has no command line any more but still its ports.
    if [ -n "$(tr -d '\0' <"/proc/$number/cmdline" 2>/dev/null)" ]; then
      tr '\0' ' ' <"/proc/$number/cmdline" 2>/dev/null | grep -F "$data/$1.properties" >/dev/null || return 1
    fi
  fi
  echo "$number"
}
is_alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null && [ "$(process_state "$1")" != Z ]; }
process_state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || true; }
is_up() { pid "$1" >/dev/null; }

# ---- writing the nodes' files ----
random_uuid() { # Kafka's 22 characters; a leading dash would look like an option
  local text
  while text=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'); [[ $text == -* ]]; do :; done
  echo "$text"
}

write_nodes() {
  local count=$1 id factor=3 min_isr=2 first_controller=0
  if [ "$count" -lt 3 ]; then factor=1 min_isr=1; fi
  if [ -n "$separate" ]; then first_controller=100; fi
  voters=''
  for id in $(seq "$count"); do
    voters+="${voters:+,}$((first_controller + id))@$host:$((id * port_step + controller_base))"
  done
  for id in $(seq "$count"); do
    local kafka="PLAINTEXT://$host:$((id * port_step + port_base))"
    local controller="CONTROLLER://$host:$((id * port_step + controller_base))"
    local admin="kraftsharp.admin.listeners=http://$host:$((id * port_step + admin_base))"
    if [ -n "$separate" ]; then
      write_node "$id" broker "$kafka" "$admin" "broker.rack=rack-$id"
      write_node "$((first_controller + id))" controller "$controller"
    else
      write_node "$id" broker,controller "$kafka,$controller" "$admin" "broker.rack=rack-$id"
    fi
  done
  random_uuid >"$data/cluster-id"
  for id in "$data"/*.new; do mv "$id" "${id%.new}.properties"; done
}

# write_node ID ROLES LISTENERS [LINE...]; the rest comes from write_nodes.
write_node() {
  local id=$1 roles=$2 listeners=$3
  shift 3
  cat >"$data/$id.new" <<PROPERTIES
process.roles=$roles
node.id=$id
controller.quorum.voters=$voters
listeners=$listeners
controller.listener.names=CONTROLLER
log.dirs=$data/$id
offsets.topic.replication.factor=$factor
transaction.state.log.replication.factor=$factor
transaction.state.log.min.isr=$min_isr
share.coordinator.state.topic.replication.factor=$factor
share.coordinator.state.topic.min.isr=$min_isr
min.insync.replicas=$min_isr
default.replication.factor=$factor
group.initial.rebalance.delay.ms=0
PROPERTIES
  if [ $# -gt 0 ]; then printf '%s\n' "$@" >>"$data/$id.new"; fi
  if [ -n "$extra_config" ]; then sed "s|{id}|$id|g; s|{data}|$data|g" "$extra_config" >>"$data/$id.new"; fi
}

# Formats a node's storage unless it is formatted.
format() {
  [ -f "$data/$1/meta.properties" ] && return 0
  "${tool_command[@]}" storage format --cluster-id "$(cat "$data/cluster-id")" --config "$data/$1.properties" \
    ${release:+--release-version "$release"} >"$data/$1.format.log" 2>&1 || fail "node $1: formatting failed: $(tail -1 "$data/$1.format.log")"
}

# ---- starting and stopping ----
port_is_taken() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }

# A process that has just died may keep its ports for a moment.
require_free_ports() {
  local id=$1 port deadline=$((SECONDS + 5)) admin
  admin=$(admin_url "$id")
  for port in $(listener_port "$id" PLAINTEXT) $(listener_port "$id" CONTROLLER) ${admin##*:}; do
    while port_is_taken "$port"; do
      [ "$SECONDS" -lt "$deadline" ] ||
        fail "node $id: port $port is in use by another process (choose others with --port-base, --controller-port-base and --admin-port-base)"
      sleep 0.1
    done
  done
}

launch() {
  local id=$1 detach=(setsid)
  command -v setsid >/dev/null 2>&1 || detach=(nohup)
  "${detach[@]}" "${tool_command[@]}" server --config "$data/$id.properties" \
    >>"$data/$id.log" 2>&1 </dev/null 9>&- &
  echo $! >"$data/$id.pid"
}

ready_count() { if [ -f "$data/$1.log" ]; then grep -cF "$ready_line" "$data/$1.log" || true; else echo 0; fi; }

# wait_ready ID COUNT: the node says so once the quorum has a leader and its broker is unfenced.
wait_ready() {
  local deadline=$((SECONDS + start_timeout))
  while [ "$(ready_count "$1")" -le "$2" ]; do
    # Not is_up: between fork and exec the process does not bear its name yet.
    is_alive "$(cat "$data/$1.pid")" ||
      fail "node $1 did not start: $(tail -1 "$data/$1.log") (see $data/$1.log)"
    [ "$SECONDS" -lt "$deadline" ] || fail "node $1 was not ready within $start_timeout s (see $data/$1.log)"
    sleep 0.02
  done
}

# wait_gone ID SECONDS: false when it is still there after that time.
wait_gone() {
  local deadline=$((SECONDS + $2))
  while is_up "$1"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.02
  done
}

signal() {
  local number
  number=$(pid "$2") || return 1
  kill "-$1" "$number" 2>/dev/null
}

choose_tool() {
  if [ -f "$data/native" ]; then build_native; else build_tool; fi
}

# ---- commands ----
up() {
  local id existing before=()
  if [ -n "$fresh" ]; then down; remove_data; fi
  mkdir -p "$data"
  data=$(cd "$data" && pwd)
  existing=$(nodes | awk '$1 <= 100' | wc -l)
  if [ "$existing" -gt 0 ] && [ -n "$node_count" ] && [ "$existing" -ne "$node_count" ]; then
    fail "$data holds a cluster of $existing nodes, not $node_count (--fresh begins a new one)"
  fi
  if [ "$existing" -gt 0 ] && [ -n "$separate" ] && [ "$(nodes | wc -l)" -eq "$existing" ]; then
    fail "$data holds a cluster of combined nodes (--fresh begins a new one)"
  fi
  node_count=${node_count:-3}
  if [ "$existing" -gt 0 ]; then node_count=$existing; fi
  check_numbers
  if [ -n "$native" ]; then : >"$data/native"; else rm -f "$data/native"; fi
  choose_tool
  if [ "$existing" -eq 0 ]; then write_nodes "$node_count"; fi
  for id in $(nodes); do
    is_up "$id" || (require_free_ports "$id") || {
      if [ "$existing" -eq 0 ]; then remove_data; fi # so that another choice of ports begins afresh
      exit 1
    }
  done
  for id in $(nodes); do
    before[id]=-1
    is_up "$id" && continue
    format "$id"
    before[id]=$(ready_count "$id")
    launch "$id"
  done
  for id in $(nodes); do
    if [ "${before[id]}" -ge 0 ]; then wait_ready "$id" "${before[id]}"; fi
  done
  status
}

check_numbers() {
  local value
  [ -n "$admin_base" ] || admin_base=$((port_base == 9092 ? 8080 : port_base + 2))
  for value in "$node_count" "$port_base" "$controller_base" "$admin_base" "$port_step" "$start_timeout"; do
    is_number "$value" || fail "'$value' is not a number"
  done
  [ "$node_count" -ge 1 ] || fail "a cluster needs at least one node"
  [ "$node_count" -le 100 ] || fail "a cluster has at most 100 nodes here"
  if [ $((node_count * port_step + port_base)) -gt 65535 ] || [ $((node_count * port_step + controller_base)) -gt 65535 ]; then
    fail "ports of $node_count nodes go beyond 65535: choose a smaller --port-step (such as 1000)"
  fi
}

# Only what this script made: a directory with other things in it stays.
remove_data() {
  local id
  for id in $(nodes); do
    rm -rf "${data:?}/$id" "$data/$id.properties" "$data/$id.log" "$data/$id.pid" "$data/$id.format.log"
  done
  rm -f "$data/cluster-id" "$data/native"
}

down() {
  local id
  for id in $(nodes); do signal CONT "$id" || true; signal TERM "$id" || true; done
  for id in $(nodes); do
    wait_gone "$id" 15 || { signal KILL "$id" || true; wait_gone "$id" 5 || fail "node $id did not stop"; }
    rm -f "$data/$id.pid"
  done
}

# address WORD ID LISTENER: nothing where the node has no such listener.
address() {
  local port
  port=$(listener_port "$2" "$3")
  if [ -n "$port" ]; then printf '  %s %s:%s' "$1" "$host" "$port"; fi
}

status() {
  local id number note
  [ -n "$(nodes)" ] || { echo "no cluster in $data"; return 0; }
  for id in $(nodes); do
    note=down
    if number=$(pid "$id"); then
      note="up pid $number"
      if [ "$(process_state "$number")" = T ]; then note+=" (paused)"; fi
    fi
    printf 'node %s%s%s%s  %s\n' "$id" "$(address kafka "$id" PLAINTEXT)" "$(address controller "$id" CONTROLLER)" \
      "$(admin_url "$id" | sed 's/^/  /')" "$note"
  done
}

start() {
  local count
  is_up "$1" && { echo "node $1 is up already"; return 0; }
  require_free_ports "$1"
  choose_tool
  format "$1"
  count=$(ready_count "$1")
  launch "$1"
  wait_ready "$1" "$count"
}

stop() {
  is_up "$1" || { echo "node $1 is down already"; return 0; }
  signal CONT "$1" || true
  signal TERM "$1" || true
  wait_gone "$1" 30 || fail "node $1 did not stop within 30 s (kill $1 makes it)"
  rm -f "$data/$1.pid"
}

kill_node() {
  is_up "$1" || { echo "node $1 is down already"; return 0; }
  signal KILL "$1" || true
  wait_gone "$1" 10 || fail "node $1 did not die"
  rm -f "$data/$1.pid"
}

need_value() { [ "$#" -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value"; }

command=${1:-}
if [ $# -gt 0 ]; then shift; fi
while [ $# -gt 0 ]; do
  case $1 in
    --fresh) fresh=1; shift ;;
    --native) native=1; shift ;;
    --separate) separate=1; shift ;;
    --nodes) need_value "$@"; node_count=$2; shift 2 ;;
    --data) need_value "$@"; data=$2; shift 2 ;;
    --port-base) need_value "$@"; port_base=$2; shift 2 ;;
    --controller-port-base) need_value "$@"; controller_base=$2; shift 2 ;;
    --admin-port-base) need_value "$@"; admin_base=$2; shift 2 ;;
    --port-step) need_value "$@"; port_step=$2; shift 2 ;;
    --config) need_value "$@"; extra_config=$2; shift 2 ;;
    --release-version) need_value "$@"; release=$2; shift 2 ;;
    --timeout) need_value "$@"; start_timeout=$2; shift 2 ;;
    -*) fail "unknown option $1" ;;
    *) [ -z "$node_id" ] || fail "one node at a time"; node_id=$1; shift ;;
  esac
done
[ -z "$extra_config" ] || [ -r "$extra_config" ] || fail "cannot read $extra_config"
if [ -d "$data" ]; then data=$(cd "$data" && pwd); fi

case $command in
  kill | stop | start | pause | resume | logs)
    [ -n "$node_id" ] || fail "$command needs a node's id"
    [ -f "$data/$node_id.properties" ] || fail "there is no node $node_id in $data"
    ;;
  up | down | status) [ -z "$node_id" ] || fail "$command takes no node id" ;;
esac
case $command in
  up) up ;;
  down) down ;;
  status) status ;;
  kill) kill_node "$node_id" ;;
  stop) stop "$node_id" ;;
  start) start "$node_id" ;;
  pause) signal STOP "$node_id" || fail "node $node_id is down" ;;
  resume) signal CONT "$node_id" || fail "node $node_id is down" ;;
  logs) cat "$data/$node_id.log" ;;
  *) usage >&2; exit 2 ;;
esac
