package dev.outcrop.services.comprehend.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.documents.DocumentException;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import dev.outcrop.engines.documents.PdfFile;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.engines.ocr.UnreadableDocumentException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pdfbox.pdmodel.PDDocument;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.comprehend.model.DocumentReadAction;
import software.amazon.awssdk.services.comprehend.model.DocumentReadMode;
import software.amazon.awssdk.services.comprehend.model.DocumentReaderConfig;
import software.amazon.awssdk.services.comprehend.model.DocumentType;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestDetailReason;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestException;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestReason;
import software.amazon.awssdk.services.comprehend.model.PageBasedErrorCode;
import software.amazon.awssdk.services.textract.TextractClient;
import software.amazon.awssdk.services.textract.model.AnalyzeDocumentResponse;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.Document;

/**
 * Reads documents that are more than text: PDF that tell their own text, Word, plain text, and what Textract answered, here;
 * images and scanned PDF by Textract, as whoever asks. What a document is its first bytes tell. Safe for concurrent use;
 * holds nothing open.
 *
 * <p>Source: "Inputs for real-time custom analysis", "Setting text extraction options" and "Errors in semi-structured
 * documents", Amazon Comprehend Developer Guide.
 */
public final class SemiStructuredDocuments {
    private static final int LARGEST = 10 << 20;
    private static final int LARGEST_PLAIN = 10_000;
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final DocumentParser parser = new DocumentParser(new Limits(LARGEST, 1_000_000, 1, 100, LONGEST));
    private final DocumentReader textLayers = new DocumentReader(() -> {
        throw new ScannedPageException();
    });

    /** Calls Textract as whoever asks for a document to be read. */
    @FunctionalInterface
    public interface Textract {
        List<Block> ask(Function<TextractClient, List<Block>> operation);
    }

