# shellcheck shell=bash
# What the long runs against a cluster of their own share; sourced behind common.sh.

peers=${KRAFTSHARP_PEERS:-$root/../shared/peers}
kafka_jars="$peers/kafka/server/*"
tab=$(printf '\t')
input='' keep=''

# prepare_soak NAME [CONFIG-LINES]: a working folder, a fresh cluster of three nodes, the input.
prepare_soak() {
  local port base step
  work=$(mktemp -d "${TMPDIR:-/tmp}/kraftsharp-$1.XXXXXX")
  export KRAFTSHARP_DATA=${KRAFTSHARP_DATA:-$work/data}
  base=${KRAFTSHARP_PORT_BASE:-9092} step=${KRAFTSHARP_PORT_STEP:-10000}
  bootstrap=''
  for port in 1 2 3; do bootstrap+="${bootstrap:+,}127.0.0.1:$((base + port * step))"; done
  for port in "$root/../shared/data/flights.tsv.gz" "$root/samples/flights.tsv.gz"; do
    if [ -z "$input" ] && [ -r "$port" ]; then input=$port; fi
  done
  lines=$(zcat "$input" | wc -l)
  {
    printf '%s\n' group.consumer.min.session.timeout.ms=6000 group.consumer.session.timeout.ms=6000 \
      group.consumer.min.heartbeat.interval.ms=500 group.consumer.heartbeat.interval.ms=500
    printf '%s\n' "${@:2}"
  } >"$work/config"
  "$root/scripts/cluster.sh" up --fresh --nodes 3 --config "$work/config"
  admin=$("$root/scripts/cluster.sh" status | sed -n 's/.*\(http:[^ ]*\).*/\1/p' | head -1)
}

finish_soak() {
  [ -n "$keep" ] || "$root/scripts/cluster.sh" down >/dev/null 2>&1 || true
  [ -n "$keep" ] || rm -rf "$work"
}

create_topic() {
  "$root/scripts/kraftsharp" topics create "$1" -b "$bootstrap" --partitions 6 --replication-factor 3 \
    --config min.insync.replicas=2
}

produce_input() { zcat "$input" | "$root/scripts/kraftsharp" produce "$1" -b "$bootstrap" --key-separator '\t'; }

# group_lag ADMIN-URL GROUP: nothing when the node does not tell.
group_lag() {
  curl -s --max-time 3 "$1/v3/clusters/$(cat "$KRAFTSHARP_DATA/cluster-id")/consumer-groups/$2/lag-summary" |
    sed -n 's/.*"total_lag":\(-\{0,1\}[0-9]*\).*/\1/p' || true
}

# same_as_input FILE: whether it holds the input's lines, those of a key in the input's order.
same_as_input() {
  LC_ALL=C sort -s -t "$tab" -k1,1 "$1" >"$1.sorted"
  zcat "$input" | LC_ALL=C sort -s -t "$tab" -k1,1 | diff - "$1.sorted" >"$1.diff"
}
