package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.Upload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.BucketLifecycleConfiguration;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionTransition;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Transition;
import software.amazon.awssdk.services.s3.model.TransitionDefaultMinimumObjectSize;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/**
 * The lifecycle configurations of buckets.
 *
 * <p>Source: "PutBucketLifecycleConfiguration", Amazon S3 API reference.
 */
final class LifecycleConfigurations {
    private static final int MOST_RULES = 1000;
    private static final int LONGEST_ID = 255;
    private static final int MOST_KEPT_VERSIONS = 100;
    /** Infrequently accessed objects are at least this old. */
    private static final int YOUNGEST_INFREQUENT = 30;

    private final BucketDocuments documents;
    private final Ids ids;

    LifecycleConfigurations(BucketDocuments documents, Ids ids) {
        this.documents = documents;
        this.ids = ids;
    }

    /** The rules of a bucket, if it has any. */
    Optional<LifecycleRules> rules(Bucket bucket) {
        return documents.find(bucket, BucketDocuments.Kind.LIFECYCLE).map(LifecycleRules::new);
    }

    /** What the header {@code x-amz-expiration} says of a version that is the current one. */
    Optional<String> expirationHeader(Bucket bucket, ObjectVersion version) {
        return rules(bucket)
                .flatMap(rules -> rules.expiry(version))
                .map(due -> "expiry-date=\"" + HttpDates.format(due.at()) + "\", rule-id=\"" + due.rule() + '"');
    }

    /** When, and by which rule, an upload is aborted that is not completed. */
    Optional<LifecycleRules.Due> abortion(Bucket bucket, Upload upload) {
        return rules(bucket).flatMap(rules -> rules.abortion(upload));
    }

    GetBucketLifecycleConfigurationResponse get(Bucket bucket) {
        return documents
                .find(bucket, BucketDocuments.Kind.LIFECYCLE)
                .orElseThrow(() -> new AwsError(
                        "NoSuchLifecycleConfiguration",
                        404,
                        "The lifecycle configuration does not exist",
                        Map.of("BucketName", bucket.name())));
    }

    PutBucketLifecycleConfigurationResponse put(Bucket bucket, PutBucketLifecycleConfigurationRequest request) {
        TransitionDefaultMinimumObjectSize smallest = request.transitionDefaultMinimumObjectSize() == null
                ? TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K
                : request.transitionDefaultMinimumObjectSize();
        List<LifecycleRule> rules = checked(request.lifecycleConfiguration());
        documents.put(
                bucket,
                BucketDocuments.Kind.LIFECYCLE,
                GetBucketLifecycleConfigurationResponse.builder()
                        .rules(rules)
                        .transitionDefaultMinimumObjectSize(smallest)
                        .build());
        return PutBucketLifecycleConfigurationResponse.builder()
                .transitionDefaultMinimumObjectSize(smallest)
                .build();
    }

    private List<LifecycleRule> checked(BucketLifecycleConfiguration configuration) {
        if (configuration == null
                || configuration.rules().isEmpty()
                || configuration.rules().size() > MOST_RULES) {
            throw Errors.malformedXml();
        }
        Set<String> taken = new HashSet<>();
        List<LifecycleRule> rules = new ArrayList<>();
        for (LifecycleRule given : configuration.rules()) {
            LifecycleRule rule = given.id() == null || given.id().isEmpty()
                    ? given.toBuilder().id(ids.lowercase(48)).build()
                    : given;
            if (rule.id().length() > LONGEST_ID) {
                throw invalid("ID length should not exceed allowed limit of 255", "ID", rule.id());
            }
            if (!taken.add(rule.id())) {
                throw invalid("Rule ID must be unique. Found same ID for more than one rule", "ID", rule.id());
            }
            check(rule);
            rules.add(rule);
        }
        return rules;
    }

