package dev.outcrop.services.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The lines of a file, none of them held beyond what a record may have. Blank lines are left out. */
final class LineReader implements AutoCloseable {
    private final BufferedInputStream file;
    private final int longest;

    /** @param longest in bytes; of a longer line only that is told that it is too long */
    LineReader(InputStream file, int longest) {
        this.file = new BufferedInputStream(file, 1 << 16);
        this.longest = longest;
    }

    /** A line; without its text if it is too long. */
    record Line(Optional<String> text) {}

    /** The next line; empty at the end. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        int read;
        while ((read = file.read()) >= 0) {
            if (read != '\n') {
                if (line.size() < longest) {
                    line.write(read);
                } else {
                    tooLong = true;
                }
                continue;
            }
            Optional<Line> told = told(line, tooLong);
            if (told.isPresent()) {
                return told;
            }
            line.reset();
        }
        return told(line, tooLong);
    }

    private static Optional<Line> told(ByteArrayOutputStream line, boolean tooLong) {
        if (tooLong) {
            return Optional.of(new Line(Optional.empty()));
        }
        String text = line.toString(UTF_8).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(new Line(Optional.of(text)));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
