package dev.outcrop.services.s3.select;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Cuts a stream of bytes at a delimiter, and knows where it is in it. */
final class Lines {
    private final InputStream in;
    private final byte[] delimiter;
    /** A quotation mark between which a delimiter is none; -1 if there is no such thing. */
    private final int quote;
    /** What takes a quotation mark behind it its meaning, where that is another sign. */
    private final int escape;

    private final byte[] buffer = new byte[64 << 10];
    private int filled;
    private int read;
    private byte[] line = new byte[1 << 10];
    private long position;

    /** @param position of the first byte of {@code in} in the object */
    Lines(InputStream in, String delimiter, int quote, int escape, long position) {
        this.in = in;
        this.delimiter = delimiter.getBytes(StandardCharsets.UTF_8);
        this.quote = quote;
        this.escape = escape;
        this.position = position;
    }

    /** Where the next line begins in the object. */
    long position() {
        return position;
    }

    /** Goes behind the next delimiter, whatever stands in front of it. */
    void skip() throws IOException {
        nextLength();
    }

    /** The next line without its delimiter; empty behind the last. */
    Optional<String> next() throws IOException {
        int length = nextLength();
        return length < 0 ? Optional.empty() : Optional.of(text(length));
    }

    /** Reads a line, and gives its length; less than nothing behind the last. */
    private int nextLength() throws IOException {
        int length = 0;
        boolean quoted = false;
        while (true) {
            if (read == filled) {
                filled = in.read(buffer);
                read = 0;
                if (filled <= 0) {
                    filled = 0;
                    return length == 0 ? -1 : length;
                }
            }
            byte next = buffer[read++];
            position++;
            if (length == line.length) {
                line = Arrays.copyOf(line, Math.min(2 * length, RecordReader.LARGEST + delimiter.length + 1));
            }
            line[length++] = next;
            quoted ^= next == quote && !(escape != quote && length > 1 && line[length - 2] == escape);
            if (!quoted && endsWithDelimiter(length)) {
                return length - delimiter.length;
            }
            if (length > RecordReader.LARGEST + delimiter.length) {
                throw SelectErrors.recordTooLarge();
            }
        }
    }

    private boolean endsWithDelimiter(int length) {
        return length >= delimiter.length
                && line[length - 1] == delimiter[delimiter.length - 1]
                && Arrays.equals(line, length - delimiter.length, length, delimiter, 0, delimiter.length);
    }

    private String text(int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw SelectErrors.textEncoding();
        }
    }
}
