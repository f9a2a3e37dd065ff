package dev.outcrop.services.s3;

import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.Upload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TransitionDefaultMinimumObjectSize;

/**
 * When the rules of a bucket act upon what. Days are counted from when something was made or ceased to be current, and end
 * at the next midnight, UTC.
 *
 * <p>Source: "Lifecycle configuration elements" and "Transitioning objects using Amazon S3 Lifecycle", Amazon S3 user guide.
 */
final class LifecycleRules {
    /** Objects that are smaller than this stay where they are, unless a rule says otherwise. */
    private static final long SMALLEST_MOVED = 128 * 1024;
    /** Objects move down this list only. */
    private static final List<String> COLDER = List.of(
            "REDUCED_REDUNDANCY",
            "STANDARD",
            "STANDARD_IA",
            "INTELLIGENT_TIERING",
            "ONEZONE_IA",
            "GLACIER_IR",
            "GLACIER",
            "DEEP_ARCHIVE");

    private final List<LifecycleRule> rules;
    private final boolean archivesTakeAnySize;

    LifecycleRules(GetBucketLifecycleConfigurationResponse configuration) {
        rules = configuration.rules().stream()
                .filter(rule -> rule.status() == ExpirationStatus.ENABLED)
                .toList();
        archivesTakeAnySize = configuration.transitionDefaultMinimumObjectSize()
                == TransitionDefaultMinimumObjectSize.VARIES_BY_STORAGE_CLASS;
    }

    /**
     * What a rule does at a time.
     *
     * @param rule the rule's id
     */
    record Due(Instant at, String rule) {}

    /** When the current version of a key expires, by the rule that is the first to act. */
    Optional<Due> expiry(ObjectVersion version) {
        return matching(version)
                .filter(rule -> rule.expiration() != null)
                .flatMap(rule -> {
                    Instant date = rule.expiration().date();
                    Integer days = rule.expiration().days();
                    return date != null
                            ? Stream.of(new Due(date, rule.id()))
                            : days != null
                                    ? Stream.of(new Due(after(version.modifiedAt(), days), rule.id()))
                                    : Stream.empty();
                })
                .min(Comparator.comparing(Due::at));
    }

    /** Whether a delete marker goes that nothing is left behind of. */
    boolean removesMarker(ObjectVersion marker, Instant now) {
        return matching(marker)
                .filter(rule -> rule.expiration() != null)
                .anyMatch(rule -> Boolean.TRUE.equals(rule.expiration().expiredObjectDeleteMarker())
                        || (rule.expiration().days() != null
                                && !after(marker.modifiedAt(), rule.expiration().days())
                                        .isAfter(now)));
    }

    /**
     * Whether a version that is not current goes.
     *
     * @param since when it ceased to be current
     * @param newer how many versions of the key ceased to be after it
     */
    boolean expires(ObjectVersion version, Instant since, int newer, Instant now) {
        return matching(version).anyMatch(rule -> {
            NoncurrentVersionExpiration expiration = rule.noncurrentVersionExpiration();
            if (expiration == null) {
                return false;
            }
            int kept = expiration.newerNoncurrentVersions() == null ? 0 : expiration.newerNoncurrentVersions();
            boolean old = expiration.noncurrentDays() == null
                    || !after(since, expiration.noncurrentDays()).isAfter(now);
            return newer >= kept && old;
        });
    }

    /** The storage class that the current version of a key is to move to by {@code now}. */
    Optional<String> storageClass(ObjectVersion version, Instant now) {
        return coldest(
                version,
                matching(version)
                        .flatMap(rule -> rule.transitions().stream()
                                .filter(transition -> {
                                    Instant at = transition.date() != null
                                            ? transition.date()
                                            : after(
                                                    version.modifiedAt(),
                                                    transition.days() == null ? 0 : transition.days());
                                    return !at.isAfter(now);
                                })
                                .map(transition -> transition.storageClassAsString())
                                .filter(target -> takes(rule, version, target))));
    }

