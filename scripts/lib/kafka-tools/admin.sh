# shellcheck shell=bash
# What the tools of an administrator must print: the cluster, features, topics, configs, and moving partitions.

check_cluster() {
  after cluster-id cluster --bootstrap-server "$bootstrap"
  shows "^Cluster ID: $cluster_id$"
  after cluster-id cluster --bootstrap-controller "$controllers"
  shows "^Cluster ID: $cluster_id$"
  after list-endpoints cluster --bootstrap-server "$bootstrap" --include-fenced-brokers
  counts 3 "^[123] .* rack-[123] +unfenced +broker"
  after list-endpoints cluster --bootstrap-controller "$controllers"
  counts 3 "^[123] .* controller"
  code=1 after unregister cluster --bootstrap-server "$bootstrap" --id 77
  shows "Broker ID 77 not registered|BrokerIdNotRegistered"
  did="id and endpoints of brokers and controllers, an unknown broker"
}

check_broker_api_versions() {
  at broker-api-versions
  counts 3 "^127\.0\.0\.1:[0-9]+ \(id: [123] rack: rack-[123] isFenced: false\) -> \("
  lacks "ERROR"
  # Without a receiver of metrics nobody is asked for any; all else can be used.
  counts 6 "UNSUPPORTED"
  counts 6 "Telemetry[A-Za-z]*\([0-9]+\): UNSUPPORTED"
  [ "$(grep -c '\[usable: ' <<<"$out")" -ge 210 ] || wrong "less than 70 requests a node are usable"
  did="$(grep -c '\[usable: ' <<<"$out") usable requests of three nodes"
}

check_features() {
  tool features --bootstrap-server "$bootstrap" describe
  shows "^Feature: metadata.version +.*FinalizedVersionLevel: ([0-9.]+-IV[0-9]|UNKNOWN [0-9]+)" \
    "^Feature: transaction.version .*FinalizedVersionLevel: 2" "^Feature: share.version" "^Feature: kraft.version"
  tool features --bootstrap-controller "$controllers" describe
  shows "^Feature: metadata.version"
  tool features --bootstrap-server "$bootstrap" downgrade --feature transaction.version=1 --dry-run
  shows "transaction.version can be downgraded to 1"
  tool features --bootstrap-server "$bootstrap" downgrade --feature transaction.version=1
  shows "transaction.version was downgraded to 1"
  tool features --bootstrap-server "$bootstrap" describe
  shows "^Feature: transaction.version .*FinalizedVersionLevel: 1"
  tool features --bootstrap-server "$bootstrap" upgrade --feature transaction.version=2
  shows "transaction.version was upgraded to 2"
  code=1 tool features --bootstrap-server "$bootstrap" upgrade --feature transaction.version=99
  shows "Could not upgrade transaction.version to 99"
  code=1 tool features --bootstrap-server "$bootstrap" disable --feature nothing
  shows "Could not disable nothing"
  code=1 tool features --bootstrap-server "$bootstrap" downgrade --metadata 4.1 --dry-run
  shows "Refusing to perform the requested downgrade because it might delete metadata information"
  did="described, transaction.version down and up, refusals"
}

check_topics() {
  at topics --create --topic made --partitions 4 --replication-factor 3 --config retention.ms=3600000
  shows "Created topic made"
  at topics --list --exclude-internal
  shows "^made$"
  at topics --alter --topic made --partitions 6
  at topics --describe --topic made
  shows "Topic: made.*TopicId: .*PartitionCount: 6.*ReplicationFactor: 3.*Configs: .*retention.ms=3600000"
  counts 6 "Partition: [0-5].*Leader: [123].*Replicas: [123],[123],[123].*Isr: [123],[123],[123].*Elr:"
  code=1 at topics --create --topic made
  shows "already exists"
  at topics --create --topic made --if-not-exists
  at topics --describe --unavailable-partitions
  lacks "Topic:"
  at topics --describe --under-replicated-partitions
  lacks "Topic:"
  at topics --describe --topics-with-overrides
  shows "Topic: made"
  at topics --delete --topic made
  at topics --list
  lacks "^made$"
  did="created, listed, grown, described, deleted"
}

check_configs() {
  at configs --alter --entity-type topics --entity-name records --add-config "retention.bytes=123456789,cleanup.policy=[delete,compact]"
  shows "Completed updating config for topic records"
  at configs --describe --entity-type topics --entity-name records
  shows "retention.bytes=123456789.*DYNAMIC_TOPIC_CONFIG" "cleanup.policy=delete,compact"
  at configs --alter --entity-type topics --entity-name records --delete-config retention.bytes,cleanup.policy
  at configs --describe --entity-type topics --entity-name records
  lacks "retention.bytes=123456789"
  at configs --describe --entity-type topics --entity-name records --all
  shows "segment.bytes=.*DEFAULT_CONFIG" "min.insync.replicas=2"
  at configs --alter --entity-type brokers --entity-default --add-config log.cleaner.threads=2
  at configs --alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=3
  at configs --describe --entity-type brokers --entity-name 1
  shows "log.cleaner.threads=3 .*DYNAMIC_BROKER_CONFIG.*DYNAMIC_DEFAULT_BROKER_CONFIG"
  at configs --alter --entity-type brokers --entity-name 1 --delete-config log.cleaner.threads
  at configs --alter --entity-type brokers --entity-default --delete-config log.cleaner.threads
  code=1 at configs --alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=none
  shows "Invalid value none"
  at configs --describe --entity-type broker-loggers --entity-name 1
  shows "=INFO"
  at configs --alter --entity-type users --entity-name ann --add-config producer_byte_rate=1000
  at configs --alter --entity-type users --entity-name ann --add-config "SCRAM-SHA-256=[password=secret]"
  at configs --describe --entity-type users --entity-name ann
  shows "producer_byte_rate=1000" "SCRAM-SHA-256=iterations=[0-9]+"
  at configs --alter --entity-type clients --entity-name bob --add-config request_percentage=150
  at configs --describe --entity-type clients
  shows "client-id 'bob' are request_percentage=150"
  at configs --alter --entity-type groups --entity-name team --add-config consumer.session.timeout.ms=4000
  at configs --describe --entity-type groups --entity-name team
  shows "consumer.session.timeout.ms=4000"
  at configs --alter --entity-type users --entity-name ann --delete-config producer_byte_rate
  at configs --alter --entity-type users --entity-name ann --delete-config SCRAM-SHA-256
  at configs --describe --entity-type users --entity-name ann
  lacks "producer_byte_rate" "SCRAM"
  did="topics, brokers, loggers, users, clients, groups: set, described, removed"
}

