package dev.outcrop.services.sns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.MessagingHouse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.KmsAccessDeniedException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Topics and how their messages reach queues and web servers. */
@Timeout(180)
class DeliveriesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STRANGER = "111122223333";

    @TempDir
    private Path folder;

    private MessagingHouse house;

    @BeforeEach
    void setUp() {
        house = new MessagingHouse(folder);
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private String topic(String name, Map<String, String> attributes) {
        return house.sns(sns -> sns.createTopic(request -> request.name(name).attributes(attributes)))
                .topicArn();
    }

    /** A queue that SNS may send to on behalf of any topic of the account. */
    private String queue(String name) {
        String arn = "arn:aws:sqs:us-east-1:000000000000:" + name;
        Map<QueueAttributeName, String> attributes =
                new HashMap<>(Map.of(QueueAttributeName.POLICY, """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage",
                 "Principal": {"Service": "sns.amazonaws.com"}, "Resource": "%s",
                 "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:000000000000:*"}}}}""".formatted(arn)));
        if (name.endsWith(".fifo")) {
            attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        house.sqs(sqs -> sqs.createQueue(request -> request.queueName(name).attributes(attributes)));
        return arn;
    }

    private String subscribe(String topic, String queue, Map<String, String> attributes) {
        return house.sns(sns -> sns.subscribe(request ->
                        request.topicArn(topic).protocol("sqs").endpoint(queue).attributes(attributes)))
                .subscriptionArn();
    }

    private List<Message> receive(String queue, int wanted) {
        String url = "http://localhost:4566/000000000000/" + queue;
        List<Message> received = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (received.size() < wanted && System.nanoTime() < deadline) {
            List<Message> next = house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(10)
                            .messageAttributeNames("All")
                            .waitTimeSeconds(2)))
                    .messages();
            received.addAll(next);
            next.forEach(message -> house.sqs(
                    sqs -> sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()))));
        }
        return received;
    }

    private void publish(String topic, String message) {
        house.sns(sns -> sns.publish(request -> request.topicArn(topic).message(message)));
    }

    /** Polls until no delivery is left to be made. */
    private void awaitNothingLeft() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (left() > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(left()).isZero();
    }

    private long left() {
        return house.records().all("sns:delivery", Optional.empty()).count()
                + house.records().all("sns:message", Optional.empty()).count();
    }

    @Test
    void aQueueGetsTheEnvelopeOrTheMessageAloneAndNothingIsLeft() throws Exception {
        String topic = topic("news", Map.of());
        subscribe(topic, queue("wrapped"), Map.of());
        subscribe(topic, queue("raw"), Map.of("RawMessageDelivery", "true"));

        house.sns(sns -> sns.publish(request -> request.topicArn(topic)
                .message("hello")
                .subject("greeting")
                .messageAttributes(Map.of(
                        "kind",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("test")
                                .build()))));

        JsonNode envelope = JSON.readTree(receive("wrapped", 1).getFirst().body());
        assertThat(envelope.path("Type").asText()).isEqualTo("Notification");
        assertThat(envelope.path("Message").asText()).isEqualTo("hello");
        assertThat(envelope.path("Subject").asText()).isEqualTo("greeting");
        assertThat(envelope.path("TopicArn").asText()).isEqualTo(topic);
        assertThat(envelope.at("/MessageAttributes/kind/Value").asText()).isEqualTo("test");
        Message raw = receive("raw", 1).getFirst();
        assertThat(raw.body()).isEqualTo("hello");
        assertThat(raw.messageAttributes().get("kind").stringValue()).isEqualTo("test");
        awaitNothingLeft();
    }

    @Test
    void aQueueWhosePolicyDoesNotLetTheTopicInGetsNothingAndTheDeadLetterQueueDoes() {
        String topic = topic("refused", Map.of());
        house.sqs(sqs -> sqs.createQueue(
                request -> request.queueName("closed").attributes(Map.of(QueueAttributeName.POLICY, """
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage",
                         "Principal": {"Service": "events.amazonaws.com"}, "Resource": "*"}}"""))));
        String dead = queue("dead");
        subscribe(
                topic,
                "arn:aws:sqs:us-east-1:000000000000:closed",
                Map.of("RedrivePolicy", "{\"deadLetterTargetArn\":\"" + dead + "\"}"));

        publish(topic, "lost?");

        Message buried = receive("dead", 1).getFirst();
        assertThat(buried.body()).contains("lost?");
        assertThat(buried.messageAttributes().get("ErrorCode").stringValue()).startsWith("AccessDenied");
    }

    @Test
    void subscriptionsGetWhatTheirFiltersWant() {
        String topic = topic("filtered", Map.of());
        subscribe(
                topic,
                queue("by-attribute"),
                Map.of(
                        "FilterPolicy",
                        "{\"store\":[{\"prefix\":\"ex\"}],\"price\":[{\"numeric\":[\">=\",100]}]}",
                        "RawMessageDelivery",
                        "true"));
        subscribe(
                topic,
                queue("by-body"),
                Map.of(
                        "FilterPolicyScope",
                        "MessageBody",
                        "FilterPolicy",
                        "{\"order\":{\"state\":[\"paid\"]}}",
                        "RawMessageDelivery",
                        "true"));

        publishPriced(topic, "cheap", "99");
        publishPriced(topic, "dear", "100.5");
        publish(topic, "{\"order\":{\"state\":\"paid\"}}");
        publish(topic, "{\"order\":{\"state\":\"open\"}}");
        publishPriced(topic, "last", "200");

        assertThat(receive("by-attribute", 2)).extracting(Message::body).containsExactlyInAnyOrder("dear", "last");
        assertThat(receive("by-body", 1)).extracting(Message::body).containsExactly("{\"order\":{\"state\":\"paid\"}}");
        assertThatThrownBy(() -> subscribe(topic, queue("bad"), Map.of("FilterPolicy", "{\"a\":\"b\"}")))
                .hasMessageContaining("FilterPolicy");
        assertThatThrownBy(() -> subscribe(topic, queue("bad"), Map.of("FilterPolicy", "{\"a\":{\"b\":[1]}}")))
                .hasMessageContaining("nested");
    }

    private void publishPriced(String topic, String message, String price) {
        house.sns(sns -> sns.publish(request -> request.topicArn(topic)
                .message(message)
                .messageAttributes(Map.of(
                        "store",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("example")
                                .build(),
                        "price",
                        MessageAttributeValue.builder()
                                .dataType("Number")
                                .stringValue(price)
                                .build()))));
    }

    @Test
    void aTopicUnderAKeyOfKmsIsPublishedToByWhoMayUseIt() {
        String topic = topic("sealed", Map.of("KmsMasterKeyId", key()));
        subscribe(topic, queue("sealed"), Map.of("RawMessageDelivery", "true"));
        Principal user = house.user(MessagingHouse.ACCOUNT, "publisher", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}}""");

        assertThatThrownBy(() -> publishAs(user, topic)).isInstanceOf(KmsAccessDeniedException.class);
        publish(topic, "secret");

        assertThat(receive("sealed", 1)).extracting(Message::body).containsExactly("secret");
    }

    private String key() {
        return house.as(MessagingHouse.ROOT, KmsClient.class, kms -> kms.createKey(request -> {}))
                .keyMetadata()
                .arn();
    }

    @Test
    void aFifoTopicKeepsOrderAndPublishesOnceAlsoAcrossARestart() {
        String topic = topic("order.fifo", Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"));
        subscribe(topic, queue("order.fifo"), Map.of("RawMessageDelivery", "true"));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sent.add(publishInOrder(topic, "m" + i));
        }
        house.close();
        house = new MessagingHouse(folder, house.clock().instant());
        String again = publishInOrder(topic, "m9");
        for (int i = 10; i < 15; i++) {
            publishInOrder(topic, "m" + i);
        }

        List<String> received =
                receive("order.fifo", 15).stream().map(Message::body).toList();

        assertThat(again).isEqualTo(sent.getLast());
        assertThat(received).hasSize(15);
        for (int i = 0; i < 15; i++) {
            assertThat(received.get(i)).isEqualTo("m" + i);
        }
    }

    private String publishInOrder(String topic, String message) {
        return house.sns(sns -> sns.publish(
                        request -> request.topicArn(topic).message(message).messageGroupId("g")))
                .messageId();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasPublishedAndNotDeliveredIsDeliveredByTheNextServer(boolean underKey) throws Exception {
        String topic = topic("durable", underKey ? Map.of("KmsMasterKeyId", key()) : Map.of());
        AtomicInteger calls = new AtomicInteger();
        BlockingQueue<JsonNode> got = new LinkedBlockingQueue<>();
        HttpServer server = server(got, calls, 2);
        try {
            String subscription = confirmed(topic, server, got);
            house.sns(sns -> sns.setSubscriptionAttributes(request -> request.subscriptionArn(subscription)
                    .attributeName("DeliveryPolicy")
                    .attributeValue("{\"healthyRetryPolicy\":{\"numRetries\":100,\"minDelayTarget\":3600,"
                            + "\"maxDelayTarget\":3600}}")));
            calls.set(0);
            publish(topic, "kept");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (calls.get() < 1 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            calls.set(10);

            house.close();
            house = new MessagingHouse(folder, house.clock().instant());
            house.passAndClean(Duration.ofSeconds(1));

            JsonNode message = got.poll(60, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.path("Message").asText()).isEqualTo("kept");
            awaitNothingLeft();
        } finally {
            server.stop(0);
        }
    }

    /** Answers 500 to all calls before the one with number {@code failing}. */
    private static HttpServer server(BlockingQueue<JsonNode> got, AtomicInteger calls, int failing) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            JsonNode message = JSON.readTree(body);
            boolean confirmation = message.path("Type").asText().equals("SubscriptionConfirmation");
            boolean fails = !confirmation && calls.incrementAndGet() < failing;
            if (!fails) {
                got.add(message);
            }
            exchange.sendResponseHeaders(fails ? 500 : 200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Subscribes a server and follows the URL that it is sent. */
    private String confirmed(String topic, HttpServer server, BlockingQueue<JsonNode> got) throws Exception {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        String answer = house.sns(sns -> sns.subscribe(
                        request -> request.topicArn(topic).protocol("http").endpoint(url)))
                .subscriptionArn();
        assertThat(answer).isEqualTo("pending confirmation");
        JsonNode asked = got.poll(60, TimeUnit.SECONDS);
        assertThat(asked).isNotNull();
        verify(asked, "SHA1withRSA");
        get(asked.path("SubscribeURL").asText());
        return house.sns(sns -> sns.listSubscriptionsByTopic(request -> request.topicArn(topic)))
                .subscriptions()
                .getFirst()
                .subscriptionArn();
    }

    @Test
    void aWebServerIsAskedGetsSignedMessagesAndCanLeave() throws Exception {
        String topic = topic("web", Map.of("SignatureVersion", "1"));
        BlockingQueue<JsonNode> got = new LinkedBlockingQueue<>();
        HttpServer server = server(got, new AtomicInteger(), 1);
        try {
            publish(topic, "to nobody");
            confirmed(topic, server, got);
            publish(topic, "first");
            JsonNode first = got.poll(60, TimeUnit.SECONDS);
            assertThat(first.path("Message").asText()).isEqualTo("first");
            verify(first, "SHA1withRSA");

            house.sns(sns -> sns.setTopicAttributes(request ->
                    request.topicArn(topic).attributeName("SignatureVersion").attributeValue("2")));
            publish(topic, "second");
            JsonNode second = got.poll(60, TimeUnit.SECONDS);
            verify(second, "SHA256withRSA");
            get(second.path("UnsubscribeURL").asText());

            assertThat(house.sns(sns -> sns.listSubscriptionsByTopic(request -> request.topicArn(topic)))
                            .subscriptions())
                    .isEmpty();
        } finally {
            server.stop(0);
        }
    }

    /** Verifies a message as the validators of AWS's SDKs do, by the certificate that it names. */
    private void verify(JsonNode message, String algorithm) throws Exception {
        List<String> names = message.path("Type").asText().equals("Notification")
                ? List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
                : List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            if (message.has(name)) {
                text.append(name)
                        .append('\n')
                        .append(message.path(name).asText())
                        .append('\n');
            }
        }
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        get(message.path("SigningCertURL").asText())));
        Signature signature = Signature.getInstance(algorithm);
        signature.initVerify(certificate);
        signature.update(text.toString().getBytes(UTF_8));
        assertThat(signature.verify(
                        Base64.getDecoder().decode(message.path("Signature").asText())))
                .isTrue();
    }

    /** What a URL of the house's own leads to. */
    private byte[] get(String url) throws IOException {
        URI uri = URI.create(url);
        Endpoint endpoint = SnsService.endpoints(house::snsService).stream()
                .filter(candidate -> candidate.path().equals(uri.getPath())
                        || (candidate.path().endsWith("/*")
                                && uri.getPath()
                                        .startsWith(candidate
                                                .path()
                                                .substring(0, candidate.path().length() - 1))))
                .findFirst()
                .orElseThrow();
        Got got = new Got(uri);
        CallContext context = CallContext.builder().requestId("get").build();
        context.<Void, IOException>call(() -> {
            endpoint.handle(got);
            return null;
        });
        return got.answer;
    }

    private static final class Got implements EndpointExchange {
        private final URI uri;
        private byte[] answer;

        Got(URI uri) {
            this.uri = uri;
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return uri.getPath();
        }

        @Override
        public Optional<String> query(String name) {
            for (String parameter : uri.getQuery().split("&", -1)) {
                if (parameter.startsWith(name + "=")) {
                    return Optional.of(parameter.substring(name.length() + 1));
                }
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }

        @Override
        public InputStream body(long maximumBytes) {
            return InputStream.nullInputStream();
        }

        @Override
        public void respond(int status, Map<String, String> headers, byte[] body) {
            answer = body;
        }

        @Override
        public OutputStream stream(int status, Map<String, String> headers) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void batchesPublishWhatIsGoodAndStrangersDoWhatThePolicySays() {
        String topic = topic("batch", Map.of());
        subscribe(topic, queue("batched"), Map.of("RawMessageDelivery", "true"));

        var response = house.sns(sns -> sns.publishBatch(request ->
                request.topicArn(topic).publishBatchRequestEntries(List.of(entry("a", "one"), entry("b", "")))));

        assertThat(response.successful()).extracting(entry -> entry.id()).containsExactly("a");
        assertThat(response.failed()).extracting(entry -> entry.id()).containsExactly("b");
        assertThat(receive("batched", 1)).extracting(Message::body).containsExactly("one");
        Principal stranger = house.user(STRANGER, "stranger", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}}""");
        assertThatThrownBy(() -> publishAs(stranger, topic))
                .isInstanceOf(SnsException.class)
                .hasMessageContaining("sns:Publish");
        house.sns(sns -> sns.addPermission(request ->
                request.topicArn(topic).label("publish").awsAccountIds(STRANGER).actionNames("Publish")));
        publishAs(stranger, topic);
        String subscription = house.sns(sns -> sns.listSubscriptions(request -> {}))
                .subscriptions()
                .getFirst()
                .subscriptionArn();
        assertThatThrownBy(() -> house.as(
                        stranger,
                        SnsClient.class,
                        sns -> sns.unsubscribe(request -> request.subscriptionArn(subscription))))
                .isInstanceOfSatisfying(
                        SnsException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(403));
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    private void publishAs(Principal principal, String topic) {
        house.as(
                principal,
                SnsClient.class,
                sns -> sns.publish(request -> request.topicArn(topic).message("from outside")));
    }

    @Test
    void listsOfSubscriptionsComeInPages() {
        String topic = topic("many", Map.of());
        for (int i = 0; i < 101; i++) {
            subscribe(topic, "arn:aws:sqs:us-east-1:000000000000:q" + i, Map.of());
        }

        var first = house.sns(sns -> sns.listSubscriptionsByTopic(request -> request.topicArn(topic)));
        var second = house.sns(sns ->
                sns.listSubscriptionsByTopic(request -> request.topicArn(topic).nextToken(first.nextToken())));

        assertThat(first.subscriptions()).hasSize(100);
        assertThat(second.subscriptions()).hasSize(1);
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> house.sns(sns -> sns.listTopics(request -> request.nextToken(first.nextToken()))))
                .isInstanceOf(SnsException.class);
    }

    @Test
    void whoKnowsOnlyTheArnOfAQueuesSubscriptionCannotEndIt() {
        String topic = topic("kept", Map.of());
        String subscription = subscribe(topic, queue("keeping"), Map.of());

        assertThatThrownBy(() -> get("http://localhost/_outcrop/sns/unsubscribe?SubscriptionArn=" + subscription))
                .hasMessageContaining("Not authorized");
        assertThat(house.sns(sns -> sns.listSubscriptionsByTopic(request -> request.topicArn(topic)))
                        .subscriptions())
                .hasSize(1);
    }

    @Test
    void whatIsNotThereYetSaysSo() {
        String topic = topic("later", Map.of());

        for (String protocol : List.of("email", "lambda", "sms")) {
            assertThatThrownBy(() -> house.sns(sns -> sns.subscribe(request ->
                            request.topicArn(topic).protocol(protocol).endpoint("x"))))
                    .isInstanceOfSatisfying(
                            SnsException.class,
                            error -> assertThat(error.statusCode()).isEqualTo(501));
        }
    }

    @Test
    void delaysGrowFromTheShortestToTheLongest() {
        RetryPolicy queues = RetryPolicy.OF_QUEUES;

        assertThat(queues.delay(1)).contains(Duration.ZERO);
        assertThat(queues.delay(4)).contains(Duration.ofSeconds(1));
        assertThat(queues.delay(10).orElseThrow()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(15));
        assertThat(queues.delay(100)).contains(Duration.ofSeconds(20));
        assertThat(queues.delay(100_016)).isEmpty();
    }
}