    /** A page must be read from its pixels. */
    private static final class ScannedPageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ScannedPageException() {
            super("a page has no text of its own", null, false, false);
        }
    }

    /** Whether a file begins as documents do that are more than text. */
    static boolean isKnown(byte[] file) {
        return isPdf(file) || isWord(file) || isImage(file);
    }

    private static boolean isPdf(byte[] file) {
        return starts(file, "%PDF");
    }

    private static boolean isWord(byte[] file) {
        return starts(file, "PK\u0003\u0004");
    }

    private static boolean isImage(byte[] file) {
        return starts(file, "\u00ff\u00d8\u00ff")
                || starts(file, "\u0089PNG")
                || starts(file, "II*\0")
                || starts(file, "MM\0*");
    }

    /**
     * Reads a document.
     *
     * @param how       how PDF and images are to be read, if the caller said so
     * @param mostPages how many pages a PDF may have
     * @throws InvalidRequestException if the whole of it cannot be read, with the reason
     */
    public ReadDocument read(byte[] document, Optional<DocumentReaderConfig> how, int mostPages, Textract textract) {
        if (document.length > LARGEST) {
            throw invalid(
                    InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                    "The document has " + document.length + " bytes, and may have " + LARGEST + ".");
        }
        if (isPdf(document)) {
            return pdf(document, how, mostPages, textract);
        }
        if (isWord(document)) {
            return ReadDocument.of(List.of(PageText.of(word(document), DocumentType.MS_WORD)));
        }
        if (isImage(document)) {
            return byTextract(document, DocumentType.IMAGE, how, textract);
        }
        String text = text(document);
        return text.stripLeading().startsWith("{") && text.contains("\"Blocks\"")
                ? answer(document)
                : plain(document.length, text);
    }

    private ReadDocument pdf(byte[] document, Optional<DocumentReaderConfig> how, int mostPages, Textract textract) {
        boolean forced = how.filter(config -> config.documentReadMode() == DocumentReadMode.FORCE_DOCUMENT_READ_ACTION)
                .isPresent();
        Optional<List<PageText>> told = ownText(document, mostPages);
        if (told.isPresent() && !forced) {
            return ReadDocument.of(told.get());
        }
        try (PDDocument all = PdfFile.open(document, LONGEST)) {
            if (all.getNumberOfPages() == 1) {
                DocumentType type = told.isPresent() ? DocumentType.NATIVE_PDF : DocumentType.SCANNED_PDF;
                return byTextract(document, type, how, textract);
            }
            List<ReadDocument> pages = new ArrayList<>();
            for (int page = 0; page < all.getNumberOfPages(); page++) {
                pages.add(pdf(page(all, page), how, 1, textract));
            }
            return ReadDocument.joined(pages);
        } catch (DocumentException refused) {
            throw unreadable(refused);
        } catch (IOException damage) {
            throw damaged(damage);
        }
    }

    /** A page as a file of its own, since Textract reads one at once. */
    private static byte[] page(PDDocument all, int number) {
        try (PDDocument one = new PDDocument()) {
            one.importPage(all.getPage(number));
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            one.save(file);
            return file.toByteArray();
        } catch (IOException | RuntimeException damage) {
            throw damaged(damage);
        }
    }

    private static InvalidRequestException damaged(Exception damage) {
        return invalid(
                InvalidRequestDetailReason.fromValue("INVALID_DOCUMENT"), "The PDF is damaged: " + damage.getMessage());
    }

    private static ReadDocument plain(int size, String text) {
        if (size > LARGEST_PLAIN) {
            throw invalid(
                    InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                    "The document has " + size + " bytes, and may have " + LARGEST_PLAIN + " as plain text.");
        }
        return ReadDocument.of(List.of(PageText.of(text, DocumentType.PLAIN_TEXT)));
    }

    /** What Textract answered before. */
    private static ReadDocument answer(byte[] document) {
        if (document.length > LARGEST_ANSWER) {
            throw invalid(
                    InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                    "The document has " + document.length + " bytes, and may have " + LARGEST_ANSWER
                            + " as Textract's answer.");
        }
        AnalyzeDocumentResponse answer;
        try {
            answer = StoredShapes.read(document, AnalyzeDocumentResponse::builder);
        } catch (SerializationFailure damage) {
            throw invalid(
                    InvalidRequestDetailReason.fromValue("NOT_TEXTRACT_JSON"), "The document is not Textract's JSON.");
        }
        List<PageText> pages = PageText.of(
                answer.blocks(),
                answer.analyzeDocumentModelVersion() == null
                        ? DocumentType.TEXTRACT_DETECT_DOCUMENT_TEXT_JSON
                        : DocumentType.TEXTRACT_ANALYZE_DOCUMENT_JSON);
        if (pages.size() > 1) {
            throw tooManyPages(pages.size());
        }
        return ReadDocument.of(pages);
    }

    /** The text that a PDF itself tells, unless a page has none that can be trusted. */
    private Optional<List<PageText>> ownText(byte[] document, int mostPages) {
        List<PageText> pages = new ArrayList<>();
        try {
            textLayers.read(
                    document,
                    new ReadingLimits(LARGEST, mostPages, 10_000, 40, LONGEST),
                    page -> pages.add(PageText.of(page)));
            return Optional.of(pages);
        } catch (ScannedPageException scanned) {
            return Optional.empty();
        } catch (UnreadableDocumentException failure) {
            throw switch (failure.category()) {
                case TOO_LARGE -> invalid(InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED, failure.getMessage());
                case TOO_MANY_PAGES -> invalid(InvalidRequestDetailReason.PAGE_LIMIT_EXCEEDED, failure.getMessage());
                case UNSUPPORTED, ENCRYPTED ->
                    invalid(InvalidRequestDetailReason.UNSUPPORTED_DOC_TYPE, failure.getMessage());
                case DAMAGED, TOO_SLOW ->
                    invalid(InvalidRequestDetailReason.fromValue("INVALID_DOCUMENT"), failure.getMessage());
            };
        }
    }

    private static ReadDocument byTextract(
            byte[] document, DocumentType type, Optional<DocumentReaderConfig> how, Textract textract) {
        Document given =
                Document.builder().bytes(SdkBytes.fromByteArrayUnsafe(document)).build();
        boolean analysed = how.filter(
                        config -> config.documentReadAction() == DocumentReadAction.TEXTRACT_ANALYZE_DOCUMENT)
                .isPresent();
        try {
            List<Block> blocks = textract.ask(
                    analysed
                            ? client -> client.analyzeDocument(request -> request.document(given)
                                            .featureTypesWithStrings(how.get().featureTypesAsStrings()))
                                    .blocks()
                            : client -> client.detectDocumentText(request -> request.document(given))
                                    .blocks());
            return ReadDocument.of(PageText.of(blocks, type));
        } catch (AwsServiceException refused) {
            String code = refused.awsErrorDetails().errorCode();
            String message = refused.awsErrorDetails().errorMessage();
            PageBasedErrorCode error = switch (code) {
                case "AccessDeniedException" ->
                    throw invalid(InvalidRequestDetailReason.TEXTRACT_ACCESS_DENIED, message);
                case "UnsupportedDocumentException" ->
                    throw invalid(InvalidRequestDetailReason.UNSUPPORTED_DOC_TYPE, message);
                case "DocumentTooLargeException" ->
                    throw invalid(InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED, message);
                case "InvalidParameterException", "ValidationException" -> throw AwsError.validation(message);
                case "BadDocumentException" -> PageBasedErrorCode.TEXTRACT_BAD_PAGE;
                case "ProvisionedThroughputExceededException", "ThrottlingException" ->
                    PageBasedErrorCode.TEXTRACT_PROVISIONED_THROUGHPUT_EXCEEDED;
                // Such as that no model is installed, which whoever runs the server should read.
                default -> throw refused;
            };
            return new ReadDocument(
                    List.of(), List.of(ReadDocument.type(1, type)), List.of(ReadDocument.error(1, error, message)));
        }
    }

    private String word(byte[] document) {
        try {
            return parser.parse(document, FileFormat.DOCX).text();
        } catch (DocumentException refused) {
            throw unreadable(refused);
        }
    }

    private static RuntimeException unreadable(DocumentException refused) {
        String message = refused.getMessage();
        return switch (refused.reason()) {
            case TOO_LARGE ->
                invalid(
                        message.contains("page")
                                ? InvalidRequestDetailReason.PAGE_LIMIT_EXCEEDED
                                : InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                        message);
            case UNSUPPORTED, ENCRYPTED -> invalid(InvalidRequestDetailReason.UNSUPPORTED_DOC_TYPE, message);
            case MALFORMED, TOO_SLOW -> invalid(InvalidRequestDetailReason.fromValue("INVALID_DOCUMENT"), message);
            case BUSY -> AwsError.throttling("Too many documents are being read. Try again.");
        };
    }

    private static String text(byte[] document) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
        } catch (CharacterCodingException e) {
            throw invalid(
                    InvalidRequestDetailReason.UNSUPPORTED_DOC_TYPE,
                    "The document is no PDF, Word file, image, Textract output or UTF-8 text.");
        }
    }

    private static boolean starts(byte[] document, String characters) {
        for (int i = 0; i < characters.length(); i++) {
            if (i >= document.length || (document[i] & 0xFF) != characters.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static InvalidRequestException tooManyPages(int pages) {
        return invalid(
                InvalidRequestDetailReason.PAGE_LIMIT_EXCEEDED,
                "The document has " + pages + " pages, and may have 1.");
    }

    private static InvalidRequestException invalid(InvalidRequestDetailReason reason, String message) {
        return InvalidRequestException.builder()
                .message(message)
                .reason(InvalidRequestReason.INVALID_DOCUMENT)
                .detail(detail -> detail.reason(reason.toString()))
                .build();
    }
}
