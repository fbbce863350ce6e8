# shellcheck shell=bash
# Load whose outcome can be checked: a producer numbers its lines, each must be there once, in the order of its key.
# Sourced behind common.sh; needs kcat.

numbers_topic='' numbers_servers='' numbers_dir='' numbers_producer='' numbers_consumer='' numbers_keys=20

# start_numbers SERVERS TOPIC DIR RATE: RATE lines a second with acks=all and idempotence, and a consumer that follows.
start_numbers() {
  numbers_servers=$1 numbers_topic=$2 numbers_dir=$3
  rm -f "$3/stop"
  generate_numbers "$4" | tee "$3/sent" | kcat -P -b "$1" -t "$2" -K '\t' -X acks=all -X enable.idempotence=true \
    -X message.timeout.ms=180000 2>"$3/producer.log" &
  numbers_producer=$!
  kcat -C -b "$1" -t "$2" -o beginning -q -u -f '%k\t%s\n' >"$3/followed" 2>"$3/consumer.log" &
  numbers_consumer=$!
  disown "$numbers_consumer"
}

# The key is a function of the number.
generate_numbers() {
  local n=0 chunk=$(($1 / 10 + 1))
  while [ ! -e "$numbers_dir/stop" ]; do
    awk -v from="$n" -v count="$chunk" -v keys="$numbers_keys" \
      'BEGIN { for (i = from; i < from + count; i++) printf "k%d\t%d\n", i % keys, i }'
    n=$((n + chunk))
    sleep 0.1
  done
}

stop_numbers() {
  touch "$numbers_dir/stop"
  wait "$numbers_producer" || fail "the producer could not deliver everything (see $numbers_dir/producer.log)"
  for _ in $(seq 300); do
    [ "$(wc -l <"$numbers_dir/followed")" -ge "$(wc -l <"$numbers_dir/sent")" ] && break
    sleep 0.1
  done
  kill "$numbers_consumer" 2>/dev/null || true
}

kill_numbers() {
  [ -z "$numbers_producer" ] || { touch "$numbers_dir/stop"; kill "$numbers_producer" "$numbers_consumer" 2>/dev/null || true; }
}

# check_numbers LABEL: what a consumer reads from the beginning must be what was sent; prints the counts.
check_numbers() {
  local dir=$numbers_dir sent read distinct missing unordered
  kcat -C -b "$numbers_servers" -t "$numbers_topic" -o beginning -e -q -f '%k\t%s\n' >"$dir/read" 2>>"$dir/consumer.log"
  sent=$(wc -l <"$dir/sent") read=$(wc -l <"$dir/read") distinct=$(sort -u "$dir/read" | wc -l)
  missing=$(LC_ALL=C comm -23 <(LC_ALL=C sort -u "$dir/sent") <(LC_ALL=C sort -u "$dir/read") | wc -l)
  unordered=$(awk -F'\t' '$1 in last && $2 + 0 <= last[$1] { n++ } { last[$1] = $2 + 0 } END { print n + 0 }' "$dir/read")
  printf '%s: sent %d, read %d, distinct %d, missing %d, out of order %d; the consumer that was there all the time: %d\n' \
    "$1" "$sent" "$read" "$distinct" "$missing" "$unordered" "$(sort -u "$dir/followed" | wc -l)"
  [ "$missing" -eq 0 ] && [ "$read" -eq "$sent" ] && [ "$unordered" -eq 0 ] || {
    keep=1
    fail "what was read is not what was sent (see $dir)"
  }
}
