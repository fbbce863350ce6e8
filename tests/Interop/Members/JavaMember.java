import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;

// A member of GROUP that prints "partition<tab>offset<tab>key<tab>value" a record, commits as it goes, and leaves at
// SIGTERM. Usage: java -cp KAFKA_JARS JavaMember.java BOOTSTRAP TOPIC GROUP classic|consumer
public class JavaMember {
    public static void main(String[] args) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", args[0]);
        config.put("group.id", args[2]);
        config.put("group.protocol", args[3]);
        config.put("auto.offset.reset", "earliest");
        config.put("auto.commit.interval.ms", "200");
        if (args[3].equals("classic")) {
            config.put("session.timeout.ms", "6000");
            config.put("heartbeat.interval.ms", "500");
        }
        String strings = "org.apache.kafka.common.serialization.StringDeserializer";
        config.put("key.deserializer", strings);
        config.put("value.deserializer", strings);
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            consumer.wakeup();
            try {
                main.join();
            } catch (InterruptedException ignored) {
            }
        }));
        consumer.subscribe(List.of(args[1]));
        try {
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    System.out.println(
                        record.partition() + "\t" + record.offset() + "\t" + record.key() + "\t" + record.value());
                }
            }
        } catch (WakeupException stopped) {
            consumer.close();
        }
    }
}
