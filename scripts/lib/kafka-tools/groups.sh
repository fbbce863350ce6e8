# shellcheck shell=bash
# What the tools of groups and transactions must print.

# lag GROUP: the sum, as consumer-groups tells it.
lag() {
  at consumer-groups --describe --group "$1"
  awk -v group="$1" '$1 == group && $6 ~ /^[0-9]+$/ { n += $6; rows++ } END { print rows ? n : "unknown" }' <<<"$out"
}
consume_all() { # consume_all GROUP
  at console-consumer --topic records --group "$1" --from-beginning --max-messages "$records" --timeout-ms 20000
}

check_groups() {
  consume_all listed
  at groups --list
  shows "^listed +Classic +consumer"
  at groups --list --consumer
  shows "^listed "
  at groups --list --share
  lacks "^listed "
  at groups --list --group-type classic --protocol consumer
  shows "^listed "
  did="listed by type and protocol"
}

check_consumer_groups() {
  local group=counted
  consume_all "$group"
  equals "$(lag "$group")" "the lag" 0
  at consumer-groups --list --state --type
  shows "^$group +Classic +Empty"
  at consumer-groups --list --state Empty
  shows "^$group "
  at consumer-groups --describe --group "$group" --state
  shows "^$group .* Empty +0"
  at consumer-groups --describe --all-groups --offsets --verbose
  shows "^$group "

  check_resets "$group"
  check_live_members

  at consumer-groups --delete-offsets --group "$group" --topic records:0
  shows "Request succeed(ed)? for deleting offsets from group $group" "^records +0 +Successful"
  at consumer-groups --delete --group "$group"
  shows "Deletion of requested consumer groups \('$group'\) was successful"
  code=any at consumer-groups --describe --group "$group"
  shows "Group $group not found"
  did="listed, described, reset in ten ways, members of both protocols, offsets and group deleted"
}

check_resets() { # check_resets GROUP
  local reset=(consumer-groups --reset-offsets --group "$1" --topic records)
  at "${reset[@]}" --to-earliest --dry-run
  shows "^$1 +records +0 +0$"
  equals "$(lag "$1")" "the lag after a dry run" 0
  at "${reset[@]}" --to-earliest --execute
  equals "$(lag "$1")" "the lag from the beginning" "$records"
  at "${reset[@]}" --shift-by 7 --execute
  equals "$(lag "$1")" "the lag after a shift" "$((records - 7))"
  at "${reset[@]}" --shift-by -3 --execute
  equals "$(lag "$1")" "the lag after a shift back" "$((records - 4))"
  at consumer-groups --reset-offsets --group "$1" --topic records:0 --to-offset 11 --dry-run --export
  grep -E '^"?records"?,0,11' <<<"$out" >"$work/offsets.csv" || wrong "there is no line of CSV"
  at consumer-groups --reset-offsets --group "$1" --from-file "$work/offsets.csv" --execute
  equals "$(lag "$1")" "the lag after the reset from a file" "$((records - 11))"
  at "${reset[@]}" --to-current --execute
  equals "$(lag "$1")" "the lag at the current offset" "$((records - 11))"
  at "${reset[@]}" --to-latest --execute
  equals "$(lag "$1")" "the lag at the end" 0
  at "${reset[@]}" --to-datetime 2020-01-01T00:00:00.000 --execute
  equals "$(lag "$1")" "the lag from a time on" "$records"
  at "${reset[@]}" --by-duration PT0S --execute
  equals "$(lag "$1")" "the lag from now on" 0
  at "${reset[@]}" --by-duration P1D --execute
  equals "$(lag "$1")" "the lag from yesterday on" "$records"
}

