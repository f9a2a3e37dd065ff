package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.Replications;
import dev.outcrop.storage.buckets.Versioning;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.DeleteMarkerReplicationStatus;
import software.amazon.awssdk.services.s3.model.EncryptionConfiguration;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.ReplicationConfiguration;
import software.amazon.awssdk.services.s3.model.ReplicationRule;
import software.amazon.awssdk.services.s3.model.ReplicationRuleFilter;
import software.amazon.awssdk.services.s3.model.ReplicationRuleStatus;
import software.amazon.awssdk.services.s3.model.SseKmsEncryptedObjectsStatus;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Which objects of buckets are replicated, and where to.
 *
 * <p>Source: "PutBucketReplication", Amazon S3 API reference; "Replication configuration file elements", user guide.
 */
final class ReplicationConfigurations {
    private static final String BUCKET_ARN = "arn:aws:s3:::";
    private static final int MOST_RULES = 1000;
    private static final int LONGEST_ID = 255;

    private final BucketDocuments documents;
    private final Buckets buckets;
    private final Ids ids;

    ReplicationConfigurations(BucketDocuments documents, Buckets buckets, Ids ids) {
        this.documents = documents;
        this.buckets = buckets;
        this.ids = ids;
    }

    GetBucketReplicationResponse get(Bucket bucket) {
        return documents
                .find(bucket, BucketDocuments.Kind.REPLICATION)
                .orElseThrow(() -> new AwsError(
                        "ReplicationConfigurationNotFoundError",
                        404,
                        "The replication configuration was not found",
                        Map.of("BucketName", bucket.name())));
    }

    /** The rules that say where something goes, one for each bucket that it goes to: that of the highest priority. */
    List<ReplicationRule> rules(Bucket bucket, String key, ObjectSettings settings, boolean deleteMarker) {
        boolean kms = ObjectEncryption.isUnderKms(settings.headers());
        Map<String, ReplicationRule> chosen = new LinkedHashMap<>();
        documents
                .find(bucket, BucketDocuments.Kind.REPLICATION)
                .map(found -> found.replicationConfiguration().rules())
                .orElse(List.of())
                .stream()
                .filter(rule -> rule.status() == ReplicationRuleStatus.ENABLED && matches(rule, key, settings.tags()))
                .filter(rule -> !kms || copiesWhatIsUnderKms(rule))
                .filter(rule -> !deleteMarker || replicatesMarkers(rule))
                .sorted(Comparator.comparingInt((ReplicationRule rule) -> rule.priority() == null ? 0 : rule.priority())
                        .reversed())
                .forEach(rule -> chosen.putIfAbsent(destination(rule), rule));
        return List.copyOf(chosen.values());
    }

    /** The settings of a new version, which say if it is to be copied. */
    ObjectSettings marked(Bucket bucket, String key, ObjectSettings settings, boolean deleteMarker) {
        if (rules(bucket, key, settings, deleteMarker).isEmpty()) {
            return settings;
        }
        Map<String, String> headers = new HashMap<>(settings.headers());
        headers.put(Replications.STATUS, Replications.PENDING);
        return settings.withHeaders(headers);
    }

    /** The role that copies. */
    String role(Bucket bucket) {
        return get(bucket).replicationConfiguration().role();
    }

    /** The bucket that a rule copies to. */
    static String destination(ReplicationRule rule) {
        return rule.destination().bucket().substring(BUCKET_ARN.length());
    }

    /** What is under a key of KMS goes only where that was asked for. */
    static boolean copiesWhatIsUnderKms(ReplicationRule rule) {
        return rule.sourceSelectionCriteria() != null
                && rule.sourceSelectionCriteria().sseKmsEncryptedObjects() != null
                && rule.sourceSelectionCriteria().sseKmsEncryptedObjects().status()
                        == SseKmsEncryptedObjectsStatus.ENABLED;
    }

    /** The key of KMS that copies of what is under one are put under. */
    static Optional<String> replicaKey(ReplicationRule rule) {
        return Optional.ofNullable(rule.destination().encryptionConfiguration())
                .map(EncryptionConfiguration::replicaKmsKeyID);
    }

    /** Rules of the first form, which have no filter, have always carried delete markers along. */
    private static boolean replicatesMarkers(ReplicationRule rule) {
        return rule.filter() == null
                || (rule.deleteMarkerReplication() != null
                        && rule.deleteMarkerReplication().status() == DeleteMarkerReplicationStatus.ENABLED);
    }

