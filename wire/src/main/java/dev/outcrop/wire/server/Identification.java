package dev.outcrop.wire.server;

import dev.outcrop.kernel.BearerKeys;
import dev.outcrop.kernel.Principal;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.Credentials;
import dev.outcrop.wire.signature.FormSignature;
import dev.outcrop.wire.signature.SignatureVerifier;
import dev.outcrop.wire.signature.VerifiedSignature;
import java.util.Optional;

/** Tells who sends a request, and for which region it is meant. */
public final class Identification {
    private static final String DEFAULT_REGION = "us-east-1";

    private final SignatureVerifier verifier;
    private final BearerKeys tokens;

    public Identification(SignatureVerifier verifier, BearerKeys tokens) {
        this.verifier = verifier;
        this.tokens = tokens;
    }

    /**
     * Who sends a request.
     *
     * @param signature what chunks and events of its body are signed with, if it is signed
     */
    record Identity(Principal principal, String region, Optional<VerifiedSignature> signature) {}

    /**
     * Who sends {@code request}.
     *
     * @param payloadHash hash of the body, or the marker in its place
     * @param service     the signing name of the service that is meant
     * @param open        whether it may come from anybody
     * @throws dev.outcrop.wire.signature.AuthenticationException if it does not come from somebody who is known
     */
    Identity identify(
            Credentials credentials,
            WireRequest request,
            String payloadHash,
            String service,
            boolean open,
            AuthenticationDialect dialect) {
        return switch (credentials) {
            case Credentials.Signed signed -> {
                VerifiedSignature verified = verifier.verify(signed.claim(), request, payloadHash, service, dialect);
                yield new Identity(verified.key().principal(), signed.claim().region(), Optional.of(verified));
            }
            case Credentials.Bearer bearer ->
                new Identity(
                        tokens.find(bearer.token()).orElseThrow(dialect::invalidBearerToken),
                        region(request),
                        Optional.empty());
            case Credentials.Foreign foreign -> throw dialect.unsupported(foreign.algorithm());
            case Credentials.None none -> {
                if (!open) {
                    throw dialect.missing();
                }
                yield new Identity(Principal.ANONYMOUS, region(request), Optional.empty());
            }
        };
    }

    /**
     * Who signed a form.
     *
     * @param policy the policy of the form, in base64 as it was sent, which is what was signed
     */
    Principal identifyForm(FormSignature signature, String policy) {
        return verifier.verifyForm(signature, policy).principal();
    }

    /** The region in a host such as {@code bedrock-runtime.eu-west-1.amazonaws.com}. */
    static String region(WireRequest request) {
        String host = request.header("host").orElse("");
        int start = host.indexOf('.') + 1;
        int end = host.indexOf('.', start);
        if (start == 0 || end < 0 || !host.contains("amazonaws")) {
            return DEFAULT_REGION;
        }
        return host.substring(start, end);
    }
}