check_live_members() {
  local protocol assignor
  for protocol in classic consumer; do
    assignor=range
    [ "$protocol" = classic ] || assignor=uniform
    in_background "$work/live" verifiable-consumer --bootstrap-server "$bootstrap" --topic records \
      --group-id "live-$protocol" --group-protocol "$protocol" --reset-policy earliest
    wait_for_line 30 "$work/live" offsets_committed
    at consumer-groups --describe --group "live-$protocol" --members --verbose
    shows "^live-$protocol +.*records"
    until_shows 20 "^live-$protocol +.* $assignor +Stable +.*1( |$)" \
      at consumer-groups --describe --group "live-$protocol" --state --verbose
    at consumer-groups --reset-offsets --group "live-$protocol" --topic records --to-earliest --execute
    shows "can only be reset if the group 'live-$protocol' is inactive"
    code=any at consumer-groups --delete --group "live-$protocol"
    shows "GroupNotEmpty"
    stop_background
  done
}

check_streams_application_reset() {
  consume_all application
  at streams-application-reset --application-id application --input-topics records --to-earliest --dry-run
  shows "Topic: records Partition: 0 Offset: 0"
  at streams-application-reset --application-id application --input-topics records --to-earliest
  equals "$(lag application)" "the lag" "$records"
  did="the offsets of an application's group"
}

# from_the_start GROUP: share groups begin at the end unless told otherwise.
from_the_start() {
  at configs --alter --entity-type groups --entity-name "$1" --add-config share.auto.offset.reset=earliest
}

check_share_consumer_perf_test() {
  from_the_start shared-perf
  at share-consumer-perf-test --topic records --group shared-perf --num-records "$records" --threads 2 --timeout 20000 --hide-header
  equals "$(grep -E '^20[0-9-]+ ' <<<"$out" | awk -F', *' '{ print $6 }' | tail -1)" "the number of records read" "$records"
  did="$records records by two members"
}

check_console_share_consumer() {
  from_the_start shared
  at console-share-consumer --topic records --group shared --max-messages 100 --timeout-ms 20000
  [ "$(wc -l <<<"$out")" -ge 100 ] || wrong "not 100 records came"
  at console-share-consumer --topic records --group shared --max-messages 50 --timeout-ms 20000 --release
  at console-share-consumer --topic records --group shared --max-messages 50 --timeout-ms 20000 --reject
  shows "Processed a total of 50 messages"
  did="100 accepted, 50 released, 50 rejected"
}

check_verifiable_share_consumer() {
  from_the_start shared-verified
  at verifiable-share-consumer --topic records --group-id shared-verified --max-messages 500 --acknowledgement-mode sync
  shows '"name":"records_consumed"' '"name":"offsets_acknowledged".*"success":true'
  did="500 acknowledged"
}

check_share_groups() {
  local group=shared-listed
  from_the_start "$group"
  in_background "$work/sharer" console-share-consumer --bootstrap-server "$bootstrap" --topic records --group "$group"
  until_shows 30 "^$group .* Stable +1" at share-groups --describe --group "$group" --state
  at share-groups --describe --group "$group" --members --verbose
  shows "^$group .*records:0"
  until_shows 30 "^$group +records +0 +[0-9]+ +0$" at share-groups --describe --group "$group" --offsets
  code=any at share-groups --reset-offsets --group "$group" --topic records --to-earliest --execute
  shows "Share group '$group' is not empty|can only be reset if the group"
  stop_background
  until_shows 30 "^$group .* Empty +0" at share-groups --describe --group "$group" --state
  at share-groups --list --state
  shows "^$group +Empty"
  at share-groups --reset-offsets --group "$group" --topic records --to-earliest --dry-run
  shows "^$group +records +0 +0"
  at share-groups --reset-offsets --group "$group" --topic records --to-earliest --execute
  at share-groups --describe --group "$group"
  shows "^$group +records +0 +0"
  at share-groups --delete-offsets --group "$group" --topic records
  shows "records +Successful"
  at share-groups --delete --group "$group"
  shows "Deletion of requested share groups \('$group'\) was successful"
  at share-groups --list
  lacks "^$group$"
  did="state, members, offsets, reset, offsets and group deleted"
}