    private static void check(LifecycleRule rule) {
        if ((LifecycleRules.Filter.prefix(rule) == null) == (rule.filter() == null)) {
            throw Errors.malformedXml();
        }
        if (rule.filter() != null) {
            check(rule.filter());
        }
        boolean acts = rule.expiration() != null
                || rule.noncurrentVersionExpiration() != null
                || rule.abortIncompleteMultipartUpload() != null
                || !rule.transitions().isEmpty()
                || !rule.noncurrentVersionTransitions().isEmpty();
        if (!acts) {
            throw Errors.invalidRequest("At least one action needs to be specified in a rule");
        }
        LifecycleRules.Filter filter = LifecycleRules.Filter.of(rule);
        if (rule.expiration() != null) {
            check(rule.expiration(), filter);
        }
        if (rule.noncurrentVersionExpiration() != null) {
            check(rule.noncurrentVersionExpiration());
        }
        if (rule.abortIncompleteMultipartUpload() != null) {
            Integer days = rule.abortIncompleteMultipartUpload().daysAfterInitiation();
            if (days == null) {
                throw Errors.malformedXml();
            }
            requirePositive(days, "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action");
            if (!filter.tags().isEmpty()) {
                throw Errors.invalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags.");
            }
            if (filter.speaksOfSize()) {
                throw Errors.invalidRequest("AbortIncompleteMultipartUpload cannot be specified with Object Size.");
            }
        }
        checkTransitions(rule, filter);
        rule.noncurrentVersionTransitions().forEach(LifecycleConfigurations::check);
    }

    private static void check(LifecycleRuleFilter filter) {
        LifecycleRuleAndOperator all = filter.and();
        int given = count(
                filter.prefix(),
                filter.tag(),
                filter.objectSizeGreaterThan(),
                filter.objectSizeLessThan(),
                filter.and());
        if (given > 1) {
            throw Errors.malformedXml();
        }
        if (all != null) {
            int inside = all.tags().size() + count(all.prefix(), all.objectSizeGreaterThan(), all.objectSizeLessThan());
            if (inside < 2) {
                throw Errors.malformedXml();
            }
            Set<String> keys = new HashSet<>();
            for (Tag tag : all.tags()) {
                check(tag);
                if (!keys.add(tag.key())) {
                    throw Errors.invalidRequest("Duplicate Tag Keys are not allowed.");
                }
            }
            checkSizes(all.objectSizeGreaterThan(), all.objectSizeLessThan());
        }
        if (filter.tag() != null) {
            check(filter.tag());
        }
        checkSizes(filter.objectSizeGreaterThan(), filter.objectSizeLessThan());
    }

    private static int count(Object... members) {
        int count = 0;
        for (Object member : members) {
            count += member == null ? 0 : 1;
        }
        return count;
    }

    private static void check(Tag tag) {
        if (tag.key() == null || tag.value() == null) {
            throw Errors.malformedXml();
        }
        TagSets.check(List.of(tag), 1);
    }

    private static void checkSizes(Long greater, Long less) {
        if (greater != null && greater < 0) {
            throw invalid("'ObjectSizeGreaterThan' must be a non-negative integer", "ObjectSizeGreaterThan", greater);
        }
        if (less != null && less < 1) {
            throw invalid("'ObjectSizeLessThan' must be a positive integer", "ObjectSizeLessThan", less);
        }
        if (greater != null && less != null && less <= greater + 1) {
            throw Errors.invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
        }
    }

    private static void check(LifecycleExpiration expiration, LifecycleRules.Filter filter) {
        if (count(expiration.days(), expiration.date(), expiration.expiredObjectDeleteMarker()) != 1) {
            throw Errors.malformedXml();
        }
        if (expiration.days() != null) {
            requirePositive(expiration.days(), "'Days' for Expiration action");
        }
        checkMidnight(expiration.date());
        if (expiration.expiredObjectDeleteMarker() != null && !filter.tags().isEmpty()) {
            throw Errors.invalidRequest("ExpiredObjectDeleteMarker cannot be specified with Tags.");
        }
        if (expiration.expiredObjectDeleteMarker() != null && filter.speaksOfSize()) {
            throw Errors.malformedXml();
        }
    }

