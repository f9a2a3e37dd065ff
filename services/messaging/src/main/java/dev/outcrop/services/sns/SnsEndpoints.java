package dev.outcrop.services.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What messages carry URLs of: the certificate that they are signed by, and the ways to confirm and to unsubscribe. */
final class SnsEndpoints {
    private static final String XMLNS = "http://sns.amazonaws.com/doc/2010-03-31/";

    private SnsEndpoints() {}

    static List<Endpoint> of(Supplier<SigningCertificate> certificate, Supplier<SubscriptionLifecycle> subscriptions) {
        return List.of(
                new Open(SigningCertificate.PATHS, exchange -> {
                    if (!exchange.path().equals(certificate.get().path())) {
                        throw new AwsError("NotFound", 404, "There is no such certificate");
                    }
                    exchange.respond(
                            200,
                            Map.of("content-type", "application/x-pem-file"),
                            certificate.get().pem().getBytes(UTF_8));
                }),
                new Open(Envelopes.CONFIRM, exchange -> {
                    Subscription confirmed = subscriptions
                            .get()
                            .confirm(
                                    exchange.query("TopicArn").orElse(""),
                                    exchange.query("Token").orElse(""),
                                    false);
                    respond(
                            exchange,
                            "<ConfirmSubscriptionResponse xmlns=\"" + XMLNS
                                    + "\"><ConfirmSubscriptionResult><SubscriptionArn>" + confirmed.arn()
                                    + "</SubscriptionArn></ConfirmSubscriptionResult></ConfirmSubscriptionResponse>");
                }),
                new Open(Envelopes.UNSUBSCRIBE, exchange -> {
                    if (!subscriptions
                            .get()
                            .unsubscribeByUrl(exchange.query("SubscriptionArn").orElse(""))) {
                        throw new AwsError("AuthorizationError", 403, "Not authorized");
                    }
                    respond(exchange, "<UnsubscribeResponse xmlns=\"" + XMLNS + "\"/>");
                }));
    }

    private static void respond(EndpointExchange exchange, String xml) throws IOException {
        exchange.respond(200, Map.of("content-type", "text/xml"), xml.getBytes(UTF_8));
    }

    private interface Handler {
        void handle(EndpointExchange exchange) throws IOException;
    }

    /** An endpoint that anybody may get: who knows the URL has been sent it. */
    private record Open(String path, Handler handler) implements Endpoint {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public Authentication authentication() {
            return Authentication.NONE;
        }

        @Override
        public void handle(EndpointExchange exchange) throws IOException {
            handler.handle(exchange);
        }
    }
}
