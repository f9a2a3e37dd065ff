package dev.outcrop.services.comprehend.documents;

import dev.outcrop.kernel.AwsError;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import software.amazon.awssdk.services.comprehend.model.InputDataConfig;
import software.amazon.awssdk.services.comprehend.model.InputFormat;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The documents of a job in their order, which stays: a file each, or a line each. Blank lines are counted, but no
 * documents. Of a file that is not UTF-8 only what stands before that is read.
 *
 * <p>Source: Amazon Comprehend developer guide, "Asynchronous batch processing" and "Guidelines and quotas".
 */
public final class DocumentSource implements AutoCloseable {
    private static final long LARGEST_INPUT = 5L << 30;
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final RoleBuckets buckets;
    private final S3Place place;
    private final List<S3Object> files;
    private final boolean lines;
    private final Limits limits;
    private final Optional<Function<byte[], ReadDocument>> reader;

    private int number;
    private int line;
    private int documents;
    private Optional<BufferedInputStream> open = Optional.empty();

    /**
     * What a job may read.
     *
     * @param documentBytes how large a document may be; a larger one is told as such
     * @param documents     how many there may be
     */
    public record Limits(int documentBytes, int documents) {}

    /** Plain texts. */
    public DocumentSource(RoleBuckets buckets, InputDataConfig input, Limits limits) {
        this(buckets, input, limits, Optional.empty());
    }

    /** Plain texts and, with {@code reader}, files that are documents of other kinds. */
    public DocumentSource(
            RoleBuckets buckets,
            InputDataConfig input,
            Limits limits,
            Optional<Function<byte[], ReadDocument>> reader) {
        this.buckets = buckets;
        this.limits = limits;
        this.reader = reader;
        place = S3Place.of(input.s3Uri());
        files = buckets.objects(place);
        lines = input.inputFormat() != InputFormat.ONE_DOC_PER_FILE;
        long size = files.stream().mapToLong(S3Object::size).sum();
        if (size > LARGEST_INPUT) {
            throw AwsError.validation("The total size of the input files, " + size + " bytes, exceeds 5 GB.");
        }
        if (files.size() > limits.documents) {
            throw AwsError.validation("There are more than " + limits.documents + " input files.");
        }
    }

    /** How many bytes all files have. */
    public long bytes() {
        return files.stream().mapToLong(S3Object::size).sum();
    }

    /** How many files there are. */
    public int files() {
        return files.size();
    }

    /** The names of the files, in their order, below the folder that the input is in. */
    public List<String> names() {
        int folder = place.key().lastIndexOf('/') + 1;
        return files.stream().map(file -> file.key().substring(folder)).toList();
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** Goes on with a file; earlier ones are not read. */
    public void skipToFile(int fileNumber) throws IOException {
        close();
        number = fileNumber;
        line = 0;
        documents = 0;
    }

    /** How many files are read to their ends. */
    public int filesRead() {
        return number;
    }

    /** The next document; empty at the end. */
    public Optional<Document> next() throws IOException {
        while (number < files.size()) {
            Optional<Document> found = lines ? nextLine() : Optional.of(wholeFile());
            if (found.isPresent()) {
                if (++documents > limits.documents) {
                    throw AwsError.validation("There are more than " + limits.documents + " input documents.");
                }
                return found;
            }
        }
        return Optional.empty();
    }

    private Document wholeFile() throws IOException {
        S3Object file = files.get(number);
        String name = name(file.key());
        int at = number++;
        if (file.size() > limits.documentBytes) {
            return Document.wrong(name, at, OptionalInt.empty(), tooLarge());
        }
        try (InputStream content = buckets.open(place.bucket(), file.key())) {
            byte[] bytes = content.readNBytes(limits.documentBytes + 1);
            if (reader.isPresent() && SemiStructuredDocuments.isKnown(bytes)) {
                return read(name, at, bytes, reader.get());
            }
            return decoded(bytes)
                    .map(read -> Document.of(name, at, OptionalInt.empty(), read))
                    .orElseGet(() -> Document.wrong(
                            name,
                            at,
                            OptionalInt.empty(),
                            new Document.Problem("UNSUPPORTED_ENCODING", "Document is not in UTF-8 format.")));
        }
    }

    private static Document read(String name, int at, byte[] bytes, Function<byte[], ReadDocument> reader) {
        try {
            ReadDocument read = reader.apply(bytes);
            return new Document(name, at, OptionalInt.empty(), read.text(), Optional.of(read), Optional.empty());
        } catch (InvalidRequestException refused) {
            return Document.wrong(
                    name,
                    at,
                    OptionalInt.empty(),
                    new Document.Problem(refused.detail().reasonAsString(), refused.getMessage()));
        }
    }

    private Optional<Document> nextLine() throws IOException {
        String name = name(files.get(number).key());
        if (open.isEmpty()) {
            open = Optional.of(new BufferedInputStream(
                    buckets.open(place.bucket(), files.get(number).key()), 1 << 16));
        }
        Optional<RawLine> raw = rawLine(open.get());
        if (raw.isEmpty()) {
            endFile();
            return Optional.empty();
        }
        int at = line++;
        int in = number;
        if (raw.get().tooLong()) {
            return Optional.of(Document.wrong(name, in, OptionalInt.of(at), tooLarge()));
        }
        Optional<String> text = decoded(raw.get().bytes());
        if (text.isEmpty()) {
            endFile();
            return Optional.of(Document.wrong(
                    name,
                    in,
                    OptionalInt.of(at),
                    new Document.Problem(
                            "UNSUPPORTED_ENCODING",
                            "Document is not in UTF-8 format and all subsequent lines are ignored.")));
        }
        return text.filter(read -> !read.isBlank()).map(read -> Document.of(name, in, OptionalInt.of(at), read));
    }

    private void endFile() throws IOException {
        close();
        number++;
        line = 0;
    }

    private Document.Problem tooLarge() {
        return new Document.Problem(
                "DOCUMENT_SIZE_EXCEEDED",
                "Document size exceeds maximum size limit " + limits.documentBytes + " bytes.");
    }

    private record RawLine(byte[] bytes, boolean tooLong) {}

    /** A line without its end, which is LF, CR or both. */
    private Optional<RawLine> rawLine(BufferedInputStream content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean any = false;
        int read = content.read();
        while (read >= 0) {
            any = true;
            if (read == '\n' || read == '\r') {
                if (read == '\r') {
                    content.mark(1);
                    if (content.read() != '\n') {
                        content.reset();
                    }
                }
                return Optional.of(new RawLine(bytes.toByteArray(), tooLong));
            }
            if (bytes.size() < limits.documentBytes) {
                bytes.write(read);
            } else {
                tooLong = true;
            }
            read = content.read();
        }
        return any ? Optional.of(new RawLine(bytes.toByteArray(), tooLong)) : Optional.empty();
    }

    private static Optional<String> decoded(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text);
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        if (open.isPresent()) {
            BufferedInputStream closed = open.get();
            open = Optional.empty();
            closed.close();
        }
    }
}
