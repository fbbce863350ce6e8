# shellcheck shell=bash
# What the tools of the metadata quorum, and of the files of a cluster that is down, must print.

check_storage() {
  tool storage info -c "$KRAFTSHARP_DATA/1.properties"
  shows "Found log director(y|ies):" "Found metadata: .*cluster.id=$cluster_id.*node.id=1"
  lacks "Found problem"
  tool storage random-uuid
  shows "^[A-Za-z0-9_-]{22}$"
  write_controller
  tool storage format -t "$cluster_id" -c "$work/4.properties" --no-initial-controllers
  shows "Formatting metadata directory $work/4 with metadata.version"
  did="our folder read, another controller formatted"
}

write_controller() {
  cat >"$work/4.properties" <<PROPERTIES
process.roles=controller
node.id=4
controller.quorum.bootstrap.servers=$controllers
listeners=CONTROLLER://127.0.0.1:$new_controller
controller.listener.names=CONTROLLER
log.dirs=$work/4
PROPERTIES
}

check_metadata_quorum() {
  quorum describe --status
  shows "^ClusterId: +$cluster_id" "^LeaderId: +[123]$" "^CurrentVoters: .*\"id\": 1.*\"id\": 2.*\"id\": 3"
  quorum describe --replication --human-readable
  counts 1 "[[:space:]]Leader"
  counts 2 "[[:space:]]Follower"
  tool metadata-quorum --bootstrap-controller "$controllers" describe --status
  shows "^LeaderId: +[123]$"
  code=1 quorum remove-controller --controller-id 1 --controller-directory-id AAAAAAAAAAAAAAAAAAAAAA
  # The voters of the configuration become those of the log; then one that Kafka's tool has formatted joins and goes.
  tool features --bootstrap-server "$bootstrap" upgrade --feature kraft.version=1
  shows "kraft.version was upgraded to 1"
  [ -f "$work/4/meta.properties" ] || check_storage
  "$root/scripts/kraftsharp" server --config "$work/4.properties" >"$work/4.log" 2>&1 &
  until_shows 30 "^4[[:space:]].*Observer" quorum describe --replication
  quorum add-controller --dry-run
  shows "DRY RUN of adding controller 4"
  local directory
  directory=$(sed -n 's/^directory.id=//p' "$work/4/meta.properties")
  quorum add-controller
  shows "Added controller 4 with directory id $directory and endpoints: CONTROLLER://127.0.0.1:$new_controller"
  quorum describe --status
  shows "^CurrentVoters: .*\"id\": 4, \"directoryId\": \"$directory\""
  quorum remove-controller --controller-id 4 --controller-directory-id "$directory"
  shows "Removed  ?KRaft controller 4 with directory id $directory"
  quorum describe --status
  lacks "^CurrentVoters: .*\"id\": 4"
  did="status, replication; from static to dynamic voters, one added and removed"
}
quorum() { tool metadata-quorum --bootstrap-server "$bootstrap" --command-config "$work/4.properties" "$@"; }

# ---- of a cluster that is down ----
# With the classes of the server, whose metadata.version may be newer than the tools know.
metadata_shell() { # metadata_shell SNAPSHOT COMMAND...
  out=$(java -Xmx256M -cp "$peers/kafka/server/*:$peers/kafka/tools/*" -Dlog4j2.configurationFile="$peers/kafka/log4j2.yaml" \
    -Dkafka.log.level=WARN org.apache.kafka.shell.MetadataShell --snapshot "$@" 2>&1) || wrong "the shell failed"
  lacks "Exception"
}
check_metadata_shell() {
  local snapshot
  snapshot=$(find "$KRAFTSHARP_DATA/1/__cluster_metadata-0" -name '*.checkpoint' | sort | tail -1)
  [ -n "$snapshot" ] || wrong "there is no snapshot of the metadata"
  # The shell may run its command before it has loaded the snapshot.
  until_shows 30 "^records" metadata_shell "$snapshot" ls /image/topics/byName
  until_shows 30 "^3" metadata_shell "$snapshot" ls /image/cluster/brokers
  until_shows 30 "[0-9.]+-IV[0-9]" metadata_shell "$snapshot" cat /image/features/metadataVersion
  did="topics, nodes and features in $(basename "$snapshot")"
}

check_dump_log() {
  local decoded=0
  dump "--cluster-metadata-decoder" '__cluster_metadata-0/.*\.(log|checkpoint)'
  shows '"type":"TOPIC_RECORD"' '"type":"REGISTER_BROKER_RECORD"' 'LeaderChange' 'SnapshotHeader' 'KRaftV(ersion|oters)'
  dump "--offsets-decoder" '__consumer_offsets-[0-9]+/.*\.log'
  shows '"group":"?listed'
  dump "--transaction-log-decoder" '__transaction_state-[0-9]+/.*\.log'
  shows '"transactionalId":"open"'
  dump "--share-group-state-decoder" '__share_group_state-[0-9]+/.*\.log'
  shows '"groupId":"shared'
  dump "--print-data-log" '/(records|typed|made-by-perf|open|shortened)-[0-9]+/.*\.log'
  equals "$(grep -c 'producerId: 4711 .*isTransactional: true isControl: false' <<<"$out")" "the number of hanging batches on three nodes" 3
  dump "--index-sanity-check" '.*\.(index|timeindex)'
  dump "" '.*\.(txnindex|snapshot)'
  did="$decoded files: metadata, offsets, transactions, shares, records, indexes, producers"
}

# dump OPTION FILES: all files of all nodes whose path matches; none may be wrong in itself.
dump() {
  local files count
  files=$(find "$KRAFTSHARP_DATA" -regextype posix-extended -type f -size +0 -regex ".*$2" | sort)
  [ -n "$files" ] || wrong "there is no file like $2"
  count=$(wc -l <<<"$files")
  # shellcheck disable=SC2086
  tool dump-log $1 --files "$(paste -sd, <<<"$files")"
  counts "$count" "^Dumping "
  lacks "isvalid: false" "Exception" "Found timestamp mismatch" "Index offset not found" "mismatch" "Non-consecutive" \
    "Found out of order" "Could not"
  decoded=$((decoded + count))
}
