package dev.outcrop.wire.form;

import dev.outcrop.wire.signature.PayloadException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file that fails to be read if it is shorter or longer than its policy allows. */
public final class MeasuredFile extends FilterInputStream {
    private final UploadPolicy.Range allowed;
    private long length;

    public MeasuredFile(InputStream file, UploadPolicy.Range allowed) {
        super(file);
        this.allowed = allowed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        int read = super.read(target, offset, count);
        length += Math.max(0, read);
        if (length > allowed.most()) {
            throw PayloadException.tooLarge(length, allowed.most());
        }
        if (read < 0 && length < allowed.least()) {
            throw PayloadException.tooSmall(length, allowed.least());
        }
        return read;
    }
}
