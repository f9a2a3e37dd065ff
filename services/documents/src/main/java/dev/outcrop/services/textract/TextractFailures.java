package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.UnreadableDocumentException;
import software.amazon.awssdk.services.textract.model.BadDocumentException;
import software.amazon.awssdk.services.textract.model.DocumentTooLargeException;
import software.amazon.awssdk.services.textract.model.InvalidJobIdException;
import software.amazon.awssdk.services.textract.model.InvalidParameterException;
import software.amazon.awssdk.services.textract.model.InvalidS3ObjectException;
import software.amazon.awssdk.services.textract.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.textract.model.TextractException;
import software.amazon.awssdk.services.textract.model.UnsupportedDocumentException;

/** What Textract refuses, in its words. */
final class TextractFailures {
    private static final String UNSUPPORTED = "Request has unsupported document format";

    private TextractFailures() {}

    static TextractException invalid(String why) {
        return InvalidParameterException.builder()
                .message("Request has invalid parameters: " + why)
                .build();
    }

    static TextractException unknownJob() {
        return InvalidJobIdException.builder()
                .message("Request has invalid Job Id")
                .build();
    }

    static TextractException noObject() {
        return InvalidS3ObjectException.builder()
                .message("Unable to get object metadata from S3. Check object key, region and/or access permissions.")
                .build();
    }

    static TextractException noOutput() {
        return InvalidS3ObjectException.builder()
                .message("Unable to put object to S3. Check bucket, prefix, region and/or access permissions.")
                .build();
    }

    static TextractException tooLarge() {
        return DocumentTooLargeException.builder()
                .message("The document can't be processed because it's too large. The maximum document size for"
                        + " synchronous operations 10 MB. The maximum document size for asynchronous operations is 500 MB"
                        + " for PDF files.")
                .build();
    }

    static TextractException unreadable(UnreadableDocumentException failure) {
        return switch (failure.category()) {
            case UNSUPPORTED, ENCRYPTED ->
                UnsupportedDocumentException.builder().message(UNSUPPORTED).build();
            case TOO_MANY_PAGES ->
                UnsupportedDocumentException.builder()
                        .message(UNSUPPORTED + ": " + failure.getMessage())
                        .build();
            case DAMAGED, TOO_LARGE ->
                BadDocumentException.builder()
                        .message("Amazon Textract isn't able to read the document: " + failure.getMessage())
                        .build();
            case TOO_SLOW ->
                ProvisionedThroughputExceededException.builder()
                        .message("The number of requests exceeded your throughput limit: " + failure.getMessage())
                        .build();
        };
    }
}
