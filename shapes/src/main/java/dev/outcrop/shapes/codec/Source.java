package dev.outcrop.shapes.codec;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that remembers whether reading it failed. Parsers report malformed text with exceptions of many kinds, among
 * them the one of a stream that broke; this tells them apart.
 */
final class Source extends FilterInputStream {
    private IOException broken;

    Source(InputStream in) {
        super(in);
    }

    /**
     * Throws what broke the stream, if anything did; else the failure that {@code reason} says.
     *
     * @param reason what the parser found; null if it does not say
     */
    SerializationFailure failure(String reason) throws IOException {
        if (broken != null) {
            throw broken;
        }
        String message = reason == null ? "Malformed body" : reason;
        int lineEnd = message.indexOf('\n');
        return new SerializationFailure("", lineEnd < 0 ? message : message.substring(0, lineEnd));
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return super.read(target, offset, length);
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }
}
