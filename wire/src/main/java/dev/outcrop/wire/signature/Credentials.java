package dev.outcrop.wire.signature;

import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a request brings to show who sends it. Reading it checks nothing: routing needs the scope before that. */
public sealed interface Credentials {
    /** The algorithm that is supported. */
    String ALGORITHM = "AWS4-HMAC-SHA256";

    /** Nothing. */
    record None() implements Credentials {}

    /** A token in an {@code Authorization: Bearer} header. */
    record Bearer(String token) implements Credentials {}

    /** A signature of version 4. */
    record Signed(SignatureClaim claim) implements Credentials {}

    /** Something else, such as version 4a or version 2 of the signature. */
    record Foreign(String algorithm) implements Credentials {}

    /** What {@code request} brings. */
    static Credentials of(WireRequest request) {
        Optional<String> authorization = request.header("authorization");
        if (authorization.isPresent()) {
            return ofHeader(authorization.get().strip(), request.headers());
        }
        if (!request.query().contains("X-Amz-") && !request.query().contains("Signature=")) {
            return new None();
        }
        QueryString parameters = request.parameters();
        Optional<String> algorithm = parameters.first("X-Amz-Algorithm");
        if (algorithm.isPresent() || parameters.has("X-Amz-Credential") || parameters.has("X-Amz-Signature")) {
            if (algorithm.isPresent() && !algorithm.get().equals(ALGORITHM)) {
                return new Foreign(algorithm.get());
            }
            return new Signed(new SignatureClaim(
                    true,
                    parameters.first("X-Amz-Credential").orElse(""),
                    parameters.first("X-Amz-SignedHeaders").orElse(""),
                    parameters.first("X-Amz-Signature").orElse(""),
                    parameters.first("X-Amz-Date").orElse(""),
                    parameters.first("X-Amz-Expires").orElse(""),
                    parameters.first("X-Amz-Security-Token"),
                    algorithm.orElse("")));
        }
        if (parameters.has("AWSAccessKeyId") && parameters.has("Signature")) {
            return new Foreign("AWS");
        }
        return new None();
    }

    private static Credentials ofHeader(String authorization, HttpHeaders headers) {
        int space = authorization.indexOf(' ');
        String scheme = space < 0 ? authorization : authorization.substring(0, space);
        if (scheme.equalsIgnoreCase("Bearer")) {
            return new Bearer(
                    space < 0 ? "" : authorization.substring(space + 1).strip());
        }
        if (!scheme.equals(ALGORITHM)) {
            return new Foreign(scheme);
        }
        String credential = "";
        String signedHeaders = "";
        String signature = "";
        for (String part : parts(authorization)) {
            if (part.startsWith("Credential=")) {
                credential = part.substring(11);
            } else if (part.startsWith("SignedHeaders=")) {
                signedHeaders = part.substring(14);
            } else if (part.startsWith("Signature=")) {
                signature = part.substring(10);
            }
        }
        String time =
                headers.first("x-amz-date").or(() -> headers.first("date")).orElse("");
        return new Signed(new SignatureClaim(
                false,
                credential,
                signedHeaders,
                signature,
                time.strip(),
                "",
                headers.first("x-amz-security-token"),
                authorization));
    }

    /** The part of an {@code Authorization} header of version 4 that has no equals sign, if one has none. */
    static Optional<String> unassigned(String authorization) {
        for (String part : parts(authorization)) {
            if (part.indexOf('=') < 0) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    /** What follows the name of the algorithm, divided by commas and blanks. */
    private static List<String> parts(String authorization) {
        List<String> parts = new ArrayList<>(3);
        int start = ALGORITHM.length();
        for (int i = start; i <= authorization.length(); i++) {
            if (i == authorization.length() || authorization.charAt(i) == ',' || authorization.charAt(i) == ' ') {
                if (i > start) {
                    parts.add(authorization.substring(start, i));
                }
                start = i + 1;
            }
        }
        return parts;
    }
}
