# shellcheck shell=bash
# What the tools that produce, consume and look at records must print.

check_producer_perf_test() {
  make_topic made-by-perf
  at producer-perf-test --topic made-by-perf --num-records 20000 --record-size 200 --throughput -1 \
    --command-property acks=all compression.type=lz4
  shows "^20000 records sent, .* ms avg latency"
  at producer-perf-test --topic made-by-perf --num-records 2000 --payload-monotonic --throughput -1 \
    --transactional-id perf --transaction-duration-ms 50
  shows "^2000 records sent"
  # A marker for each transaction and partition lies there too.
  [ "$(end_of made-by-perf)" -gt 22000 ] || wrong "there are less records than were sent, and the markers"
  did="20000 records, and 2000 in transactions"
}

check_consumer_perf_test() {
  local read
  at consumer-perf-test --topic records --num-records "$records" --group perf --hide-header --timeout 20000
  read=$(grep -E '^20[0-9-]+ ' <<<"$out" | awk -F', *' '{ print $5 }')
  equals "$read" "the number of records read" "$records"
  did="$read records read"
}

check_console_producer() {
  make_topic typed
  out=$(printf 'a\tone\nb\ttwo\nc\tthree\n' | "$peers/kafka/tool.sh" console-producer --bootstrap-server "$bootstrap" \
    --topic typed --reader-property parse.key=true --command-property acks=all 2>&1) || wrong "it failed"
  equals "$(end_of typed)" "the number of records" 3
  did="3 records with keys"
}

check_console_consumer() {
  at console-consumer --topic typed --from-beginning --max-messages 3 --timeout-ms 20000 \
    --formatter-property print.key=true --formatter-property print.partition=true --command-property isolation.level=read_committed
  shows "Partition:[0-9]+.a.one" "Partition:[0-9]+.b.two" "Partition:[0-9]+.c.three"
  at console-consumer --topic records --partition 0 --offset 5 --max-messages 4 --timeout-ms 20000 --formatter-property print.offset=true
  shows "Offset:5" "Offset:8"
  at console-consumer --topic __consumer_offsets --from-beginning --timeout-ms 4000 \
    --formatter org.apache.kafka.tools.consumer.OffsetsMessageFormatter --command-property exclude.internal.topics=false
  shows '"group":"perf"'
  did="keys, an offset on, committed offsets decoded"
}

check_e2e_latency() {
  make_topic latency --partitions 1
  at e2e-latency --topic latency --num-records 200 --producer-acks all --record-size 100
  shows "^Avg latency: [0-9.]+ ms" "^Percentiles: 50th = [0-9]+"
  did="$(grep -o 'Avg latency.*' <<<"$out")"
}

check_verifiable_producer() {
  make_topic verified
  at verifiable-producer --topic verified --max-messages 500 --throughput -1 --acks -1 --repeating-keys 7
  counts 500 '"name":"producer_send_success"'
  shows '"name":"tool_data".*"sent":500,"acked":500'
  did="500 acknowledged"
}

check_verifiable_consumer() {
  local protocol
  for protocol in classic consumer; do
    at verifiable-consumer --topic verified --group-id "verified-$protocol" --group-protocol "$protocol" \
      --max-messages 500 --reset-policy earliest
    equals "$(grep -o '"records_consumed","count":[0-9]*\|"count":[0-9]*,"partitions"' <<<"$out" |
      grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }')" "the number of records consumed ($protocol)" 500
    shows '"name":"partitions_assigned"' '"name":"offsets_committed".*"success":true' '"name":"shutdown_complete"'
  done
  did="500 consumed with each protocol"
}

check_get_offsets() {
  at get-offsets --topic records
  equals "$(awk -F: '{ n += $3 } END { print n + 0 }' <<<"$out")" "the sum of end offsets" "$records"
  at get-offsets --topic records --time earliest
  counts 1 "^records:0:0$"
  at get-offsets --topic-partitions records:0 --time max-timestamp
  shows "^records:0:[0-9]+$"
  at get-offsets --topic records --time 1000
  counts 1 "^records:0:0$"
  at get-offsets --exclude-internal-topics
  lacks "^__"
  code=1 at get-offsets --topic missing
  shows "Could not match any topic-partitions"
  did="end, earliest, by time"
}

check_delete_records() {
  make_topic shortened --partitions 1
  fill shortened 1000
  echo '{"version":1,"partitions":[{"topic":"shortened","partition":0,"offset":400}]}' >"$work/delete.json"
  at delete-records --offset-json-file "$work/delete.json"
  shows "partition: shortened-0.*low_watermark: 400"
  at get-offsets --topic shortened --time earliest
  shows "^shortened:0:400$"
  echo '{"version":1,"partitions":[{"topic":"shortened","partition":0,"offset":4000}]}' >"$work/delete.json"
  at delete-records --offset-json-file "$work/delete.json"
  shows "OffsetOutOfRange"
  did="the first 400 of 1000; more than there are is refused"
}

check_replica_verification() {
  in_background "$work/verification" replica-verification --broker-list "$bootstrap" --topics-include records --time -2 \
    --report-interval-ms 1000
  wait_for_line 30 "$work/verification" "max lag is 0 for partition records-[0-9]+"
  stop_background
  out=$(cat "$work/verification")
  lacks "doesn't match" "unmatched checksum" "Error"
  did="replicas alike"
}
