package dev.outcrop.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * PutEvents on a bus with a hundred rules, of which each event fits one whose target is a queue, and how long an event takes
 * from there to whoever reads the queue; beside Moto server and MiniStack.
 */
final class EventsBenchmark implements Benchmark {
    private static final AwsCredentialsIdentity ROOT = AwsCredentialsIdentity.create("test", "test");
    private static final int RULES = 100;
    private static final int CONNECTIONS = 16;
    private static final int DELIVERIES = 100;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURE = Duration.ofSeconds(8);
    private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(30);
    private static final String POLICY = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*",
             "Principal": {"Service": "events.amazonaws.com"}}}""";

    /** What is measured: events taken a second, and the median milliseconds to a queue's reader. */
    private record Figures(double perSecond, double deliveryMillis) {}

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String description() {
        return "PutEvents per second with 100 rules, and delivery to SQS, beside Moto and MiniStack";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Figures ours = measure(workplace.startOutcrop(), report);
        Figures moto = measure(CallsBenchmark.moto(workplace), report);
        Figures ministack = measure(CallsBenchmark.ministack(workplace), report);
        report.figure("PutEvents, beside Moto", ours.perSecond() / moto.perSecond(), "×");
        report.figure("PutEvents, beside MiniStack", ours.perSecond() / ministack.perSecond(), "×");
        report.figure("delivery, Moto's time beside ours", moto.deliveryMillis() / ours.deliveryMillis(), "×");
        report.figure(
                "delivery, MiniStack's time beside ours", ministack.deliveryMillis() / ours.deliveryMillis(), "×");
    }

    private static Figures measure(ServerProcess server, Report report) throws IOException, InterruptedException {
        try (server) {
            Place place = new Place(server.port());
            String queue = place.prepare();
            byte[] measured = place.put("shop-7").bytes(ROOT);
            place.deliveryMillis(queue);
            double delivery = place.deliveryMillis(queue);
            // The first seconds' deliveries go on beside what is measured, as they would in earnest.
            HttpLoad.run(server.port(), measured, CONNECTIONS, WARM_UP);
            double cpuBefore = server.cpuSeconds();
            HttpLoad.Result result = HttpLoad.run(server.port(), measured, CONNECTIONS, MEASURE);
            double cpuMillis = (server.cpuSeconds() - cpuBefore) * 1000 / result.calls();
            report.figure(server.name() + ": PutEvents", result.callsPerSecond(), "/s");
            report.figure(server.name() + ": PutEvents, p99", result.p99Millis(), "ms");
            report.figure(server.name() + ": server CPU a call, deliveries included", cpuMillis, "ms");
            report.figure(server.name() + ": from PutEvents to the reader of a queue, p50", delivery, "ms");
            return new Figures(result.callsPerSecond(), delivery);
        }
    }

    /** A bus and its queues, on the server at {@code port}. */
    private record Place(int port) {
        /** Makes the rules and two queues; gives the URL of the one that stays empty. */
        String prepare() throws IOException, InterruptedException {
            queue("busy");
            String quiet = queue("quiet");
            for (int i = 0; i < RULES; i++) {
                String name = "shop-" + i;
                answer(events(events -> events.putRule(request -> request.name(name)
                        .eventPattern("{\"source\": [\"" + name + "\"], \"detail\": {\"total\": [{\"numeric\":"
                                + " [\">\", 10]}]}}"))));
                target(name, "busy");
            }
            answer(events(events ->
                    events.putRule(request -> request.name("quiet").eventPattern("{\"source\": [\"quiet\"]}"))));
            target("quiet", "quiet");
            return quiet;
        }

        private String queue(String name) throws IOException, InterruptedException {
            String made = answer(sqs(sqs -> sqs.createQueue(
                    request -> request.queueName(name).attributes(Map.of(QueueAttributeName.POLICY, POLICY)))));
            Matcher url = Pattern.compile("\"QueueUrl\": ?\"([^\"]+)\"").matcher(made);
            if (!url.find()) {
                throw new IOException("there is no queue in " + made);
            }
            return url.group(1);
        }

        private void target(String rule, String queue) throws IOException, InterruptedException {
            // Each peer has an account of its own; a queue's ARN names it.
            String arn = "arn:aws:sqs:us-east-1:" + account() + ":" + queue;
            answer(events(events -> events.putTargets(request -> request.rule(rule)
                    .targets(Target.builder().id("queue").arn(arn).build()))));
        }

        private String account() throws IOException, InterruptedException {
            String bus = answer(events(events -> events.describeEventBus(request -> {})));
            Matcher arn = Pattern.compile("arn:aws:events:us-east-1:(\\d{12}):").matcher(bus);
            if (!arn.find()) {
                throw new IOException("there is no ARN in " + bus);
            }
            return arn.group(1);
        }

        CapturedRequest put(String source) {
            PutEventsRequestEntry entry = PutEventsRequestEntry.builder()
                    .source(source)
                    .detailType("Order")
                    .detail("{\"total\": 50, \"customer\": \"somebody\", \"items\": [1, 2, 3]}")
                    .build();
            return events(events -> events.putEvents(request -> request.entries(List.of(entry))));
        }

        /** The median time from sending an event to reading it. */
        double deliveryMillis(String queue) throws IOException, InterruptedException {
            double[] millis = new double[DELIVERIES];
            for (int i = 0; i < DELIVERIES; i++) {
                long begin = System.nanoTime();
                answer(put("quiet"));
                while (!answer(sqs(sqs -> sqs.receiveMessage(
                                request -> request.queueUrl(queue).waitTimeSeconds(1))))
                        .contains("\"Body\"")) {
                    if (System.nanoTime() - begin > LONGEST_DELIVERY.toNanos()) {
                        throw new IOException("an event has not come within " + LONGEST_DELIVERY);
                    }
                }
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
            Arrays.sort(millis);
            return millis[DELIVERIES / 2];
        }

        private CapturedRequest events(Consumer<EventBridgeClient> call) {
            return CapturedRequest.capture("events", port, EventBridgeClient.builder(), call);
        }

        private CapturedRequest sqs(Consumer<SqsClient> call) {
            return CapturedRequest.capture("sqs", port, SqsClient.builder(), call);
        }

        private static String answer(CapturedRequest request) throws IOException, InterruptedException {
            byte[] body = request.framing().apply(request.body());
            return SignedRequest.answer(SignedRequest.signed(request.head(), body, request.service(), ROOT), body);
        }
    }
}
