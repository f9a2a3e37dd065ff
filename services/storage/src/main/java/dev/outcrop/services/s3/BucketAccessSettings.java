package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.buckets.Bucket;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.AbacStatus;
import software.amazon.awssdk.services.s3.model.BucketAbacStatus;
import software.amazon.awssdk.services.s3.model.Payer;
import software.amazon.awssdk.services.s3.model.RequestPaymentConfiguration;

/** Small settings of who may reach a bucket: whether its tags count in policies, and who pays for requests. */
final class BucketAccessSettings {
    static final String ABAC = "abac";
    static final String PAYMENT = "requestPayment";

    private static final String MEMBER = "RequestPayer";

    private final BucketSettings settings;

    BucketAccessSettings(BucketSettings settings) {
        this.settings = settings;
    }

    AbacStatus abac(Bucket bucket) {
        return BucketSettings.read(bucket, ABAC, AbacStatus::builder)
                .orElse(AbacStatus.builder().status(BucketAbacStatus.DISABLED).build());
    }

    /** Whether policies may decide by the bucket's tags. */
    static boolean tagsCount(Bucket bucket) {
        return BucketSettings.read(bucket, ABAC, AbacStatus::builder)
                .filter(status -> status.status() == BucketAbacStatus.ENABLED)
                .isPresent();
    }

    /**
     * Refuses to replace tags that decide about access: they are changed by S3 Control. AWS does not say by which error.
     *
     * <p>Source: "Enabling ABAC in general purpose buckets", Amazon S3 user guide.
     */
    static void requireThatTagsDoNotCount(Bucket bucket) {
        if (tagsCount(bucket)) {
            throw new AwsError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.");
        }
    }

    void abac(Bucket bucket, AbacStatus status) {
        if (status.status() == null || status.status() == BucketAbacStatus.UNKNOWN_TO_SDK_VERSION) {
            throw Errors.malformedXml();
        }
        settings.put(bucket, ABAC, BucketSettings.text(status));
    }

    static Payer payer(Bucket bucket) {
        return BucketSettings.read(bucket, PAYMENT, RequestPaymentConfiguration::builder)
                .map(RequestPaymentConfiguration::payer)
                .orElse(Payer.BUCKET_OWNER);
    }

    /**
     * Makes sure that whoever is to pay for a request has said that it will, where that can be said.
     *
     * <p>Source: "Using Requester Pays buckets for storage transfers and usage", Amazon S3 user guide.
     */
    static void requirePayer(Bucket bucket, SdkRequest request) {
        CallContext context = CallContext.current();
        boolean asks = !context.account().equals(bucket.owner())
                && bucket.settings().containsKey(PAYMENT)
                && request.sdkFields().stream()
                        .anyMatch(field -> field.memberName().equals(MEMBER))
                && payer(bucket) == Payer.REQUESTER;
        if (!asks) {
            return;
        }
        boolean anonymous = context.principal().kind() == Principal.Kind.ANONYMOUS;
        if (anonymous || !Members.text(request, MEMBER).equals(Optional.of("requester"))) {
            throw Errors.accessDenied();
        }
        context.addResponseHeader("x-amz-request-charged", "requester");
    }

    void payment(Bucket bucket, RequestPaymentConfiguration configuration) {
        if (configuration.payer() == null || configuration.payer() == Payer.UNKNOWN_TO_SDK_VERSION) {
            throw Errors.malformedXml();
        }
        settings.put(bucket, PAYMENT, BucketSettings.text(configuration));
    }
}
