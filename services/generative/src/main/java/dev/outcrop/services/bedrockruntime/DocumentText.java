package dev.outcrop.services.bedrockruntime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.WriteLimitReachedException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.sax.BodyContentHandler;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.apache.tika.sax.SecureContentHandler;
import org.apache.tika.sax.WriteOutContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * The text of a document: PDF, Word and Excel in both of their formats, HTML, CSV, Markdown and plain text.
 *
 * <p>Read with Apache Tika's parsers, each told its format and never left to guess. Pictures, attachments, macros and
 * embedded files are not read. A document may be 4.5 MB, give 4 million characters, nest 100 elements deep and take 30
 * seconds; documents are read by a few threads of their own, so that a hostile one holds up documents and nothing else.
 */
final class DocumentText {
    /** The largest document, in bytes. */
    static final int LONGEST_DOCUMENT = 4_500_000;

    private static final int MOST_CHARACTERS = 4_000_000;
    private static final int MOST_AT_ONCE = 4;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final long LARGEST_ZIP_ENTRY = 256L << 20;
    private static final Charset FALLBACK = Charset.forName("windows-1252");

    static {
        ZipSecureFile.setMaxEntrySize(LARGEST_ZIP_ENTRY);
    }

    private final Duration longestReading;
    private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);

    DocumentText(Duration longestReading) {
        this.longestReading = longestReading;
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
                    "The document " + name + " is larger than 4.5 MB. Use a smaller document and try" + " again.");
        }
        String text = switch (format) {
            case TXT, MD, CSV -> decoded(document);
            case PDF -> parsed(name, format, pdf(), document);
            case HTML -> parsed(name, format, new JSoupParser(), document);
            case DOCX, XLSX -> parsed(name, format, new OOXMLParser(), document);
            case DOC, XLS -> parsed(name, format, new OfficeParser(), document);
            case UNKNOWN_TO_SDK_VERSION ->
                throw ModelErrors.invalid("The format of the document " + name + " is not supported.");
        };
        if (text.length() > MOST_CHARACTERS) {
            throw tooLong();
        }
        return text.strip();
    }

    /** Text in UTF-8, or UTF-16 with its mark; else in the encoding that old Windows programs wrote. */
    private static String decoded(byte[] text) {
        if (text.length >= 2
                && (text[0] & 0xFF) + (text[1] & 0xFF) == 0xFF + 0xFE
                && (text[0] == -1 || text[1] == -1)) {
            return new String(text, StandardCharsets.UTF_16);
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException notUnicode) {
            return new String(text, FALLBACK);
        }
    }

    private static Parser pdf() {
        PDFParser parser = new PDFParser();
        PDFParserConfig configuration = parser.getPDFParserConfig();
        configuration.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        configuration.setExtractInlineImages(false);
        configuration.setSortByPosition(true);
        return parser;
    }

    private String parsed(String name, DocumentFormat format, Parser parser, byte[] document) {
        Deadline deadline = new Deadline(System.nanoTime() + longestReading.toNanos());
        FutureTask<String> reading = new FutureTask<>(() -> parse(parser, document, deadline));
        try {
            if (!atOnce.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ServiceUnavailableException.builder()
                        .message("Too many documents are being read. Try your request again.")
                        .build();
            }
            Thread.ofPlatform().daemon().name("document-text").start(() -> {
                try {
                    reading.run();
                } finally {
                    atOnce.release();
                }
            });
            return reading.get(longestReading.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            reading.cancel(true);
            throw tooSlow(name);
        } catch (InterruptedException interruption) {
            reading.cancel(true);
            Thread.currentThread().interrupt();
            throw ServiceUnavailableException.builder()
                    .message("The document was not read to its end.")
                    .cause(interruption)
                    .build();
        } catch (ExecutionException failure) {
            throw unreadable(name, format, failure.getCause());
        }
    }

    private static ValidationException unreadable(String name, DocumentFormat format, Throwable cause) {
        if (WriteLimitReachedException.isWriteLimitReached(cause)) {
            return tooLong();
        }
        for (Throwable link = cause; link != null; link = link.getCause()) {
            if (link instanceof Late) {
                return tooSlow(name);
            }
        }
        return ModelErrors.invalid("The document " + name + " could not be read as " + format
                + ". Check that it is a valid, unencrypted " + format + " document and try again.");
    }

    private static ValidationException tooSlow(String name) {
        return ModelErrors.invalid(
                "The document " + name + " takes too long to read. Use a simpler document and try again.");
    }

    private static ValidationException tooLong() {
        return ModelErrors.invalid("Input is too long for requested model.");
    }

    private static String parse(Parser parser, byte[] document, Deadline deadline)
            throws IOException, SAXException, TikaException {
        WriteOutContentHandler text = new WriteOutContentHandler(MOST_CHARACTERS);
        ParseContext context = new ParseContext();
        context.set(EmbeddedDocumentExtractor.class, new NothingEmbedded());
        OfficeParserConfig office = new OfficeParserConfig();
        office.setExtractMacros(false);
        office.setUseSAXDocxExtractor(true);
        context.set(OfficeParserConfig.class, office);
        Metadata metadata = new Metadata();
        try (TikaInputStream stream = TikaInputStream.get(new TimedStream(document, deadline))) {
            SecureContentHandler secure =
                    new SecureContentHandler(new TimedHandler(new BodyContentHandler(text), deadline), stream);
            secure.setMaximumDepth(100);
            secure.setMaximumCompressionRatio(1000);
            parser.parse(stream, secure, metadata, context);
        }
        return text.toString();
    }

    /** When reading must have ended. */
    private record Deadline(long nanoTime) {
        void check() throws Late {
            if (System.nanoTime() - nanoTime > 0) {
                throw new Late();
            }
        }
    }

    /** The deadline has passed. */
    private static final class Late extends IOException {
        private static final long serialVersionUID = 1L;

        Late() {
            super("the document takes too long to read");
        }
    }

    /** Stops whatever reads after the deadline. */
    private static final class TimedStream extends FilterInputStream {
        private final Deadline deadline;

        TimedStream(byte[] document, Deadline deadline) {
            super(new java.io.ByteArrayInputStream(document));
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            deadline.check();
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            deadline.check();
            return super.read(buffer, offset, length);
        }
    }

    /** Stops whatever writes text after the deadline. */
    private static final class TimedHandler extends ContentHandlerDecorator {
        private final Deadline deadline;

        TimedHandler(ContentHandler handler, Deadline deadline) {
            super(handler);
            this.deadline = deadline;
        }

        @Override
        public void characters(char[] text, int start, int length) throws SAXException {
            try {
                deadline.check();
            } catch (Late late) {
                throw new SAXException(late);
            }
            super.characters(text, start, length);
        }
    }

    /** Leaves embedded files alone. */
    private static final class NothingEmbedded implements EmbeddedDocumentExtractor {
        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
            // Nothing embedded is read: see shouldParseEmbedded.
        }
    }
}
