package dev.outcrop.engines.text.openai;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The data of server-sent events, as <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML's
 * specification</a> has them: lines that end by LF, CR or both, several data lines to an event, comments. Types and ids
 * of events are not used here and passed over.
 */
final class ServerSentEvents implements AutoCloseable {
    static final int LONGEST_EVENT = 8 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[16 << 10];
    private int position;
    private int end;
    private boolean afterReturn;

    ServerSentEvents(InputStream in) {
        this.in = in;
    }

    /**
     * The data of the next event; empty at the end of the stream.
     *
     * @throws IOException if the stream breaks or an event is longer than {@value #LONGEST_EVENT} bytes
     */
    Optional<String> next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean any = false;
        while (true) {
            Optional<String> line = line();
            if (line.isEmpty()) {
                return Optional.empty(); // an event that was not ended by an empty line does not count
            }
            String text = line.get();
            if (text.isEmpty()) {
                if (any) {
                    return Optional.of(data.toString());
                }
            } else if (text.startsWith("data:")) {
                data.append(any ? "\n" : "").append(text, text.startsWith("data: ") ? 6 : 5, text.length());
                any = true;
                if (data.length() > LONGEST_EVENT) {
                    throw new IOException("an event is longer than " + LONGEST_EVENT + " characters");
                }
            }
        }
    }

    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (position == end) {
                end = in.read(buffer);
                position = 0;
                if (end <= 0) {
                    end = 0;
                    return Optional.empty();
                }
            }
            byte next = buffer[position++];
            boolean secondOfPair = next == '\n' && afterReturn;
            afterReturn = next == '\r';
            if (secondOfPair) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                return Optional.of(line.toString(StandardCharsets.UTF_8));
            }
            line.write(next);
            if (line.size() > LONGEST_EVENT) {
                throw new IOException("a line is longer than " + LONGEST_EVENT + " bytes");
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
