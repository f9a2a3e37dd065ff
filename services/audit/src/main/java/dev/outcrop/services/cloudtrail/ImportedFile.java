package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A file of events that a trail may have left, read within limits: what it holds is foreign.
 *
 * <p>Source: "CloudTrail log file name format" and "Considerations for copying trail events" of the AWS CloudTrail user
 * guide.
 */
final class ImportedFile {
    /** As large as a file may be in its bucket. */
    static final long LARGEST = 64L << 20;

    private static final long LARGEST_UNPACKED = 512L << 20;
    private static final int MOST_EVENTS = 200_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KEY =
            Pattern.compile("(?:.*/)?CloudTrail/(?:.*/)?[^/]+_CloudTrail_[^/]+_([0-9]{8})T[0-9]{4}Z_[^/]+\\.json\\.gz");

    private ImportedFile() {}

    /** An event, and when it happened. */
    record Event(Instant time, byte[] json) {}

    /** The day in the name of the file with {@code key}, if it is one of events by its name. */
    static Optional<LocalDate> day(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String day = matcher.group(1);
        try {
            return Optional.of(LocalDate.of(
                    Integer.parseInt(day.substring(0, 4)),
                    Integer.parseInt(day.substring(4, 6)),
                    Integer.parseInt(day.substring(6))));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /**
     * Its events.
     *
     * @throws IOException if it is no such file, or too large
     */
    static List<Event> read(byte[] compressed) throws IOException {
        List<Event> events = new ArrayList<>();
        try (InputStream unpacked =
                        new Limited(new GZIPInputStream(new ByteArrayInputStream(compressed)), LARGEST_UNPACKED);
                JsonParser parser = JSON.createParser(unpacked)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("The file is not a JSON object.");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals("Records") && parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        events.add(event(parser.readValueAsTree()));
                        if (events.size() > MOST_EVENTS) {
                            throw new IOException("The file has more than " + MOST_EVENTS + " events.");
                        }
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
        return events;
    }

    private static Event event(JsonNode tree) throws IOException {
        String time = tree.path("eventTime").asText();
        if (!tree.isObject() || tree.path("eventID").asText().isEmpty()) {
            throw new IOException("A record is not an event.");
        }
        try {
            return new Event(Instant.parse(time), JSON.writeValueAsBytes(tree));
        } catch (DateTimeException malformed) {
            throw new IOException("An event has no time, but: " + time, malformed);
        }
    }

    /** Ends in an error after so many bytes, whatever they were packed into. */
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new IOException("The file is too large.");
            }
            return read;
        }
    }
}