    private static void checkMidnight(Instant date) {
        if (date != null && !date.equals(date.truncatedTo(ChronoUnit.DAYS))) {
            throw invalid("'Date' must be at midnight GMT", "Date", date);
        }
    }

    private static void requirePositive(int days, String what) {
        if (days < 1) {
            throw invalid(what + " must be a positive integer", "Days", days);
        }
    }

    private static void check(NoncurrentVersionExpiration expiration) {
        if (expiration.noncurrentDays() == null) {
            throw Errors.malformedXml();
        }
        requirePositive(expiration.noncurrentDays(), "'NoncurrentDays' for NoncurrentVersionExpiration action");
        checkKept(expiration.newerNoncurrentVersions(), "NoncurrentVersionExpiration");
    }

    private static void checkKept(Integer versions, String action) {
        if (versions != null && (versions < 1 || versions > MOST_KEPT_VERSIONS)) {
            throw invalid(
                    "'NewerNoncurrentVersions' for " + action + " action must be a positive integer no greater than "
                            + MOST_KEPT_VERSIONS,
                    "NewerNoncurrentVersions",
                    versions);
        }
    }

    private static void checkTransitions(LifecycleRule rule, LifecycleRules.Filter filter) {
        String about = "'(prefix=" + filter.prefix() + ")'";
        boolean days = rule.expiration() != null && rule.expiration().days() != null;
        boolean dates = rule.expiration() != null && rule.expiration().date() != null;
        Set<String> targets = new HashSet<>();
        for (Transition transition : rule.transitions()) {
            check(transition.storageClass());
            if ((transition.days() == null) == (transition.date() == null)) {
                throw Errors.malformedXml();
            }
            if (!targets.add(transition.storageClassAsString())) {
                throw Errors.invalidRequest(
                        "'StorageClass' must be different for 'Transition' actions in same 'Rule' with" + " filter "
                                + about);
            }
            days |= transition.days() != null;
            dates |= transition.date() != null;
            checkMidnight(transition.date());
            if (transition.days() != null) {
                checkDays(transition.days(), transition.storageClassAsString(), "'Days' in Transition action");
                if (rule.expiration() != null
                        && rule.expiration().days() != null
                        && rule.expiration().days() <= transition.days()) {
                    throw invalid(
                            "'Days' in the Expiration action for filter " + about
                                    + " must be greater than 'Days' in the Transition action",
                            "Days",
                            rule.expiration().days());
                }
            }
        }
        if (days && dates) {
            throw Errors.invalidRequest(
                    "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle"
                            + " rule for filter " + about);
        }
    }

    private static void check(TransitionStorageClass storageClass) {
        if (storageClass == null) {
            throw Errors.malformedXml();
        }
    }

    private static void checkDays(int days, String storageClass, String what) {
        if (days < 0) {
            throw invalid(what + " must be nonnegative", "Days", days);
        }
        boolean infrequent = storageClass.equals("STANDARD_IA") || storageClass.equals("ONEZONE_IA");
        if (infrequent && days < YOUNGEST_INFREQUENT) {
            throw invalid(
                    what + " must be greater than or equal to 30 for storageClass '" + storageClass + "'",
                    "Days",
                    days);
        }
    }

    private static void check(NoncurrentVersionTransition transition) {
        check(transition.storageClass());
        if (transition.noncurrentDays() == null) {
            throw Errors.malformedXml();
        }
        checkDays(
                transition.noncurrentDays(),
                transition.storageClassAsString(),
                "'NoncurrentDays' in NoncurrentVersionTransition action");
        checkKept(transition.newerNoncurrentVersions(), "NoncurrentVersionTransition");
    }

    private static AwsError invalid(String message, String name, Object value) {
        return Errors.invalidArgument(message, name, value.toString());
    }
}
