import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.consumer.internals.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.serialization.*;

/**
 * A word count over the client half of Kafka Streams (the consumer of kafka-clients with StreamsRebalanceData), exactly
 * once: lines -> words -> repartition topic -> counts, kept in a changelog. Each thread is a member of a streams group.
 *   load BOOTSTRAP TOPIC LINES          creates the topic, writes lines; prints nothing but errors
 *   run BOOTSTRAP GROUP IN OUT THREADS  until it is killed; prints what its members are given
 *   check BOOTSTRAP OUT LINES SECONDS   waits until the counts are those of the lines; 1 when they are not in time
 */
public final class WordCount {
    static final int WORDS = 50;
    static String bootstrap;

    public static void main(String[] args) throws Exception {
        bootstrap = args[1];
        switch (args[0]) {
            case "load" -> load(args[2], Integer.parseInt(args[3]));
            case "run" -> run(args[2], args[3], args[4], Integer.parseInt(args[5]));
            case "check" -> check(args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static String line(int n) {
        return "w" + n % WORDS + " w" + (n * 7 + 1) % WORDS + " w" + (n / 3) % WORDS;
    }

    static void load(String topic, int lines) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(4), Optional.empty()))).all().get();
        }
        try (var producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", bootstrap,
                "acks", "all", "linger.ms", "5"), new StringSerializer(), new StringSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < lines; i++) { sent.add(producer.send(new ProducerRecord<>(topic, "k" + i, line(i)))); }
            for (Future<?> f : sent) { f.get(); }
        }
    }

    static void run(String group, String in, String out, int threads) {
        UUID process = UUID.randomUUID();
        for (int i = 0; i < threads; i++) { new Thread(() -> live(group, in, out, process)).start(); }
    }

    static void live(String group, String in, String out, UUID process) {
        while (true) {
            try { new Member(group, in, out, process).work(); }
            catch (KafkaException e) { System.out.println("again after " + e); }
        }
    }

    static void check(String out, int lines, int seconds) throws Exception {
        Map<String, Long> wanted = new TreeMap<>(), seen = new TreeMap<>();
        for (int i = 0; i < lines; i++) { for (String w : line(i).split(" ")) { wanted.merge(w, 1L, Long::sum); } }
        long end = System.currentTimeMillis() + seconds * 1000L, records = 0;
        try (var consumer = new KafkaConsumer<>(Map.<String, Object>of("bootstrap.servers", bootstrap,
                "isolation.level", "read_committed", "auto.offset.reset", "earliest", "group.id", "check-" + out,
                "enable.auto.commit", "false"), new StringDeserializer(), new LongDeserializer())) {
            consumer.subscribe(List.of(out));
            while (System.currentTimeMillis() < end && !seen.equals(wanted)) {
                for (var r : consumer.poll(Duration.ofMillis(500))) {
                    records++;
                    Long before = seen.put(r.key(), r.value());
                    if (before != null && r.value() != before + 1) {
                        System.out.println(r.key() + " went from " + before + " to " + r.value());
                        System.exit(1);
                    }
                }
            }
        }
        System.out.println((seen.equals(wanted) ? "right: " : "WRONG: ") + records + " counts of " + seen.size() + " words");
        if (!seen.equals(wanted)) {
            wanted.forEach((w, n) -> { if (!n.equals(seen.get(w))) System.out.println(w + ": " + seen.get(w) + ", not " + n); });
        }
        System.exit(seen.equals(wanted) ? 0 : 1);
    }

    static final class Member implements StreamsRebalanceListener {
        final String group, in, out, repartition, changelog;
        final Map<Integer, Map<String, Long>> counts = new HashMap<>();
        final StreamsRebalanceData data;
        final AsyncKafkaConsumer<byte[], byte[]> consumer;
        final KafkaProducer<byte[], byte[]> producer;

        Member(String group, String in, String out, UUID process) {
            this.group = group; this.in = in; this.out = out;
            repartition = group + "-words-repartition"; changelog = group + "-counts-changelog";
            data = new StreamsRebalanceData(process, Optional.empty(), Optional.empty(), Map.of(
                "0", new StreamsRebalanceData.Subtopology(Set.of(in), Set.of(repartition), Map.of(), Map.of(), List.of()),
                "1", new StreamsRebalanceData.Subtopology(Set.of(), Set.of(),
                    Map.of(repartition, new StreamsRebalanceData.TopicInfo(Optional.empty(), Optional.empty(),
                        Map.of("cleanup.policy", "delete", "retention.ms", "-1"))),
                    Map.of(changelog, new StreamsRebalanceData.TopicInfo(Optional.empty(), Optional.empty(),
                        Map.of("cleanup.policy", "compact"))), List.of())),
                Map.of(), Map::of, Map::of);
            consumer = new AsyncKafkaConsumer<>(new ConsumerConfig(Map.<String, Object>of("bootstrap.servers", bootstrap,
                "group.id", group, "group.protocol", "consumer", "enable.auto.commit", "false",
                "auto.offset.reset", "earliest", "isolation.level", "read_committed", "allow.auto.create.topics", "false",
                "key.deserializer", ByteArrayDeserializer.class, "value.deserializer", ByteArrayDeserializer.class)),
                new ByteArrayDeserializer(), new ByteArrayDeserializer(), Optional.of(data));
            producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", bootstrap, "transactional.id",
                group + "-" + UUID.randomUUID(), "transaction.timeout.ms", "10000", "linger.ms", "5"),
                new ByteArraySerializer(), new ByteArraySerializer());
        }

        void work() {
            try {
                producer.initTransactions();
                consumer.subscribe(Set.of(in, repartition), this);
                while (true) {
                    var records = consumer.poll(Duration.ofMillis(200));
                    for (var status : data.statuses()) { System.out.println("status " + status.statusCode() + " " + status.statusDetail()); }
                    data.setStatuses(List.of());
                    if (!records.isEmpty()) { process(records); }
                }
            } finally {
                producer.close(Duration.ZERO);
                consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
            }
        }

        void process(ConsumerRecords<byte[], byte[]> records) {
            producer.beginTransaction();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (var r : records) {
                offsets.put(new TopicPartition(r.topic(), r.partition()), new OffsetAndMetadata(r.offset() + 1));
                if (r.topic().equals(in)) {
                    for (String w : new String(r.value(), StandardCharsets.UTF_8).split(" ")) {
                        producer.send(new ProducerRecord<>(repartition, w.getBytes(StandardCharsets.UTF_8), new byte[] {1}));
                    }
                } else {
                    long n = counts.get(r.partition()).merge(new String(r.key(), StandardCharsets.UTF_8), 1L, Long::sum);
                    byte[] v = new LongSerializer().serialize("", n);
                    producer.send(new ProducerRecord<>(changelog, r.partition(), r.key(), v));
                    producer.send(new ProducerRecord<>(out, r.key(), v));
                }
            }
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            producer.commitTransaction();
        }

        @Override public void onTasksRevoked(Set<StreamsRebalanceData.TaskId> tasks) {
            System.out.println("revoked " + new TreeSet<>(tasks));
            for (var t : tasks) { if (t.subtopologyId().equals("1")) counts.remove(t.partitionId()); }
        }

        @Override public void onTasksAssigned(StreamsRebalanceData.Assignment assignment) {
            System.out.println("assigned active " + new TreeSet<>(assignment.activeTasks()) + " standby " + new TreeSet<>(assignment.standbyTasks()));
            for (var t : assignment.activeTasks()) {
                if (t.subtopologyId().equals("1")) counts.computeIfAbsent(t.partitionId(), this::restore);
            }
        }

        @Override public void onAllTasksLost() { System.out.println("lost all"); counts.clear(); }

        Map<String, Long> restore(int partition) {
            Map<String, Long> state = new HashMap<>();
            TopicPartition tp = new TopicPartition(changelog, partition);
            try (var c = new KafkaConsumer<>(Map.<String, Object>of("bootstrap.servers", bootstrap,
                    "isolation.level", "read_committed", "group.protocol", "classic"), new StringDeserializer(), new LongDeserializer())) {
                c.assign(List.of(tp));
                c.seekToBeginning(List.of(tp));
                // The high watermark: an open transaction of a killed owner must have ended before its task goes on.
                long end;
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
                    end = admin.listOffsets(Map.of(tp, OffsetSpec.latest())).all().get().get(tp).offset();
                } catch (InterruptedException | ExecutionException e) { throw new KafkaException(e); }
                while (c.position(tp) < end) {
                    for (var r : c.poll(Duration.ofMillis(200))) { state.put(r.key(), r.value()); }
                }
            }
            System.out.println("restored 1_" + partition + ": " + state.size() + " words");
            return state;
        }
    }
}
