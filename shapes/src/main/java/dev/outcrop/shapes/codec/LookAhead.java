package dev.outcrop.shapes.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** A stream of which is known whether it holds anything but white space. */
final class LookAhead extends PushbackInputStream {
    private boolean empty;

    private LookAhead(InputStream in) {
        super(in, 1);
    }

    static LookAhead of(InputStream in) throws IOException {
        LookAhead stream = new LookAhead(in);
        int first = stream.read();
        while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
            first = stream.read();
        }
        stream.empty = first < 0;
        if (first >= 0) {
            stream.unread(first);
        }
        return stream;
    }

    boolean isEmpty() {
        return empty;
    }
}
