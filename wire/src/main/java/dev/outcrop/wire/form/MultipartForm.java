package dev.outcrop.wire.form;

import dev.outcrop.kernel.AwsError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form in {@code multipart/form-data}: the fields before the file are held, the file streams, and what follows it is
 * ignored.
 *
 * <p>Source: RFC 7578; "POST Object", Amazon S3 API reference.
 */
public final class MultipartForm {
    /** How much may stand before the file, in bytes. */
    private static final int MOST_BEFORE_FILE = 20 << 10;

    private static final int LONGEST_BOUNDARY = 70;
    private static final String FILE = "file";
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i)multipart/form-data\\s*;(?:.*;)?\\s*boundary=(?:\"([^\"]+)\"|([^;\\s]+)).*");
    private static final Pattern NAME = Pattern.compile("(?i)(?:^|[;\\s])name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("(?i)(?:^|[;\\s])filename=\"([^\"]*)\"");

    private final Map<String, String> fields;
    private final Optional<InputStream> file;

    private MultipartForm(Map<String, String> fields, Optional<InputStream> file) {
        this.fields = fields;
        this.file = file;
    }

    /** Whether a body of this type is such a form. */
    public static boolean isForm(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    /**
     * Reads a form as far as its file.
     *
     * @throws AwsError if it is none, or more stands before the file than may
     */
    public static MultipartForm read(String contentType, InputStream body) throws IOException {
        Matcher type = BOUNDARY.matcher(contentType);
        if (!type.matches()) {
            throw malformed();
        }
        String boundary = type.group(1) == null ? type.group(2) : type.group(1);
        if (boundary.length() > LONGEST_BOUNDARY) {
            throw malformed();
        }
        Parts parts = new Parts(body, boundary);
        Map<String, String> fields = new LinkedHashMap<>();
        int left = MOST_BEFORE_FILE;
        parts.readAll(left);
        while (parts.next()) {
            String head = parts.head(left);
            String name =
                    first(NAME, head).orElseThrow(MultipartForm::malformed).toLowerCase(Locale.ROOT);
            left -= head.length();
            if (name.equals(FILE)) {
                String fileName = first(FILE_NAME, head).orElse("");
                String base = fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
                fields.replaceAll((_, value) -> value.replace("${filename}", base));
                return new MultipartForm(fields, Optional.of(parts.stream()));
            }
            byte[] value = parts.readAll(left);
            left -= value.length;
            fields.putIfAbsent(name, new String(value, StandardCharsets.UTF_8));
        }
        return new MultipartForm(fields, Optional.empty());
    }

    private static Optional<String> first(Pattern pattern, String head) {
        Matcher matcher = pattern.matcher(head);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static AwsError malformed() {
        return new AwsError(
                "MalformedPOSTRequest", 400, "The body of your POST request is not well-formed multipart/form-data.");
    }

    /** The fields before the file by their names in lower case. */
    public Map<String, String> fields() {
        return fields;
    }

    /** What is in the file, if there is one. */
    public Optional<InputStream> file() {
        return file;
    }

    /** The parts between boundaries, one after the other. */
    private static final class Parts {
        private static final int BUFFER = 64 << 10;

        private final InputStream body;
        private final byte[] delimiter;
        private final byte[] buffer = new byte[BUFFER];
        private int start;
        private int end;

        Parts(InputStream body, String boundary) {
            this.body = body;
            delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
            // The first boundary may stand at the very beginning.
            buffer[end++] = '\r';
            buffer[end++] = '\n';
        }

        /** Goes behind the boundary that is ahead, and says whether a part follows. */
        boolean next() throws IOException {
            start += delimiter.length;
            require(2);
            boolean last = buffer[start] == '-' && buffer[start + 1] == '-';
            if (!last && !(buffer[start] == '\r' && buffer[start + 1] == '\n')) {
                throw malformed();
            }
            // The line break before the head may end an empty one, too.
            return !last;
        }

        /** The lines of the head of a part, whose end is gone over. */
        String head(int most) throws IOException {
            byte[] lineBreaks = {'\r', '\n', '\r', '\n'};
            int at = indexOf(lineBreaks);
            while (at < 0) {
                if (end - start > most) {
                    throw tooMuch();
                }
                fill();
                at = indexOf(lineBreaks);
            }
            String head = new String(buffer, start, at - start, StandardCharsets.UTF_8);
            start = at + lineBreaks.length;
            return head;
        }

        /** What is left of a part, which must be no more than {@code most}. */
        byte[] readAll(int most) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] piece = new byte[1024];
            int count = read(piece, 0, piece.length);
            while (count >= 0) {
                all.write(piece, 0, count);
                if (all.size() > most) {
                    throw tooMuch();
                }
                count = read(piece, 0, piece.length);
            }
            return all.toByteArray();
        }

        private int read(byte[] target, int offset, int length) throws IOException {
            while (true) {
                int at = indexOf(delimiter);
                int ready = at >= 0 ? at - start : Math.max(0, end - start - delimiter.length + 1);
                if (at == start) {
                    return -1;
                }
                if (ready > 0) {
                    int count = Math.min(length, ready);
                    System.arraycopy(buffer, start, target, offset, count);
                    start += count;
                    return count;
                }
                fill();
            }
        }

        InputStream stream() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return length == 0 ? 0 : Parts.this.read(target, offset, length);
                }
            };
        }

        private void require(int count) throws IOException {
            while (end - start < count) {
                fill();
            }
        }

        /** Reads on; a form that ends before its last boundary is none. */
        private void fill() throws IOException {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
            if (end == buffer.length) {
                throw tooMuch();
            }
            int count = body.read(buffer, end, buffer.length - end);
            if (count < 0) {
                throw malformed();
            }
            end += count;
        }

        private int indexOf(byte[] wanted) {
            for (int at = start; at <= end - wanted.length; at++) {
                if (buffer[at] == wanted[0]
                        && Arrays.equals(buffer, at, at + wanted.length, wanted, 0, wanted.length)) {
                    return at;
                }
            }
            return -1;
        }

        private static AwsError tooMuch() {
            return new AwsError(
                    "MaxPostPreDataLengthExceeded",
                    400,
                    "Your POST request fields preceding the upload file were too large.");
        }
    }
}
