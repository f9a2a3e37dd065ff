package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The bytes of a file, one after the other, counted. What is missing at the end is damage. */
final class Bytes implements AutoCloseable {
    private final InputStream in;
    private final long limit;
    private long position;

    Bytes(InputStream in, long limit) {
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, 1 << 16);
        this.limit = limit;
    }

    long position() {
        return position;
    }

    /** The next byte, or −1 at the end. */
    int tryByte() {
        try {
            int next = in.read();
            if (next >= 0) {
                advance(1);
            }
            return next;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int u8() {
        int next = tryByte();
        if (next < 0) {
            throw damaged("the file ends too early");
        }
        return next;
    }

    int u16le() {
        int low = u8();
        return low | u8() << 8;
    }

    long u32le() {
        long low = u16le();
        return low | (long) u16le() << 16;
    }

    long u32be() {
        long result = 0;
        for (int i = 0; i < 4; i++) {
            result = result << 8 | u8();
        }
        return result;
    }

    long u64le() {
        long low = u32le();
        return low | u32le() << 32;
    }

    /** As many bytes as {@code length}, which the caller has bounded. */
    byte[] bytes(int length) {
        byte[] result = tryBytes(length);
        if (result.length < length) {
            throw damaged("the file ends too early");
        }
        return result;
    }

    /** As many bytes as there are, up to {@code length}. */
    byte[] tryBytes(int length) {
        try {
            byte[] result = in.readNBytes(length);
            advance(result.length);
            return result;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Leaves bytes out; says whether there were so many. */
    boolean skip(long length) {
        try {
            in.skipNBytes(length);
            advance(length);
            return true;
        } catch (EOFException end) {
            return false;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void advance(long count) {
        position += count;
        if (position > limit) {
            throw new UnreadableAudioException(
                    UnreadableAudioException.Category.TOO_LARGE, "the file is larger than " + limit + " bytes");
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
