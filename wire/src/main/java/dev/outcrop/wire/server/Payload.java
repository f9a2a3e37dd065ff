package dev.outcrop.wire.server;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.ServedOperation.Kind;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.ChunkedBody;
import dev.outcrop.wire.signature.ContentMd5;
import dev.outcrop.wire.signature.Credentials;
import dev.outcrop.wire.signature.PayloadException;
import dev.outcrop.wire.signature.PayloadHash;
import dev.outcrop.wire.signature.VerifiedSignature;
import dev.outcrop.wire.signature.VerifyingBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;

/**
 * How the body of a request is signed and encoded, and what it holds once it is checked and decoded.
 *
 * @param hash  what the signature of the request has in the place of its body's hash
 * @param input the shape of the operation's input
 */
record Payload(
        WireRequest request,
        BoundedBody body,
        String hash,
        boolean streams,
        AuthenticationDialect dialect,
        Optional<ShapeModel> input) {
    private static final String HEADER = "x-amz-content-sha256";

    /**
     * What {@code request} says of its body. Reads it, unless the operation takes it as a stream and its hash was
     * declared.
     */
    static Payload of(
            WireRequest request,
            BoundedBody body,
            Credentials credentials,
            Kind kind,
            AuthenticationDialect dialect,
            Optional<ShapeModel> input)
            throws IOException {
        String declared = request.header(HEADER).orElse("").strip();
        boolean blob = kind == Kind.BLOB_IN || kind == Kind.BLOB_IN_OUT;
        boolean events = kind == Kind.EVENTS_IN || kind == Kind.EVENTS_IN_OUT;
        boolean presigned = credentials instanceof Credentials.Signed signed
                && signed.claim().presigned();
        String hash;
        if (PayloadHash.isMarker(declared)) {
            hash = declared;
        } else if (events) {
            // A WebSocket begins in a GET, which has no body.
            boolean bodiless = presigned || request.method().equals("GET");
            hash = bodiless ? PayloadHash.EMPTY : PayloadHash.STREAMING_EVENTS;
        } else if (dialect == AuthenticationDialect.S3) {
            hash = objectHash(request, declared, presigned, credentials);
        } else if (blob && PayloadHash.isDigest(declared)) {
            hash = declared;
        } else {
            hash = PayloadHash.of(body.whole());
        }
        return new Payload(request, body, hash, blob || events, dialect, input);
    }

    private static String objectHash(WireRequest request, String declared, boolean presigned, Credentials credentials) {
        if (PayloadHash.isDigest(declared)) {
            return declared;
        }
        if (!declared.isEmpty()) {
            throw new AwsError(
                    "InvalidArgument",
                    400,
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER,"
                            + " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD,"
                            + " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.");
        }
        if (credentials instanceof Credentials.Signed && !presigned) {
            throw new AwsError("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256");
        }
        return presigned
                ? request.parameters()
                        .first("X-Amz-Content-Sha256")
                        .filter(PayloadHash::isDigest)
                        .orElse(PayloadHash.UNSIGNED)
                : PayloadHash.UNSIGNED;
    }

    /** What the body holds, decoded; it checks itself while it is read. */
    InputStream content(Optional<VerifiedSignature> signature) throws PayloadException {
        InputStream raw = body.stream();
        return switch (hash) {
            case PayloadHash.STREAMING_SIGNED -> chunked(raw, signature, false);
            case PayloadHash.STREAMING_SIGNED_TRAILER -> chunked(raw, signature, true);
            case PayloadHash.STREAMING_UNSIGNED_TRAILER -> chunked(raw, Optional.empty(), true);
            case PayloadHash.STREAMING_EVENTS, PayloadHash.UNSIGNED -> checked(raw, Optional.empty());
            default -> checked(raw, PayloadHash.isDigest(hash) ? Optional.of(hash) : Optional.empty());
        };
    }

    /** All of what the body holds, with the encoding of {@code Content-Encoding} taken off. */
    InputStream whole(Optional<VerifiedSignature> signature, long limit) throws IOException {
        boolean plain = !hash.startsWith("STREAMING-") && dialect != AuthenticationDialect.S3;
        InputStream content = plain
                ? new ByteArrayInputStream(body.whole())
                : new ByteArrayInputStream(BoundedBody.all(content(signature), limit));
        if (request.header("content-encoding").filter("gzip"::equals).isPresent()) {
            return BoundedBody.limited(new GZIPInputStream(content), limit);
        }
        return content;
    }

    /** How much the body holds, once decoded. */
    OptionalLong length(OptionalLong contentLength) {
        if (!hash.startsWith("STREAMING-") || hash.equals(PayloadHash.STREAMING_EVENTS)) {
            return contentLength;
        }
        long decoded = decodedLength();
        return decoded < 0 ? OptionalLong.empty() : OptionalLong.of(decoded);
    }

    private long decodedLength() {
        try {
            return Long.parseLong(request.header("x-amz-decoded-content-length").orElse("-1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private InputStream chunked(InputStream raw, Optional<VerifiedSignature> signature, boolean trailing)
            throws PayloadException {
        Optional<String> trailer = request.header("x-amz-trailer").map(String::strip);
        Optional<Checksum> announced = trailer.flatMap(Checksum::named);
        if (trailer.isPresent() && announced.isEmpty()) {
            throw new AwsError(
                    "InvalidRequest", 400, "The value specified in the x-amz-trailer header is not supported");
        }
        if (announced.isPresent() && !checksums().isEmpty()) {
            throw new AwsError("InvalidRequest", 400, "Expecting a single x-amz-checksum- header");
        }
        long length = decodedLength();
        if (length < 0) {
            throw new AwsError("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
        }
        return checked(new ChunkedBody(raw, signature, trailing, announced, length), Optional.empty());
    }

    private InputStream checked(InputStream raw, Optional<String> digest) throws PayloadException {
        Map<Checksum, String> checksums = checksums();
        Optional<String> md5 = dialect == AuthenticationDialect.S3 ? request.header("content-md5") : Optional.empty();
        if (digest.isEmpty() && checksums.isEmpty() && md5.isEmpty()) {
            return raw;
        }
        Optional<ContentMd5> declared =
                md5.isPresent() ? Optional.of(ContentMd5.of(md5.get().strip())) : Optional.empty();
        return new VerifyingBody(raw, digest, checksums, declared, dialect);
    }

    /** Whether S3's clients sent a checksum or an MD5 along, before the body or behind it, apart from its signed hash. */
    boolean isVerified() {
        return request.headers().has("content-md5")
                || request.headers().has("x-amz-trailer")
                || !checksums().isEmpty();
    }

    /** Those of the body: where it is no content itself, a member of the input is about what the request makes. */
    private Map<Checksum, String> checksums() {
        Map<Checksum, String> checksums = new EnumMap<>(Checksum.class);
        for (Checksum checksum : Checksum.values()) {
            request.header(checksum.header())
                    .filter(_ -> streams || !isMember(checksum.header()))
                    .ifPresent(value -> checksums.put(checksum, value.strip()));
        }
        return checksums;
    }

    private boolean isMember(String header) {
        return input.isPresent()
                && input.get() instanceof ShapeModel.Structure structure
                && structure.members().values().stream()
                        .anyMatch(member ->
                                member.locationName().filter(header::equals).isPresent());
    }
}
