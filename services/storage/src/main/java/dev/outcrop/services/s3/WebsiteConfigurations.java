package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.buckets.Bucket;
import java.util.Map;
import software.amazon.awssdk.services.s3.model.Condition;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.Redirect;
import software.amazon.awssdk.services.s3.model.RoutingRule;
import software.amazon.awssdk.services.s3.model.WebsiteConfiguration;

/**
 * The configurations of buckets that are web sites.
 *
 * <p>Source: "PutBucketWebsite", Amazon S3 API reference.
 */
final class WebsiteConfigurations {
    private static final int MOST_RULES = 50;

    private final BucketDocuments documents;

    WebsiteConfigurations(BucketDocuments documents) {
        this.documents = documents;
    }

    GetBucketWebsiteResponse get(Bucket bucket) {
        return documents
                .find(bucket, BucketDocuments.Kind.WEBSITE)
                .orElseThrow(() -> new AwsError(
                        "NoSuchWebsiteConfiguration",
                        404,
                        "The specified bucket does not have a website configuration",
                        Map.of("BucketName", bucket.name())));
    }

    void put(Bucket bucket, WebsiteConfiguration configuration) {
        check(configuration);
        documents.put(
                bucket,
                BucketDocuments.Kind.WEBSITE,
                Shapes.copy(configuration, GetBucketWebsiteResponse.builder()).build());
    }

    private static void check(WebsiteConfiguration configuration) {
        if (configuration.redirectAllRequestsTo() != null) {
            if (configuration.indexDocument() != null
                    || configuration.errorDocument() != null
                    || configuration.hasRoutingRules()) {
                throw Errors.invalidRequest(
                        "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.");
            }
            return;
        }
        if (configuration.indexDocument() == null) {
            throw Errors.invalidArgument(
                    "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
                    "IndexDocument",
                    "null");
        }
        String suffix = configuration.indexDocument().suffix();
        if (suffix.isEmpty() || suffix.contains("/")) {
            throw Errors.invalidArgument("The IndexDocument Suffix is not well formed", "IndexDocument", suffix);
        }
        if (configuration.errorDocument() != null
                && configuration.errorDocument().key().isEmpty()) {
            throw Errors.invalidArgument("The ErrorDocument Key is not well formed", "ErrorDocument", "");
        }
        if (configuration.hasRoutingRules() && configuration.routingRules().isEmpty()) {
            throw Errors.malformedXml();
        }
        if (configuration.routingRules().size() > MOST_RULES) {
            throw Errors.invalidRequest("The number of routing rules must not exceed the allowed limit of 50 rules");
        }
        configuration.routingRules().forEach(WebsiteConfigurations::check);
    }

    private static void check(RoutingRule rule) {
        Condition condition = rule.condition();
        if (condition != null) {
            if (condition.keyPrefixEquals() == null && condition.httpErrorCodeReturnedEquals() == null) {
                throw Errors.malformedXml();
            }
            String code = condition.httpErrorCodeReturnedEquals();
            if (code != null && !code.matches("[45]\\d\\d")) {
                throw Errors.invalidRequest(
                        "The provided HTTP error code (" + code + ") is not valid. Valid codes are 4XX or 5XX.");
            }
        }
        Redirect redirect = rule.redirect();
        if (redirect.replaceKeyPrefixWith() != null && redirect.replaceKeyWith() != null) {
            throw Errors.invalidRequest("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
        }
        boolean empty = redirect.hostName() == null
                && redirect.protocol() == null
                && redirect.httpRedirectCode() == null
                && redirect.replaceKeyPrefixWith() == null
                && redirect.replaceKeyWith() == null;
        if (empty) {
            throw Errors.malformedXml();
        }
        String code = redirect.httpRedirectCode();
        if (code != null && (!code.matches("3\\d\\d") || code.equals("300"))) {
            throw Errors.invalidRequest(
                    "The provided HTTP redirect code (" + code + ") is not valid. Valid codes are 3XX except 300.");
        }
    }
}
