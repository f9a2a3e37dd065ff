package dev.outcrop.services.sqs;

import dev.outcrop.kernel.KilledProcess;
import dev.outcrop.services.MessagingHouse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * A process that sends, publishes, receives and deletes until it is killed, and prints a line for each thing once it has
 * been acknowledged: {@code sent BODY}, {@code ordered GROUP NUMBER}, {@code published BODY}, {@code got BODY} of one that
 * is about to be deleted, {@code deleted BODY}.
 */
public final class SendingProcess {
    static final String STANDARD = "http://localhost/000000000000/standard";
    static final String FIFO = "http://localhost/000000000000/ordered.fifo";
    static final String FANOUT = "http://localhost/000000000000/fanout";
    static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:topic";

    private final MessagingHouse house;

    private SendingProcess(MessagingHouse house) {
        this.house = house;
    }

    /** @param arguments the data folder, and a name that no earlier process had */
    public static void main(String[] arguments) throws InterruptedException {
        MessagingHouse house = new MessagingHouse(Path.of(arguments[0]), Instant.now());
        prepare(house);
        SendingProcess process = new SendingProcess(house);
        String name = arguments[1];
        Thread.ofPlatform().start(() -> process.send(name));
        Thread.ofPlatform().start(() -> process.sendInOrder(name));
        Thread.ofPlatform().start(() -> process.publish(name));
        Thread.ofPlatform().start(process::receive);
        TimeUnit.MINUTES.sleep(10); // The one who kills is long done by then.
    }

    private static void prepare(MessagingHouse house) {
        try {
            house.sqs(sqs -> sqs.getQueueUrl(request -> request.queueName("fanout")));
        } catch (QueueDoesNotExistException first) {
            house.sqs(sqs -> sqs.createQueue(request -> request.queueName("standard")));
            house.sqs(sqs -> sqs.createQueue(request ->
                    request.queueName("ordered.fifo").attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true"))));
            String queue = "arn:aws:sqs:us-east-1:000000000000:fanout";
            house.sns(sns -> sns.createTopic(request -> request.name("topic")));
            house.sns(sns -> sns.subscribe(request -> request.topicArn(TOPIC)
                    .protocol("sqs")
                    .endpoint(queue)
                    .attributes(Map.of("RawMessageDelivery", "true"))));
            house.sqs(sqs -> sqs.createQueue(request ->
                    request.queueName("fanout").attributes(Map.of(QueueAttributeName.POLICY, """
                            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage",
                             "Principal": {"Service": "sns.amazonaws.com"}, "Resource": "%s"}}""".formatted(queue)))));
        }
    }

    private void send(String name) {
        for (int i = 0; ; i++) {
            String body = name + "-" + i;
            house.sqs(
                    sqs -> sqs.sendMessage(request -> request.queueUrl(STANDARD).messageBody(body)));
            KilledProcess.say("sent " + body);
        }
    }

    private void sendInOrder(String name) {
        for (int i = 0; ; i++) {
            String body = name + " " + i;
            house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(FIFO)
                    .messageBody(body)
                    .messageGroupId(name)
                    .messageDeduplicationId(body.replace(' ', '-'))));
            KilledProcess.say("ordered " + body);
        }
    }

    private void publish(String name) {
        for (int i = 0; ; i++) {
            String body = name + "-p" + i;
            house.sns(sns -> sns.publish(request -> request.topicArn(TOPIC).message(body)));
            KilledProcess.say("published " + body);
        }
    }

    private void receive() {
        while (true) {
            List<Message> messages = house.sqs(sqs -> sqs.receiveMessage(
                            request -> request.queueUrl(STANDARD).maxNumberOfMessages(2)))
                    .messages();
            for (Message message : messages) {
                KilledProcess.say("got " + message.body());
                house.sqs(sqs -> sqs.deleteMessage(
                        request -> request.queueUrl(STANDARD).receiptHandle(message.receiptHandle())));
                KilledProcess.say("deleted " + message.body());
            }
        }
    }
}
