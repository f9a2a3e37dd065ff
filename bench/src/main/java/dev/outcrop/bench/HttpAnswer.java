package dev.outcrop.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Finds the end of an HTTP/1.1 answer in bytes that come in pieces, making next to no garbage. */
final class HttpAnswer {
    private enum Part {
        STATUS,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        TRAILERS,
        UNTIL_CLOSED,
        END
    }

    private Part part = Part.STATUS;
    private byte[] line = new byte[512];
    private int lineLength;
    private long bodyLength;
    private boolean chunked;
    private boolean keepsConnection;
    private long left;

    /** Makes ready for the next answer on the same connection. */
    void begin() {
        part = Part.STATUS;
        lineLength = 0;
    }

    /** Whether the connection can be used again. */
    boolean keepsConnection() {
        return keepsConnection;
    }

    /**
     * Takes what has come in; whether the answer is complete now.
     *
     * @throws IOException if its status is not 200
     */
    boolean take(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining() && part != Part.END) {
            switch (part) {
                case STATUS, HEADERS, CHUNK_SIZE, TRAILERS -> takeLine(bytes);
                case BODY, CHUNK -> {
                    int passed = (int) Math.min(left, bytes.remaining());
                    bytes.position(bytes.position() + passed);
                    left -= passed;
                    if (left == 0) {
                        part = part == Part.BODY ? Part.END : Part.CHUNK_SIZE;
                    }
                }
                case UNTIL_CLOSED, END -> bytes.position(bytes.limit());
            }
        }
        return part == Part.END;
    }

    /** The server has closed the connection, which ends an answer of unknown length. */
    void closed() throws EOFException {
        if (part != Part.UNTIL_CLOSED) {
            throw new EOFException("the server closed the connection");
        }
        part = Part.END;
    }

    private void takeLine(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
                lineLength = 0;
                endOfLine(length);
                return;
            }
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, lineLength * 2);
            }
            line[lineLength++] = next;
        }
    }

    private void endOfLine(int length) throws IOException {
        switch (part) {
            case STATUS -> {
                String status = text(length);
                if (!status.contains(" 200")) {
                    throw new IOException("answered " + status);
                }
                keepsConnection = status.startsWith("http/1.1");
                chunked = false;
                bodyLength = -1;
                part = Part.HEADERS;
            }
            case HEADERS -> {
                if (length == 0) {
                    endOfHead();
                } else if (line[0] == 'C' || line[0] == 'c' || line[0] == 'T' || line[0] == 't') {
                    header(text(length));
                }
            }
            case CHUNK_SIZE -> {
                if (length > 0) { // else it is the end of the chunk before
                    int size = Integer.parseInt(text(length).strip(), 16);
                    left = size;
                    part = size == 0 ? Part.TRAILERS : Part.CHUNK;
                }
            }
            case TRAILERS -> part = length == 0 ? Part.END : Part.TRAILERS;
            default -> throw new IllegalStateException("no line in " + part);
        }
    }

    private String text(int length) {
        return new String(line, 0, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    private void header(String header) {
        if (header.startsWith("content-length:")) {
            bodyLength = Long.parseLong(header.substring(15).strip());
        } else if (header.startsWith("transfer-encoding:")) {
            chunked = header.contains("chunked");
        } else if (header.startsWith("connection:")) {
            keepsConnection = header.contains("keep-alive") || (keepsConnection && !header.contains("close"));
        }
    }

    private void endOfHead() {
        if (chunked) {
            part = Part.CHUNK_SIZE;
        } else if (bodyLength >= 0) {
            left = bodyLength;
            part = bodyLength == 0 ? Part.END : Part.BODY;
        } else {
            keepsConnection = false;
            part = Part.UNTIL_CLOSED;
        }
    }
}
