package dev.outcrop.services.comprehend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.documents.Document;
import dev.outcrop.engines.documents.DocumentException;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import dev.outcrop.kernel.AwsError;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.comprehend.model.DocumentMetadata;
import software.amazon.awssdk.services.comprehend.model.DocumentType;
import software.amazon.awssdk.services.comprehend.model.DocumentTypeListItem;
import software.amazon.awssdk.services.comprehend.model.ExtractedCharactersListItem;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestDetailReason;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestException;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestReason;

/**
 * Reads the documents that requests carry as bytes: PDF with a text layer, Word, plain text, and what Textract answered.
 * What a document is its first bytes tell. Images, and pages of a PDF that are images, are not read.
 *
 * <p>Source: "Inputs for real-time custom analysis" and "Errors in semi-structured documents", Amazon Comprehend Developer
 * Guide.
 */
final class SemiStructuredDocuments {
    private static final int LARGEST = 10 << 20;
    private static final int LARGEST_PLAIN = 10_000;
    private static final int LARGEST_ANSWER = 1 << 20;

    private final DocumentParser parser =
            new DocumentParser(new Limits(LARGEST, 1_000_000, 1, 100, Duration.ofSeconds(60)));
    private final ObjectMapper json = new ObjectMapper();

    /** What was read of a document. */
    record Read(String text, DocumentMetadata metadata, List<DocumentTypeListItem> types) {}

    /**
     * Reads a document of one page.
     *
     * @throws InvalidRequestException if it cannot be read, with the reason
     */
    Read read(byte[] document, String operation) {
        if (document.length > LARGEST) {
            throw invalid(
                    InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                    "The document has " + document.length + " bytes, and may have " + LARGEST + ".");
        }
        if (starts(document, "%PDF")) {
            String text = parsed(document, FileFormat.PDF);
            if (text.isBlank()) {
                throw AwsError.notImplemented("Comprehend", operation + " of scanned pages");
            }
            return read(text, DocumentType.NATIVE_PDF);
        }
        if (starts(document, "PK\u0003\u0004")) {
            return read(parsed(document, FileFormat.DOCX), DocumentType.MS_WORD);
        }
        if (starts(document, "\u00ff\u00d8\u00ff")
                || starts(document, "\u0089PNG")
                || starts(document, "II*\0")
                || starts(document, "MM\0*")) {
            throw AwsError.notImplemented("Comprehend", operation + " of images");
        }
        String text = text(document);
        return text.stripLeading().startsWith("{") && text.contains("\"Blocks\"")
                ? answer(document.length, text)
                : plain(document.length, text);
    }

    private Read plain(int size, String text) {
        if (size > LARGEST_PLAIN) {
            throw invalid(
                    InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                    "The document has " + size + " bytes, and may have " + LARGEST_PLAIN + " as plain text.");
        }
        return read(text, DocumentType.PLAIN_TEXT);
    }

    /** The lines of an answer of Textract's. */
    private Read answer(int size, String text) {
        if (size > LARGEST_ANSWER) {
            throw invalid(
                    InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                    "The document has " + size + " bytes, and may have " + LARGEST_ANSWER + " as Textract's answer.");
        }
        try {
            JsonNode answer = json.readTree(text);
            List<String> lines = new ArrayList<>();
            for (JsonNode block : answer.path("Blocks")) {
                if (block.path("BlockType").asText().equals("LINE")) {
                    lines.add(block.path("Text").asText());
                }
            }
            return read(
                    String.join("\n", lines),
                    answer.has("AnalyzeDocumentModelVersion")
                            ? DocumentType.TEXTRACT_ANALYZE_DOCUMENT_JSON
                            : DocumentType.TEXTRACT_DETECT_DOCUMENT_TEXT_JSON);
        } catch (JsonProcessingException e) {
            throw invalid(
                    InvalidRequestDetailReason.fromValue("NOT_TEXTRACT_JSON"), "The document is not Textract's JSON.");
        }
    }

    private static Read read(String text, DocumentType type) {
        return new Read(
                text,
                DocumentMetadata.builder()
                        .pages(1)
                        .extractedCharacters(ExtractedCharactersListItem.builder()
                                .page(1)
                                .count(text.codePointCount(0, text.length()))
                                .build())
                        .build(),
                List.of(DocumentTypeListItem.builder().page(1).type(type).build()));
    }

    private String parsed(byte[] document, FileFormat format) {
        try {
            Document parsed = parser.parse(document, format);
            return parsed.text();
        } catch (DocumentException e) {
            throw switch (e.reason()) {
                case TOO_LARGE ->
                    invalid(
                            e.getMessage().contains("page")
                                    ? InvalidRequestDetailReason.PAGE_LIMIT_EXCEEDED
                                    : InvalidRequestDetailReason.DOCUMENT_SIZE_EXCEEDED,
                            e.getMessage());
                case UNSUPPORTED, ENCRYPTED -> invalid(InvalidRequestDetailReason.UNSUPPORTED_DOC_TYPE, e.getMessage());
                case MALFORMED, TOO_SLOW ->
                    invalid(InvalidRequestDetailReason.fromValue("INVALID_DOCUMENT"), e.getMessage());
                case BUSY -> AwsError.throttling("Too many documents are being read. Try again.");
            };
        }
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

    private static InvalidRequestException invalid(InvalidRequestDetailReason reason, String message) {
        return InvalidRequestException.builder()
                .message(message)
                .reason(InvalidRequestReason.INVALID_DOCUMENT)
                .detail(detail -> detail.reason(reason.toString()))
                .build();
    }
}
