package dev.outcrop.wire.signature;

import dev.outcrop.kernel.checksum.Checksum;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
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
    private static final int LONGEST_SIZE = 16;
    private static final int SMALLEST_CHUNK = 8 * 1024;
    private static final String SIGNATURE_EXTENSION = "chunk-signature=";
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
    private long size;
    private int chunks;
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
        long before = size;
        String line = line();
        int semicolon = line.indexOf(';');
        String digits = semicolon < 0 ? line : line.substring(0, semicolon);
        chunkSignature = "";
        if (semicolon >= 0 && line.startsWith(SIGNATURE_EXTENSION, semicolon + 1)) {
            chunkSignature = line.substring(semicolon + 1 + SIGNATURE_EXTENSION.length());
        }
        if (signature.isPresent() && chunkSignature.isEmpty()) {
            throw fail(incomplete());
        }
        size = size(digits);
        remaining = size;
        if (remaining == 0) {
            verifyChunk();
            end();
        } else {
            chunks++;
            if (chunks > 1 && before < SMALLEST_CHUNK) {
                throw fail(PayloadException.smallChunk(chunks, before));
            }
            state = State.IN_CHUNK;
        }
    }

    private long size(String digits) throws IOException {
        if (digits.isEmpty()
                || digits.length() > LONGEST_SIZE
                || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw fail(incomplete());
        }
        long read = HexFormat.fromHexDigitsToLong(digits);
        if (read < 0 || read > LARGEST_CHUNK) {
            throw fail(incomplete());
        }
        return read;
    }

    private void endChunk() throws IOException {
        if (source.read() != '\r' || source.read() != '\n') {
            throw fail(incomplete());
        }
        verifyChunk();
        state = State.BEFORE_CHUNK;
    }

    private void verifyChunk() throws IOException {
        if (signature.isEmpty()) {
            return;
        }
        String contentHash = Hex.lower(digest.digest());
        previous = verify(signature.get().chunkToSign(previous, contentHash), chunkSignature);
    }

    /** The signature of {@code stringToSign}, which is {@code given}. */
    private String verify(String stringToSign, String given) throws IOException {
        VerifiedSignature request = signature.orElseThrow();
        String expected = request.signingKey().sign(stringToSign);
        if (!SignatureVerifier.same(expected, given)) {
            throw fail(new PayloadException(AuthenticationDialect.S3.mismatch(
                    request.key().accessKeyId(), given, stringToSign, Optional.empty())));
        }
        return expected;
    }

    private void end() throws IOException {
        Optional<String> trailerSignature = readTrailers();
        if (signature.isPresent() && (!trailers.isEmpty() || trailerSignature.isPresent())) {
            StringBuilder signed = new StringBuilder();
            trailers.forEach((name, value) ->
                    signed.append(name).append(':').append(value).append('\n'));
            verify(
                    signature.get().trailersToSign(previous, signed.toString()),
                    trailerSignature.orElseThrow(() -> fail(PayloadException.malformedTrailer())));
        }
        if (announced.isPresent()) {
            String value = trailers.get(announced.get().header());
            if (value == null) {
                throw fail(PayloadException.malformedTrailer());
            }
            try {
                new VerifyingBody.Expected(announced.get(), computation.orElseThrow(), value).verify("trailing header");
            } catch (PayloadException e) {
                throw fail(e);
            }
        }
        if (declaredLength >= 0 && declaredLength != length) {
            throw fail(PayloadException.lengthMismatch(declaredLength, length));
        }
        state = State.ENDED;
    }

    /** Reads to the blank line that ends the body, and gives the signature of the trailers if there is one. */
    private Optional<String> readTrailers() throws IOException {
        Optional<String> trailerSignature = Optional.empty();
        boolean blank = false;
        while (true) {
            String line = line();
            if (line.isEmpty()) {
                // Some clients end the trailers with a blank line and send their signature behind it.
                boolean signatureFollows = trailing
                        && signature.isPresent()
                        && !trailers.isEmpty()
                        && trailerSignature.isEmpty()
                        && !blank;
                if (!signatureFollows) {
                    return trailerSignature;
                }
                blank = true;
                continue;
            }
            int colon = line.indexOf(':');
            if (!trailing || colon <= 0 || trailerSignature.isPresent()) {
                throw fail(PayloadException.malformedTrailer());
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("x-amz-trailer-signature") && signature.isPresent()) {
                trailerSignature = Optional.of(value);
            } else if (blank || !isAnnounced(name) || trailers.put(name, value) != null) {
                throw fail(PayloadException.malformedTrailer());
            }
        }
    }

    private boolean isAnnounced(String name) {
        return announced.isPresent() && announced.get().header().equals(name);
    }

    private static PayloadException incomplete() {
        return PayloadException.brokenOff();
    }

    private PayloadException fail(PayloadException failure) {
        state = State.FAILED;
        return failure;
    }

    /** The next line without its line break. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder(100);
        while (true) {
            int c = source.read();
            if (c < 0 || line.length() == LONGEST_LINE) {
                throw fail(incomplete());
            }
            if (c == '\n') {
                int end = line.length();
                if (end > 0 && line.charAt(end - 1) == '\r') {
                    line.setLength(end - 1);
                }
                return line.toString();
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
