package dev.outcrop.wire.signature;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a body in {@code aws-chunked} encoding. Chunk signatures, the signature of the trailers, the checksum
 * in the trailers and the declared length are checked while the content streams past; what has been read of a chunk is
 * vouched for only when the chunk has ended, so a reader must not act on content before the end of the stream.
 *
 * <p>Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in
 * Multiple Chunks (Chunked Upload)" and "… Including Trailing Headers".
 */
public final class ChunkedBody extends InputStream {
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST_TRAILERS = 16;
    /** S3 takes chunks of 5 GB at most, as it takes bodies of 5 GB at most. */
    private static final long LARGEST_CHUNK = 5L << 30;

    private final InputStream source;
    private final Optional<VerifiedSignature> signature;
    private final boolean trailing;
    private final Optional<Checksum> announced;
    private final Optional<Checksum.Computation> computation;
    private final long declaredLength;
    private final MessageDigest digest = PayloadHash.sha256();
    private final Map<String, String> trailers = new LinkedHashMap<>();

    private String previous;
    private String chunkSignature = "";
    private long remaining;
    private long length;
    private State state = State.BEFORE_CHUNK;

    /**
     * The content of {@code body}.
     *
     * @param signature      what its chunks are signed with; empty if they are not signed
     * @param trailing       whether trailers follow the last chunk
     * @param announced      the checksum that {@code X-Amz-Trailer} announces
     * @param declaredLength {@code X-Amz-Decoded-Content-Length}; negative if it was not given
     */
    public ChunkedBody(
            InputStream body,
            Optional<VerifiedSignature> signature,
            boolean trailing,
            Optional<Checksum> announced,
            long declaredLength) {
        source = new BufferedInputStream(body, 16 * 1024);
        this.signature = signature;
        this.trailing = trailing;
        this.announced = announced;
        this.declaredLength = declaredLength;
        computation = announced.map(Checksum::begin);
        previous = signature.map(VerifiedSignature::signature).orElse("");
    }

    /** The trailers, names in lower case; complete once the end of the stream was read. */
    public Map<String, String> trailers() {
        return Map.copyOf(trailers);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int requested) throws IOException {
        if (requested == 0) {
            return 0;
        }
        while (state != State.IN_CHUNK) {
            switch (state) {
                case BEFORE_CHUNK -> beginChunk();
                case ENDED -> {
                    return -1;
                }
                case FAILED -> throw incomplete();
                case IN_CHUNK -> throw new IllegalStateException("the loop ends in a chunk");
            }
        }
        int count = source.read(buffer, offset, (int) Math.min(requested, remaining));
        if (count < 0) {
            throw fail(incomplete());
        }
        if (signature.isPresent()) {
            digest.update(buffer, offset, count);
        }
        computation.ifPresent(checksum -> checksum.update(buffer, offset, count));
        remaining -= count;
        length += count;
        if (remaining == 0) {
            endChunk();
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private void beginChunk() throws IOException {
        String line = line();
        int semicolon = line.indexOf(';');
        String size = semicolon < 0 ? line : line.substring(0, semicolon);
        chunkSignature = "";
        if (semicolon >= 0 && line.startsWith("chunk-signature=", semicolon + 1)) {
            chunkSignature = line.substring(semicolon + 17).strip();
        }
        if (signature.isPresent() && chunkSignature.isEmpty()) {
            throw fail(incomplete());
        }
        try {
            remaining = Long.parseLong(size.strip(), 16);
        } catch (NumberFormatException e) {
            throw fail(incomplete());
        }
        if (remaining < 0 || remaining > LARGEST_CHUNK) {
            throw fail(incomplete());
        }
        if (remaining == 0) {
            verifyChunk();
            end();
        } else {
            state = State.IN_CHUNK;
        }
    }

    private void endChunk() throws IOException {
        verifyChunk();
        if (!line().isEmpty()) {
            throw fail(incomplete());
        }
        state = State.BEFORE_CHUNK;
    }

    private void verifyChunk() throws IOException {
        if (signature.isEmpty()) {
            return;
        }
        String contentHash = Hex.lower(digest.digest());
        String expected = signature.get().ofChunk(previous, contentHash);
        if (!SignatureVerifier.same(expected, chunkSignature)) {
            throw fail(new PayloadException(mismatch()));
        }
        previous = expected;
    }

    private void end() throws IOException {
        String trailerSignature = "";
        StringBuilder signed = new StringBuilder();
        while (true) {
            Optional<String> next = lastLine();
            if (next.isEmpty() || next.get().isEmpty()) {
                break;
            }
            String line = next.get();
            int colon = line.indexOf(':');
            if (colon <= 0 || trailers.size() == MOST_TRAILERS) {
                throw fail(malformedTrailer());
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("x-amz-trailer-signature")) {
                trailerSignature = value;
            } else {
                trailers.put(name, value);
                signed.append(name).append(':').append(value).append('\n');
            }
        }
        if (trailing && signature.isPresent()) {
            String expected = signature.get().ofTrailers(previous, signed.toString());
            if (!SignatureVerifier.same(expected, trailerSignature)) {
                throw fail(new PayloadException(mismatch()));
            }
        }
        if (announced.isPresent()) {
            String value = trailers.get(announced.get().header());
            if (value == null) {
                throw fail(malformedTrailer());
            }
            try {
                new VerifyingBody.Expected(announced.get(), computation.orElseThrow(), value).verify();
            } catch (PayloadException e) {
                throw fail(e);
            }
        }
        if (declaredLength >= 0 && declaredLength != length) {
            throw fail(incomplete());
        }
        state = State.ENDED;
    }

    private AuthenticationException mismatch() {
        return new AuthenticationException(
                "SignatureDoesNotMatch",
                403,
                "The request signature we calculated does not match the signature you provided. Check your key and"
                        + " signing method.");
    }

    private static PayloadException incomplete() {
        return PayloadException.brokenOff();
    }

    private static PayloadException malformedTrailer() {
        return new PayloadException(
                "MalformedTrailerError",
                400,
                "The request contained trailing data that was not well-formed or did not conform to our published"
                        + " schema.");
    }

    private PayloadException fail(PayloadException failure) {
        state = State.FAILED;
        return failure;
    }

    private String line() throws IOException {
        return lastLine().orElseThrow(() -> fail(incomplete()));
    }

    /** The next line without its line break, or nothing at the end of the source. */
    private Optional<String> lastLine() throws IOException {
        StringBuilder line = new StringBuilder(100);
        while (true) {
            int c;
            try {
                c = source.read();
            } catch (EOFException e) {
                c = -1;
            }
            if (c < 0) {
                return line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
            }
            if (c == '\n') {
                int end = line.length();
                if (end > 0 && line.charAt(end - 1) == '\r') {
                    line.setLength(end - 1);
                }
                return Optional.of(line.toString());
            }
            if (line.length() == LONGEST_LINE) {
                throw fail(incomplete());
            }
            line.append((char) c);
        }
    }

    private enum State {
        BEFORE_CHUNK,
        IN_CHUNK,
        ENDED,
        FAILED
    }
}
