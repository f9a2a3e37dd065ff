package dev.outcrop.services.s3;

import dev.outcrop.storage.buckets.Bucket;
import software.amazon.awssdk.services.s3.model.AccelerateConfiguration;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationResponse;

/**
 * Whether buckets are accelerated, which changes nothing where the whole world is one machine.
 *
 * <p>Source: "PutBucketAccelerateConfiguration", Amazon S3 API reference.
 */
final class Acceleration {
    private final BucketDocuments documents;

    Acceleration(BucketDocuments documents) {
        this.documents = documents;
    }

    GetBucketAccelerateConfigurationResponse get(Bucket bucket) {
        return documents
                .find(bucket, BucketDocuments.Kind.ACCELERATE)
                .orElseGet(
                        () -> GetBucketAccelerateConfigurationResponse.builder().build());
    }

    void put(Bucket bucket, AccelerateConfiguration configuration) {
        if (configuration.status() == null) {
            throw Errors.malformedXml();
        }
        if (bucket.name().contains(".")) {
            throw Errors.invalidRequest(
                    "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
        }
        documents.put(
                bucket,
                BucketDocuments.Kind.ACCELERATE,
                GetBucketAccelerateConfigurationResponse.builder()
                        .status(configuration.status())
                        .build());
    }
}
