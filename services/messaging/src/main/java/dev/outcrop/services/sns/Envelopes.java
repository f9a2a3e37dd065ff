package dev.outcrop.services.sns;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What subscribers get around a message, signed so that they can tell who sent it.
 *
 * <p>Source: "Parsing Amazon SNS message formats" and "Verifying the signatures of Amazon SNS messages" of the developer
 * guide.
 */
final class Envelopes {
    /** Where a pending subscription is confirmed, and one is ended, by who was sent the URL. */
    static final String CONFIRM = "/_outcrop/sns/confirm";

    static final String UNSUBSCRIBE = "/_outcrop/sns/unsubscribe";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SigningCertificate certificate;

    Envelopes(SigningCertificate certificate) {
        this.certificate = certificate;
    }

    /** A message for a subscriber. */
    String notification(Subscription subscription, PublishedMessage message) {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.put("Type", "Notification").put("MessageId", message.id());
        if (!message.sequence().isEmpty()) {
            envelope.put("SequenceNumber", message.sequence());
        }
        envelope.put("TopicArn", message.topic());
        if (!message.subject().isEmpty()) {
            envelope.put("Subject", message.subject());
        }
        envelope.put("Message", message.body(subscription.protocol())).put("Timestamp", message.time());
        sign(envelope, subscription, message.signatureVersion());
        envelope.put("UnsubscribeURL", unsubscribeUrl(subscription));
        if (!message.attributes().isEmpty()) {
            ObjectNode attributes = envelope.putObject("MessageAttributes");
            message.attributes()
                    .forEach((name, attribute) -> attributes
                            .putObject(name)
                            .put("Type", attribute.type())
                            .put("Value", attribute.value()));
        }
        return envelope.toString();
    }

    /** What asks a subscriber whether it wants the messages of a topic. */
    String confirmation(Subscription subscription, String id, String time, String signatureVersion) {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.put("Type", "SubscriptionConfirmation")
                .put("MessageId", id)
                .put("Token", subscription.token())
                .put("TopicArn", subscription.topic())
                .put(
                        "Message",
                        "You have chosen to subscribe to the topic " + subscription.topic()
                                + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.")
                .put("SubscribeURL", confirmUrl(subscription))
                .put("Timestamp", time);
        sign(envelope, subscription, signatureVersion);
        return envelope.toString();
    }

    private static String confirmUrl(Subscription subscription) {
        return subscription.baseUrl() + CONFIRM + "?Action=ConfirmSubscription&TopicArn="
                + encoded(subscription.topic()) + "&Token=" + subscription.token();
    }

    private static String unsubscribeUrl(Subscription subscription) {
        return subscription.baseUrl() + UNSUBSCRIBE + "?SubscriptionArn=" + encoded(subscription.arn());
    }

    /** A message for a person. */
    String readableNotification(Subscription subscription, PublishedMessage message) {
        return message.body(subscription.protocol()) + "\n\n--\nYou get this as a subscriber of the topic "
                + subscription.topic() + ". To end the subscription, open\n" + unsubscribeUrl(subscription) + "\n";
    }

    /** What asks a person whether they want the messages of a topic. */
    String readableConfirmation(Subscription subscription) {
        return "Somebody asks for messages of the topic " + subscription.topic()
                + " to be sent to this address.\n\nIf you want them, open\n" + confirmUrl(subscription)
                + "\n\nIf you do not, do nothing: no message will be sent.\n";
    }

    private void sign(ObjectNode envelope, Subscription subscription, String version) {
        String signature = certificate.signature(signed(envelope), version);
        envelope.put("SignatureVersion", version)
                .put("Signature", signature)
                .put("SigningCertURL", subscription.baseUrl() + certificate.path());
    }

    /** What the signature is of: names and values a line each, in the order of the names. */
    private static String signed(ObjectNode envelope) {
        Map<String, String> values = new TreeMap<>();
        envelope.properties()
                .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
        // The sequence is no part of what is signed.
        values.remove("SequenceNumber");
        StringBuilder text = new StringBuilder();
        values.forEach(
                (name, value) -> text.append(name).append('\n').append(value).append('\n'));
        return text.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
