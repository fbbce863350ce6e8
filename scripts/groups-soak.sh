#!/usr/bin/env bash
# Many records through a group of three members over six partitions, while one member is killed and one joins.
#   groups-soak.sh CLIENT [--protocol classic|consumer] [--upgrade] [--input FILE] [--keep]
# CLIENT is kcat, python (Debian's python3-confluent-kafka), kafkajs, platformatic or java. --upgrade restarts the members
# one by one with the consumer protocol instead. FILE holds "key<TAB>value" lines, gzip (default: the flights in
# ../shared/data beside the repository, else those in samples/).
# Every line must come, in the order of its key, and the lag end at zero; twice may only come what a killed member had not
# committed. Environment: KRAFTSHARP_PEERS (Kafka's jars for java, default ../shared/peers beside the repository), that of
# cluster.sh. What lies in KRAFTSHARP_DATA is removed. KafkaJS and @platformatic/kafka are taken from artifacts/, where
# the tests of tests/Interop install them.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/soak.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/soak.sh"

client=${1:-} protocol=classic upgrade=''
case $client in
  kcat | python | kafkajs | platformatic | java) shift ;;
  -h | --help | '') sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  *) fail "unknown client $client (see --help)" ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --protocol) protocol=${2:-}; shift 2 ;;
    --upgrade) upgrade=1; shift ;;
    --input) input=${2:-}; shift 2 ;;
    --keep) keep=1; shift ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done

members=$root/tests/Interop/Members group=soak topic=soak
declare -A member_pids=()
started=0
start_member() { # start_member PROTOCOL
  local out command
  started=$((started + 1))
  out=$work/records-$started
  case $client in
    kcat)
      command=(kcat -b "$bootstrap" -G "$group" -u -q -X auto.offset.reset=earliest -X auto.commit.interval.ms=200
        -X session.timeout.ms=6000 -X heartbeat.interval.ms=500 -f '%p\t%o\t%k\t%s\n')
      if [ "$1" = consumer ]; then
        command=(kcat -b "$bootstrap" -G "$group" -u -q -X auto.offset.reset=earliest -X auto.commit.interval.ms=200
          -X group.protocol=consumer -f '%p\t%o\t%k\t%s\n')
      fi
      command+=("$topic")
      ;;
    python) command=(/usr/bin/python3 "$members/confluent_member.py" "$bootstrap" "$topic" "$group" "$1") ;;
    kafkajs) command=(env NODE_PATH="$artifacts/kafkajs/node_modules" node "$members/kafkajs-member.js" "$bootstrap" "$topic" "$group" "$1") ;;
    platformatic) command=(env NODE_PATH="$artifacts/platformatic/node_modules" node "$members/platformatic-member.mjs" "$bootstrap" "$topic" "$group" "$1") ;;
    java) command=(java -Xmx256M -cp "$kafka_jars" "$members/JavaMember.java" "$bootstrap" "$topic" "$group" "$1") ;;
  esac
  "${command[@]}" >"$out" 2>"$work/errors-$started" &
  member_pids[$started]=$!
}
stop_member() { # stop_member NUMBER SIGNAL
  kill "-$2" "${member_pids[$1]}" 2>/dev/null || fail "member $1 has ended by itself: $(tail -n 5 "$work/errors-$1")"
  wait "${member_pids[$1]}" 2>/dev/null || true
  unset "member_pids[$1]"
  # A kill may cut a line off, which nobody has seen then.
  if [ -n "$(tail -c 1 "$work/records-$1")" ]; then sed -i '$d' "$work/records-$1"; fi
}
# What has come, each record once.
seen() { cat "$work"/records-* | sort -u -t "$tab" -k1,1n -k2,2n; }
came() { cat "$work"/records-* | cut -f1,2 | sort -u | wc -l; }
# wait_for COUNT
wait_for() {
  local deadline=$((SECONDS + 600)) before=-1 now
  while now=$(came); [ "$now" -lt "$1" ]; do
    [ "$SECONDS" -lt "$deadline" ] || fail "only $now of $1 records came: $(tail -qn 2 "$work"/errors-*)"
    if [ "$now" != "$before" ]; then printf '%s  %s records\n' "$(date +%T)" "$now"; fi
    before=$now
    sleep 2
  done
}

prepare_soak "soak"
trap 'kill -9 "${member_pids[@]}" 2>/dev/null || true; finish_soak' EXIT
create_topic "$topic"
for _ in 1 2 3; do start_member "$protocol"; done
produce_input "$topic" &
producer=$!
wait_for $((lines / 3))
if [ -n "$upgrade" ]; then
  for number in 1 2 3; do
    stop_member "$number" TERM
    start_member consumer
    wait_for $((lines * (number + 3) / 8))
  done
else
  stop_member 1 KILL
  start_member "$protocol"
fi
wait "$producer"
wait_for "$lines"
deadline=$((SECONDS + 60))
while lag=$(group_lag "$admin" "$group"); [ "$lag" != 0 ]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the lag stays at ${lag:-unknown}"
  sleep 0.5
done
for number in "${!member_pids[@]}"; do stop_member "$number" TERM; done

seen | cut -f3- >"$work/found"
same_as_input "$work/found" || fail "what came is not the input, or not in its order: $work/found.diff"
repeated=$(($(cat "$work"/records-* | wc -l) - lines))
if [ -n "$upgrade" ] && [ "$repeated" -gt 0 ]; then fail "$repeated records came twice though nobody was killed"; fi
printf '%s %s%s: %s records, each key in its order, %s of them twice; the lag is 0\n' \
  "$client" "$protocol" "${upgrade:+ to consumer}" "$lines" "$repeated"
