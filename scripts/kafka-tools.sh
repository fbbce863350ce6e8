#!/usr/bin/env bash
# Apache Kafka's own command-line tools against a cluster of three nodes that this script starts and stops.
#   kafka-tools.sh [--only TOOL[,TOOL]] [--keep]
# Each tool does its work on real data, and a rule says what it must print; a line "TOOL: ok (what it did)" each, then a
# count. Exit code 1 when a tool fails or prints something else. --only runs some of them, and dump-log where it is named.
# Environment: KRAFTSHARP_PEERS (default ../shared/peers beside the repository): a folder with kafka/tool.sh, which runs a
# tool by its name, and Kafka's jars in kafka/server; that of cluster.sh. What lies in KRAFTSHARP_DATA is removed.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
for part in harness admin data groups quorum; do
  # shellcheck source=/dev/null
  source "$root/scripts/lib/kafka-tools/$part.sh"
done

only='' keep=''
while [ $# -gt 0 ]; do
  case $1 in
    --only) only=${2:-}; shift 2 ;;
    --keep) keep=1; shift ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done
prepare
trap finish EXIT

# In this order: some use what others have made, and the last ones read the files of a cluster that is down.
for name in cluster broker-api-versions features topics configs client-metrics acls delegation-tokens \
  producer-perf-test consumer-perf-test console-producer console-consumer e2e-latency verifiable-producer \
  verifiable-consumer get-offsets delete-records log-dirs replica-verification reassign-partitions leader-election \
  groups consumer-groups streams-application-reset share-consumer-perf-test console-share-consumer \
  verifiable-share-consumer share-groups streams-groups transactions storage metadata-quorum; do
  check "$name"
done
"$root/scripts/cluster.sh" down >/dev/null
for name in metadata-shell dump-log; do check "$name"; done

echo "$ok tools ok, $failed failed"
[ "$failed" -eq 0 ] && [ "$ok" -gt 0 ]