    /** The same for a version that is not current. */
    Optional<String> noncurrentStorageClass(ObjectVersion version, Instant since, int newer, Instant now) {
        return coldest(
                version,
                matching(version)
                        .flatMap(rule -> rule.noncurrentVersionTransitions().stream()
                                .filter(transition -> newer
                                        >= (transition.newerNoncurrentVersions() == null
                                                ? 0
                                                : transition.newerNoncurrentVersions()))
                                .filter(transition -> !after(
                                                since,
                                                transition.noncurrentDays() == null ? 0 : transition.noncurrentDays())
                                        .isAfter(now))
                                .map(transition -> transition.storageClassAsString())
                                .filter(target -> takes(rule, version, target))));
    }

    private static Optional<String> coldest(ObjectVersion version, Stream<String> targets) {
        String present = Archives.storageClass(version);
        return targets.filter(target -> COLDER.indexOf(target) > COLDER.indexOf(present))
                .filter(target -> !(present.equals("ONEZONE_IA") && target.equals("GLACIER_IR")))
                .max(Comparator.comparingInt(COLDER::indexOf));
    }

    private boolean takes(LifecycleRule rule, ObjectVersion version, String target) {
        return version.content().size() >= SMALLEST_MOVED
                || Filter.of(rule).speaksOfSize()
                || (archivesTakeAnySize && (target.equals("GLACIER") || target.equals("DEEP_ARCHIVE")));
    }

    /** Whether an upload that was begun and not completed goes. */
    boolean aborts(Upload upload, Instant now) {
        return abortion(upload).filter(due -> !due.at().isAfter(now)).isPresent();
    }

    /** When an upload that is not completed goes. */
    Optional<Due> abortion(Upload upload) {
        return rules.stream()
                .filter(rule -> rule.abortIncompleteMultipartUpload() != null
                        && rule.abortIncompleteMultipartUpload().daysAfterInitiation() != null)
                .filter(rule -> upload.key().startsWith(Filter.of(rule).prefix()))
                .map(rule -> new Due(
                        after(
                                upload.startedAt(),
                                rule.abortIncompleteMultipartUpload().daysAfterInitiation()),
                        rule.id()))
                .min(Comparator.comparing(Due::at));
    }

    private Stream<LifecycleRule> matching(ObjectVersion version) {
        return rules.stream().filter(rule -> Filter.of(rule).matches(version));
    }

    private static Instant after(Instant moment, int days) {
        return moment.plus(days + 1L, ChronoUnit.DAYS).minusNanos(1).truncatedTo(ChronoUnit.DAYS);
    }

    /**
     * What a rule is about.
     *
     * @param larger than this many bytes; -1 for any
     */
    record Filter(String prefix, List<Tag> tags, long larger, long smaller) {
        static Filter of(LifecycleRule rule) {
            LifecycleRuleFilter filter = rule.filter();
            if (filter == null) {
                return new Filter(orEmpty(prefix(rule)), List.of(), -1, Long.MAX_VALUE);
            }
            LifecycleRuleAndOperator all = filter.and();
            if (all != null) {
                return new Filter(
                        orEmpty(all.prefix()),
                        all.tags(),
                        orElse(all.objectSizeGreaterThan(), -1),
                        orElse(all.objectSizeLessThan(), Long.MAX_VALUE));
            }
            return new Filter(
                    orEmpty(filter.prefix()),
                    filter.tag() == null ? List.of() : List.of(filter.tag()),
                    orElse(filter.objectSizeGreaterThan(), -1),
                    orElse(filter.objectSizeLessThan(), Long.MAX_VALUE));
        }

        /** The element that stood for the filter once. */
        @SuppressWarnings("deprecation") // Clients still send it, and S3 takes it.
        static String prefix(LifecycleRule rule) {
            return rule.prefix();
        }

        private static String orEmpty(String text) {
            return text == null ? "" : text;
        }

        private static long orElse(Long value, long other) {
            return value == null ? other : value;
        }

        boolean speaksOfSize() {
            return larger >= 0 || smaller < Long.MAX_VALUE;
        }

        boolean matches(ObjectVersion version) {
            if (version.deleteMarker() && (speaksOfSize() || !tags.isEmpty())) {
                return false;
            }
            Map<String, String> present = version.settings().tags();
            long size = version.content().size();
            return version.key().startsWith(prefix)
                    && tags.stream().allMatch(tag -> tag.value().equals(present.get(tag.key())))
                    && size > larger
                    && size < smaller;
        }
    }
}
