package dev.outcrop.wire.signature;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A body that compares itself with its hash and checksums when its end is reached. */
public final class VerifyingBody extends FilterInputStream {
    private final Optional<String> declaredHash;
    private final AuthenticationDialect dialect;
    private final MessageDigest digest = PayloadHash.sha256();
    private final Optional<ContentMd5> md5;
    private final List<Expected> checksums = new ArrayList<>();
    private boolean ended;

    /**
     * A body that is checked.
     *
     * @param declaredHash SHA-256 that was signed, in hexadecimal digits, if one was
     * @param checksums    the checksums in base64 that came in headers
     * @param md5          what came as {@code Content-MD5}
     * @param dialect      how a wrong hash is worded
     */
    public VerifyingBody(
            InputStream body,
            Optional<String> declaredHash,
            Map<Checksum, String> checksums,
            Optional<ContentMd5> md5,
            AuthenticationDialect dialect) {
        super(body);
        this.md5 = md5;
        this.declaredHash = declaredHash;
        this.dialect = dialect;
        checksums.forEach((checksum, value) -> this.checksums.add(new Expected(checksum, checksum.begin(), value)));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            if (declaredHash.isPresent()) {
                digest.update(buffer, offset, count);
            }
            if (md5.isPresent()) {
                md5.get().update(buffer, offset, count);
            }
            for (Expected expected : checksums) {
                expected.computation().update(buffer, offset, count);
            }
        } else if (count < 0 && !ended) {
            ended = true;
            verify();
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(count, 8192)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void verify() throws IOException {
        if (declaredHash.isPresent()) {
            String computed = Hex.lower(digest.digest());
            if (!SignatureVerifier.same(computed, declaredHash.get())) {
                throw new PayloadException(dialect.contentMismatch(declaredHash.get(), computed));
            }
        }
        if (md5.isPresent()) {
            md5.get().verify();
        }
        for (Expected expected : checksums) {
            expected.verify("header");
        }
    }

    /** A checksum that a body must come to. */
    record Expected(Checksum checksum, Checksum.Computation computation, String value) {
        /** Compares, and calls what carried the checksum a {@code carrier}. */
        void verify(String carrier) throws PayloadException {
            String computed = computation.base64();
            if (!Checksum.isEncoded(value, computed.length())) {
                throw new PayloadException(
                        "InvalidRequest", 400, "Value for " + checksum.header() + " " + carrier + " is invalid.");
            }
            if (!computed.equals(value)) {
                throw new PayloadException(
                        "BadDigest",
                        400,
                        "The " + checksum.name() + " you specified did not match the calculated checksum.");
            }
        }
    }
}