    private static boolean matches(ReplicationRule rule, String key, Map<String, String> tags) {
        ReplicationRuleFilter filter = rule.filter();
        if (filter == null) {
            return key.startsWith(orEmpty(prefix(rule)));
        }
        String prefix = filter.and() == null ? filter.prefix() : filter.and().prefix();
        List<Tag> wanted =
                filter.and() != null ? filter.and().tags() : filter.tag() == null ? List.of() : List.of(filter.tag());
        return key.startsWith(orEmpty(prefix))
                && wanted.stream().allMatch(tag -> tag.value().equals(tags.get(tag.key())));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    @SuppressWarnings("deprecation") // Clients still send it, and S3 takes it.
    private static String prefix(ReplicationRule rule) {
        return rule.prefix();
    }

    void put(Bucket bucket, ReplicationConfiguration configuration) {
        if (bucket.versioning() != Versioning.ENABLED) {
            throw Errors.invalidRequest(
                    "Versioning must be 'Enabled' on the bucket to apply a replication configuration");
        }
        if (configuration.rules().isEmpty() || configuration.rules().size() > MOST_RULES) {
            throw Errors.malformedXml();
        }
        String[] role = configuration.role().split(":", 6);
        if (role.length != 6 || !role[2].equals("iam") || !role[5].startsWith("role/")) {
            throw Errors.invalidArgument("Invalid Role Arn", "Role", configuration.role());
        }
        Set<String> taken = new HashSet<>();
        Set<Integer> priorities = new HashSet<>();
        List<ReplicationRule> rules = new ArrayList<>();
        for (ReplicationRule given : configuration.rules()) {
            ReplicationRule rule = given.id() == null || given.id().isEmpty()
                    ? given.toBuilder().id(ids.uuid()).build()
                    : given;
            if (rule.id().length() > LONGEST_ID) {
                throw Errors.invalidArgument("ID length should not exceed allowed limit of 255", "ID", rule.id());
            }
            if (!taken.add(rule.id())) {
                throw Errors.invalidRequest("Rule Id must be unique");
            }
            if (rule.filter() != null && rule.priority() != null && !priorities.add(rule.priority())) {
                throw Errors.invalidRequest("Found duplicate priority " + rule.priority());
            }
            check(bucket, rule);
            rules.add(rule);
        }
        documents.put(
                bucket,
                BucketDocuments.Kind.REPLICATION,
                GetBucketReplicationResponse.builder()
                        .replicationConfiguration(configuration.copy(copy -> copy.rules(rules)))
                        .build());
    }

    private void check(Bucket bucket, ReplicationRule rule) {
        if (prefix(rule) != null && rule.filter() != null) {
            throw Errors.malformedXml();
        }
        if (rule.filter() != null && rule.priority() == null) {
            throw Errors.invalidRequest("Priority must be specified for this version of Cross Region Replication"
                    + " configuration schema. Please refer to S3 Developer Guide for more information.");
        }
        if (rule.filter() != null && rule.deleteMarkerReplication() == null) {
            throw Errors.invalidRequest("DeleteMarkerReplication must be specified for this version of Cross Region"
                    + " Replication configuration schema. Please refer to S3 Developer Guide for more information.");
        }
        if (copiesWhatIsUnderKms(rule) && replicaKey(rule).isEmpty()) {
            throw Errors.invalidRequest("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.");
        }
        if (rule.destination().encryptionConfiguration() != null && !copiesWhatIsUnderKms(rule)) {
            throw Errors.invalidRequest(
                    "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.");
        }
        refuseUnserved(rule);
        String arn = rule.destination().bucket();
        if (!arn.startsWith(BUCKET_ARN)) {
            throw Errors.invalidArgument("Invalid bucket ARN.", "Destination Bucket", arn);
        }
        Bucket destination = buckets.find(destination(rule))
                .orElseThrow(() -> Errors.invalidRequest("Destination bucket must exist."));
        if (destination.name().equals(bucket.name())) {
            throw Errors.invalidRequest("Destination bucket cannot be the same as the source bucket.");
        }
        if (destination.versioning() != Versioning.ENABLED) {
            throw Errors.invalidRequest("Destination bucket must have versioning enabled.");
        }
    }

    private static void refuseUnserved(ReplicationRule rule) {
        if (rule.existingObjectReplication() != null
                && rule.existingObjectReplication().statusAsString().equals("Enabled")) {
            throw AwsError.notImplemented("s3", "PutBucketReplication of objects that exist");
        }
        if (rule.destination().accessControlTranslation() != null) {
            throw AwsError.notImplemented("s3", "PutBucketReplication to another owner");
        }
    }
}
