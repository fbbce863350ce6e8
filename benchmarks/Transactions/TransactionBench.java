import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Commits a second of one transactional producer, with records of 100 bytes over six partitions of three replicas:
 * <code>java TransactionBench.java BOOTSTRAP RECORDS_A_TRANSACTION SECONDS WARM_UP_SECONDS</code>
 */
public final class TransactionBench {
    private static final String TOPIC = "transaction-bench";

    public static void main(String[] arguments) throws Exception {
        int records = Integer.parseInt(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        double warmUp = Double.parseDouble(arguments[3]);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", arguments[0]);
        try (Admin admin = Admin.create(properties)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(6), Optional.empty()))).all().get();
        } catch (ExecutionException error) {
            if (!(error.getCause() instanceof TopicExistsException)) {
                throw error;
            }
        }

        properties.put("transactional.id", "transaction-bench");
        StringSerializer strings = new StringSerializer();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties, strings, strings)) {
            producer.initTransactions();
            commit(producer, records, warmUp);
            System.out.printf(Locale.ROOT, "{\"commits_s\":%.1f}%n", commit(producer, records, seconds));
        }
    }

    private static double commit(KafkaProducer<String, String> producer, int records, double seconds) {
        String value = "x".repeat(100);
        long start = System.nanoTime();
        for (int commits = 0; ; commits++) {
            double passed = (System.nanoTime() - start) / 1e9;
            if (passed >= seconds) {
                return commits / passed;
            }

            producer.beginTransaction();
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(TOPIC, null, value));
            }

            producer.commitTransaction();
        }
    }
}