check_client_metrics() {
  at client-metrics --alter --name few --metrics org.apache.kafka.consumer. --interval 60000 \
    --match client_software_name=apache-kafka-java
  at client-metrics --list
  shows "^few$"
  at client-metrics --describe --name few
  shows "interval.ms=60000" "metrics=org.apache.kafka.consumer." "match=client_software_name=apache-kafka-java"
  code=1 at client-metrics --alter --name few --interval 1
  at client-metrics --delete --name few
  at client-metrics --list
  lacks "few"
  did="subscriptions made, listed, described, deleted"
}

# Without an authorizer and without a user there is nothing to list, and Kafka says so.
check_acls() {
  code=1 at acls --list
  shows "SecurityDisabledException|No Authorizer is configured"
  did="no authorizer, in Kafka's words"
}
check_delegation_tokens() {
  : >"$work/client"
  code=1 at delegation-tokens --describe --command-config "$work/client"
  shows "[Dd]elegation [Tt]oken"
  did="no tokens on a plaintext listener, in Kafka's words"
}

check_log_dirs() {
  at log-dirs --describe --topic-list records
  out=$(grep '^{' <<<"$out")
  python3 -c '
import json, sys
brokers = json.loads(sys.argv[1])["brokers"]
assert [b["broker"] for b in brokers] == [1, 2, 3]
for b in brokers:
    assert all(d["error"] is None for d in b["logDirs"])
    partitions = [p for d in b["logDirs"] for p in d["partitions"]]
    assert partitions and all(p["size"] > 0 and p["offsetLag"] == 0 and not p["isFuture"] for p in partitions), b
' "$out" || wrong "these are no three brokers with all replicas of the topic"
  code=1 at log-dirs --describe --broker-list 9
  shows "do not exist"
  did="sizes of three brokers' replicas"
}

check_reassign_partitions() {
  local file=$work/move.json
  make_topic moved --replica-assignment 1:2,2:1,1:2
  fill moved 2000
  echo '{"version":1,"topics":[{"topic":"moved"}]}' >"$work/topics.json"
  at reassign-partitions --generate --topics-to-move-json-file "$work/topics.json" --broker-list 2,3
  grep -A1 '^Proposed partition reassignment' <<<"$out" | tail -1 >"$file"
  at reassign-partitions --execute --reassignment-json-file "$file" --throttle 100000000
  shows "Successfully started partition reassignments for moved-0,moved-1,moved-2"
  until_shows 30 "Reassignment of partition moved-2 is completed" \
    at reassign-partitions --verify --reassignment-json-file "$file" --preserve-throttles
  at reassign-partitions --verify --reassignment-json-file "$file"
  shows "Clearing broker-level throttles on brokers 1,2,3" "Clearing topic-level throttles on topic moved"
  at topics --describe --topic moved
  counts 3 "Replicas: (2,3|3,2)"
  # One that comes to no end soon: what its throttle of a byte a second lets through at first is less than this.
  at producer-perf-test --topic moved --num-records 4000 --record-size 10000 --throughput -1
  echo '{"version":1,"partitions":[{"topic":"moved","partition":0,"replicas":[1],"log_dirs":["any"]}]}' >"$file"
  at reassign-partitions --execute --reassignment-json-file "$file" --throttle 1
  shows "Successfully started partition reassignment for moved-0"
  at reassign-partitions --list
  shows "moved-0: replicas: .*adding: 1.*removing: "
  at reassign-partitions --cancel --reassignment-json-file "$file"
  shows "Successfully cancelled partition reassignment for: moved-0"
  at reassign-partitions --list
  shows "No partition reassignments found"
  at topics --describe --topic moved
  lacks "Adding"
  did="generated, executed, verified, listed, cancelled"
}

check_leader_election() {
  make_topic led --replica-assignment 1:2
  echo '{"version":1,"partitions":[{"topic":"led","partition":0,"replicas":[2,1],"log_dirs":["any","any"]}]}' >"$work/led.json"
  at reassign-partitions --execute --reassignment-json-file "$work/led.json"
  until_shows 30 "is completed" at reassign-partitions --verify --reassignment-json-file "$work/led.json"
  at topics --describe --topic led
  shows "Leader: 1.*Replicas: 2,1"
  at leader-election --election-type preferred --topic led --partition 0
  shows "Successfully completed leader election \(PREFERRED\) for partitions led-0"
  at topics --describe --topic led
  shows "Leader: 2.*Replicas: 2,1"
  at leader-election --election-type preferred --topic led --partition 0
  shows "Valid replica already elected for partitions led-0"
  at leader-election --election-type unclean --topic led --partition 0
  shows "Valid replica already elected for partitions led-0"
  at leader-election --election-type preferred --all-topic-partitions
  code=1 at leader-election --election-type preferred --topic missing --partition 0
  shows "UnknownTopicOrPartition"
  did="the preferred leader elected, nothing to elect, an unknown topic"
}
