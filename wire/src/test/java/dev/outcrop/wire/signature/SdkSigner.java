package dev.outcrop.wire.signature;

import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The signer of AWS's own SDK, the other side of the verifier. */
record SdkSigner(AwsCredentialsIdentity credentials, Instant time, String service) {
    /** What the signer makes of a request: its head, and the body as it goes over the wire. */
    record Outcome(WireRequest head, byte[] body) {}

    Outcome sign(
            SdkHttpRequest request, byte[] body, Consumer<SignRequest.Builder<AwsCredentialsIdentity>> properties) {
        SignedRequest signed = AwsV4HttpSigner.create().sign(signing -> {
            signing.identity(credentials)
                    .request(request)
                    .payload(ContentStreamProvider.fromByteArray(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                    .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC));
            if (service.equals("s3")) {
                signing.putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false);
            }
            properties.accept(signing);
        });
        return new Outcome(head(signed.request()), payload(signed));
    }

    /** A request of a path and query that are encoded already. */
    static SdkHttpRequest.Builder request(SdkHttpMethod method, String uri) {
        return SdkHttpRequest.builder().method(method).uri(URI.create(uri));
    }

    private static WireRequest head(SdkHttpRequest request) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        request.forEachHeader((name, values) -> values.forEach(value -> headers.add(name, value)));
        if (!headers.has("host")) {
            headers.add("host", request.host());
        }
        return new WireRequest(
                request.method().name(),
                request.encodedPath(),
                request.encodedQueryParameters().orElse(""),
                headers.build());
    }

    private static byte[] payload(SignedRequest signed) {
        if (signed.payload().isEmpty()) {
            return new byte[0];
        }
        try (InputStream in = signed.payload().get().newStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
