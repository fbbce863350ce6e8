import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

// Copies records from INPUT to OUTPUT exactly once, "copied " before each value, until it is killed; ends with 1 when it
// cannot go on. Usage: java -cp KAFKA_JARS JavaCopier.java BOOTSTRAP INPUT OUTPUT GROUP classic|consumer
public class JavaCopier {
    public static void main(String[] args) {
        Properties config = new Properties();
        config.put("bootstrap.servers", args[0]);
        String serialization = "org.apache.kafka.common.serialization.";
        config.put("key.serializer", serialization + "StringSerializer");
        config.put("value.serializer", serialization + "StringSerializer");
        config.put("transactional.id", args[3]);
        config.put("transaction.timeout.ms", "15000");
        KafkaProducer<String, String> producer = new KafkaProducer<>(config);
        Properties reading = new Properties();
        reading.put("bootstrap.servers", args[0]);
        reading.put("key.deserializer", serialization + "StringDeserializer");
        reading.put("value.deserializer", serialization + "StringDeserializer");
        reading.put("group.id", args[3]);
        reading.put("group.protocol", args[4]);
        reading.put("auto.offset.reset", "earliest");
        reading.put("enable.auto.commit", "false");
        reading.put("isolation.level", "read_committed");
        if (args[4].equals("classic")) {
            reading.put("session.timeout.ms", "6000");
            reading.put("heartbeat.interval.ms", "500");
        }
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(reading);
        try {
            producer.initTransactions();
            consumer.subscribe(List.of(args[1]));
            while (true) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                if (!records.isEmpty()) {
                    copy(records, producer, consumer, args[2]);
                }
            }
        } catch (Exception failed) {
            System.err.println(failed);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void copy(
            ConsumerRecords<String, String> records, KafkaProducer<String, String> producer,
            KafkaConsumer<String, String> consumer, String output) {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            producer.send(new ProducerRecord<>(output, record.key(), "copied " + record.value()));
            offsets.put(
                new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }
}
