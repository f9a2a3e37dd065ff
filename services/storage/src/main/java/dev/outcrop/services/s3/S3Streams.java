package dev.outcrop.services.s3;

import dev.outcrop.services.s3.select.ObjectSelection;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.SelectObjectContentRequest;
import software.amazon.awssdk.services.s3.model.SelectObjectContentResponseHandler;

/** The event streams of Amazon S3. */
public final class S3Streams implements S3AsyncClient {
    private final S3Service service;
    private final InstantSource clock;

    /** The streams over the objects of {@code service}. */
    public S3Streams(S3Service service, InstantSource clock) {
        this.service = service;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Void> selectObjectContent(
            SelectObjectContentRequest request, SelectObjectContentResponseHandler handler) {
        return ObjectSelection.answer(request, service.selected(request), clock.instant(), handler);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
