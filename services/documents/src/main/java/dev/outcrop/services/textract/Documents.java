package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.engines.ocr.UnreadableDocumentException;
import dev.outcrop.kernel.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.textract.model.Document;
import software.amazon.awssdk.services.textract.model.S3Object;

/** The documents of requests and their pages. Objects are got as the caller. */
final class Documents {
    private final Supplier<DocumentReader> reader;
    private final Supplier<Clients> clients;

    /**
     * Documents.
     *
     * @param reader reads them; opened when it is first used
     */
    Documents(Supplier<DocumentReader> reader, Supplier<Clients> clients) {
        this.reader = reader;
        this.clients = clients;
    }

    /** What {@code body} makes of the one page of a request's document. */
    <T> T page(Document document, Function<Page, T> body) {
        List<T> made = new ArrayList<>();
        read(bytes(document), ReadingLimits.SYNCHRONOUS, page -> made.add(body.apply(page)));
        if (made.isEmpty()) {
            throw TextractFailures.unreadable(new UnreadableDocumentException(
                    UnreadableDocumentException.Category.DAMAGED, "the document has no pages"));
        }
        return made.getFirst();
    }

    /** Has {@code consumer} given the pages of a document. */
    void read(byte[] bytes, ReadingLimits limits, Consumer<Page> consumer) {
        try {
            reader.get().read(bytes, limits, consumer);
        } catch (UnreadableDocumentException failure) {
            throw TextractFailures.unreadable(failure);
        }
    }

    private byte[] bytes(Document document) {
        boolean inline = document.bytes() != null;
        boolean stored = document.s3Object() != null;
        if (inline == stored) {
            throw TextractFailures.invalid("the document must be either Bytes or an S3Object");
        }
        return inline ? document.bytes().asByteArrayUnsafe() : object(document.s3Object(), ReadingLimits.SYNCHRONOUS);
    }

    /** Makes sure that an object is there, may be read and is not too long. */
    void check(S3Object object, ReadingLimits limits) {
        if (object == null || object.bucket() == null || object.name() == null) {
            throw TextractFailures.invalid("the S3Object must have a Bucket and a Name");
        }
        long length;
        try {
            length = clients.get()
                    .of(S3Client.class)
                    .headObject(request ->
                            request.bucket(object.bucket()).key(object.name()).versionId(object.version()))
                    .contentLength();
        } catch (AwsServiceException refusal) {
            throw TextractFailures.noObject();
        }
        if (length > limits.bytes()) {
            throw TextractFailures.tooLarge();
        }
    }

    /** The bytes of an object. */
    byte[] object(S3Object object, ReadingLimits limits) {
        check(object, limits);
        try {
            return clients.get()
                    .of(S3Client.class)
                    .getObjectAsBytes(request ->
                            request.bucket(object.bucket()).key(object.name()).versionId(object.version()))
                    .asByteArrayUnsafe();
        } catch (AwsServiceException refusal) {
            throw TextractFailures.noObject();
        }
    }
}
