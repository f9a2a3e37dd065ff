package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.documents.DocumentException;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import dev.outcrop.engines.documents.TextReader;
import java.time.Duration;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * The text of a document: PDF, Word and Excel in both of their formats, HTML, CSV, Markdown and plain text.
 *
 * <p>A document may be 4.5 MB, have 1,000 pages, give 4 million characters, nest 100 elements deep and take 30 seconds.
 */
final class DocumentText {
    /** The largest document, in bytes. */
    static final int LONGEST_DOCUMENT = 4_500_000;

    private static final int MOST_CHARACTERS = 4_000_000;
    private static final int MOST_PAGES = 1_000;
    private static final int DEEPEST = 100;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final DocumentParser parser;

    DocumentText(Duration longestReading) {
        this.parser = new DocumentParser(
                new Limits(LONGEST_DOCUMENT, MOST_CHARACTERS, MOST_PAGES, DEEPEST, longestReading), LONGEST_WAIT);
    }

    DocumentText() {
        this(Duration.ofSeconds(30));
    }

    /**
     * The text of a document.
     *
     * @param name what the caller calls it, for messages
     * @throws ValidationException if it is too large, takes too long, or is not of {@code format}
     * @throws ServiceUnavailableException if too many documents are being read
     */
    String of(String name, DocumentFormat format, byte[] document) {
        if (document.length > LONGEST_DOCUMENT) {
            throw ModelErrors.invalid(
                    "The document " + name + " is larger than 4.5 MB. Use a smaller document and try again.");
        }
        String text = switch (format) {
            case TXT, MD, CSV -> TextReader.decode(document);
            case PDF -> parsed(name, format, FileFormat.PDF, document);
            case HTML -> parsed(name, format, FileFormat.HTML, document);
            case DOCX -> parsed(name, format, FileFormat.DOCX, document);
            case XLSX -> parsed(name, format, FileFormat.XLSX, document);
            case DOC -> parsed(name, format, FileFormat.DOC, document);
            case XLS -> parsed(name, format, FileFormat.XLS, document);
            case UNKNOWN_TO_SDK_VERSION ->
                throw ModelErrors.invalid("The format of the document " + name + " is not supported.");
        };
        if (text.length() > MOST_CHARACTERS) {
            throw tooLong();
        }
        return text.strip();
    }

    private String parsed(String name, DocumentFormat format, FileFormat file, byte[] document) {
        try {
            return parser.parse(document, file).text();
        } catch (DocumentException refusal) {
            throw switch (refusal.reason()) {
                case TOO_LARGE -> tooLong();
                case TOO_SLOW ->
                    ModelErrors.invalid(
                            "The document " + name + " takes too long to read. Use a simpler document and try again.");
                case ENCRYPTED, MALFORMED, UNSUPPORTED ->
                    ModelErrors.invalid("The document " + name + " could not be read as " + format
                            + ". Check that it is a valid, unencrypted " + format + " document and try again.");
                case BUSY ->
                    ServiceUnavailableException.builder()
                            .message("Too many documents are being read. Try your request again.")
                            .build();
            };
        }
    }

    private static ValidationException tooLong() {
        return ModelErrors.invalid("Input is too long for requested model.");
    }
}
