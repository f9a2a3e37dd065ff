package dev.outcrop.services.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.outcrop.services.MessagingHouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;

class MailTest {
    private static final Pattern TOKEN = Pattern.compile("Token=([0-9a-f]+)");

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @TempDir
    private Path path;

    private MessagingHouse house;
    private String topic;

    @BeforeEach
    void open() {
        server.setUser("outcrop", "secret");
        server.start();
        house = new MessagingHouse(
                path,
                new MailServer(
                        "127.0.0.1",
                        server.getSmtp().getPort(),
                        MailServer.Security.NONE,
                        Optional.of(new MailServer.Login("outcrop", "secret")),
                        "no-reply@outcrop.test"));
        topic = house.sns(sns -> sns.createTopic(request -> request.name("news")))
                .topicArn();
    }

    @AfterEach
    void close() {
        house.close();
        server.stop();
    }

    private String subscribed(String protocol, String address) {
        house.sns(sns -> sns.subscribe(
                request -> request.topicArn(topic).protocol(protocol).endpoint(address)));
        Matcher token = TOKEN.matcher(text(0));
        assertThat(token.find()).isTrue();
        return house.sns(sns -> sns.confirmSubscription(
                        request -> request.topicArn(topic).token(token.group(1))))
                .subscriptionArn();
    }

    private void publish(String subject, String message) {
        house.sns(sns -> sns.publish(request -> request.topicArn(topic)
                .subject(subject.isEmpty() ? null : subject)
                .message(message)));
    }

    /** The text of a message that has arrived, or does so within half a minute. */
    private String text(int index) {
        assertThat(server.waitForIncomingEmail(30_000, index + 1)).isTrue();
        try {
            return (String) server.getReceivedMessages()[index].getContent();
        } catch (Exception unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @Test
    void sendsMessagesOnceTheAddressHasConfirmed() throws Exception {
        house.sns(sns -> sns.subscribe(
                request -> request.topicArn(topic).protocol("email").endpoint("ada@example.com")));
        text(0);
        publish("", "before");
        Matcher token = TOKEN.matcher(text(0));
        assertThat(token.find()).isTrue();

        String arn = house.sns(sns -> sns.confirmSubscription(
                        request -> request.topicArn(topic).token(token.group(1))))
                .subscriptionArn();
        publish("Käse", "Grüße");

        assertThat(text(1)).startsWith("Grüße").contains(arn.replace(":", "%3A"));
        assertThat(server.getReceivedMessages()).hasSize(2);
        assertThat(server.getReceivedMessages()[1].getSubject()).isEqualTo("Käse");
        assertThat(server.getReceivedMessages()[1].getFrom()[0]).hasToString("no-reply@outcrop.test");
    }

    @Test
    void sendsTheEnvelopeAsJsonToWhoAskedForIt() throws Exception {
        subscribed("email-json", "program@example.com");

        publish("", "one");

        JsonNode envelope = new ObjectMapper().readTree(text(1));
        assertThat(envelope.path("Type").asText()).isEqualTo("Notification");
        assertThat(envelope.path("Message").asText()).isEqualTo("one");
        assertThat(envelope.path("Signature").asText()).isNotEmpty();
    }

    @Test
    void refusesWhatIsNoSingleAddress() {
        for (String address : List.of(
                "nobody",
                "two@example.com,three@example.com",
                "Name <a@example.com>",
                "a@example.com\r\nBcc: b@example.com",
                "")) {
            assertThatThrownBy(() -> house.sns(sns -> sns.subscribe(
                            request -> request.topicArn(topic).protocol("email").endpoint(address))))
                    .as(address)
                    .isInstanceOf(InvalidParameterException.class);
        }
    }

    @Test
    void saysWhatIsMissingWhereNoMailServerIsConfigured(@TempDir Path other) {
        try (MessagingHouse without = new MessagingHouse(other)) {
            String arn = without.sns(sns -> sns.createTopic(request -> request.name("news")))
                    .topicArn();

            assertThatThrownBy(() -> without.sns(sns -> sns.subscribe(
                            request -> request.topicArn(arn).protocol("email").endpoint("ada@example.com"))))
                    .hasMessageContaining("setting mail");
        }
    }
}