check_streams_groups() {
  local group=words jars="$peers/kafka/server/*" pid
  javac -cp "$jars" -d "$work" "$root/tests/Interop/Streams/WordCount.java" 2>"$work/javac" || wrong "$(cat "$work/javac")"
  java -cp "$work:$jars" WordCount load "$bootstrap" words-in 500 || wrong "the lines were not written"
  java -Xmx256M -cp "$work:$jars" WordCount run "$bootstrap" "$group" words-in words-out 2 >"$work/words" 2>&1 &
  pid=$!
  until_shows 60 "^$group .* Stable +2" at streams-groups --describe --group "$group" --state
  java -cp "$work:$jars" WordCount check "$bootstrap" words-out 500 60 || wrong "the counts are not those of the lines"
  at streams-groups --describe --group "$group" --state --verbose
  shows "^$group .*Stable"
  at streams-groups --describe --group "$group" --members --verbose
  shows "^$group .*ACTIVE|^$group .*0:\["
  at streams-groups --describe --group "$group" --offsets
  shows "^$group +words-in +0 "
  at streams-groups --list --state
  shows "^$group +Stable"
  kill -9 "$pid"
  until_shows 40 "^$group .* Empty +0" at streams-groups --describe --group "$group" --state
  at streams-groups --reset-offsets --group "$group" --input-topic words-in --to-earliest --dry-run
  shows "^$group +words-in +0 +0"
  at streams-groups --reset-offsets --group "$group" --input-topic words-in --to-earliest --execute
  # The tool describes the offsets of groups with members only.
  at streams-groups --reset-offsets --group "$group" --input-topic words-in --to-current --dry-run
  counts 4 "^$group +words-in +[0-3] +0"
  at streams-groups --delete-offsets --group "$group" --input-topic words-in
  shows "Request succeed(ed)? for deleting offsets from group $group"
  at streams-groups --delete --group "$group"
  shows "Deletion of requested streams groups \('$group'\) was successful"
  at streams-groups --list
  lacks "^$group$"
  did="a running word count: state, members, offsets; reset, offsets and group deleted"
}

check_transactions() {
  local log=$work/open
  make_topic open --partitions 1
  in_background "$log" producer-perf-test --bootstrap-server "$bootstrap" --topic open --num-records 100000 --record-size 100 \
    --throughput 20 --transactional-id open --transaction-duration-ms 900000 --command-property transaction.timeout.ms=900000 linger.ms=0
  until_shows 30 "^open[[:space:]].*Ongoing" transactions list
  transactions list --duration-filter 3600000
  lacks "^open[[:space:]]"
  transactions list --transactional-id-pattern "op.n"
  shows "^open[[:space:]]"
  until_shows 20 "^[0-9]+[[:space:]]+open[[:space:]].*Ongoing[[:space:]]+900000[[:space:]].*open-0" transactions describe --transactional-id open
  until_shows 20 "^[0-9]+[[:space:]]+[0-9]+[[:space:]]+-?[0-9]+[[:space:]]+[0-9]+[[:space:]]+[0-9]+[[:space:]]+0[[:space:]]" \
    transactions describe-producers --topic open --partition 0
  transactions find-hanging --topic open
  lacks "^open[[:space:]]"
  kill -9 "$background"
  wait "$background" 2>/dev/null || true
  transactions forceTerminateTransaction --transactionalId open
  until_shows 20 "open[[:space:]].*(CompleteAbort|Empty)" transactions describe --transactional-id open
  # One that no coordinator knows: written by a request that no client would send, since an hour.
  python3 "$root/scripts/lib/kafka-tools/hanging.py" "$bootstrap" open >"$work/hanging" || wrong "$(cat "$work/hanging")"
  transactions find-hanging --topic open
  shows "^open[[:space:]]+0[[:space:]]+4711[[:space:]]"
  transactions abort --topic open --partition 0 --start-offset "$(cat "$work/hanging")"
  transactions find-hanging --topic open
  lacks "^open[[:space:]]"
  code=1 transactions describe --transactional-id missing
  shows "the ID could not be found"
  did="listed, described, terminated; one that hangs found and aborted"
}
transactions() { at transactions "$@"; }
