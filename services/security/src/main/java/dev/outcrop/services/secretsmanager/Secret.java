package dev.outcrop.services.secretsmanager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A secret as it is stored, without its values.
 *
 * @param arn        with the six random characters at its end
 * @param kmsKeyId   what its owner said, or the empty string for the account's default key
 * @param accessedOn the day of the last access, in milliseconds; 0 if there was none
 * @param deletedAt  when it was marked for deletion, in milliseconds; 0 if it is not
 * @param purgeAt    when it will be gone, in milliseconds; 0 if it is not marked
 * @param policy     its resource policy, or the empty string
 * @param versions   oldest first
 */
record Secret(
        String account,
        String region,
        String name,
        String arn,
        String description,
        String kmsKeyId,
        String type,
        long createdAt,
        long changedAt,
        long accessedOn,
        long deletedAt,
        long purgeAt,
        String policy,
        Rotation rotation,
        List<Version> versions,
        List<Replica> replicas) {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";
    static final String PENDING = "AWSPENDING";
    static final int MOST_STAGES = 20;

    Secret {
        versions = List.copyOf(versions);
        replicas = List.copyOf(replicas);
    }

    /**
     * A version of the value.
     *
     * @param kmsKeyId the key that its value is encrypted under
     * @param hasValue whether it has one; what a rotation begins with has none
     */
    record Version(String id, List<String> stages, long createdAt, long accessedOn, String kmsKeyId, boolean hasValue) {
        Version {
            stages = List.copyOf(stages);
        }

        Version staged(List<String> newStages) {
            return new Version(id, newStages, createdAt, accessedOn, kmsKeyId, hasValue);
        }

        Version valued(String keyId) {
            return new Version(id, stages, createdAt, accessedOn, keyId, true);
        }
    }

    /**
     * How the secret is rotated.
     *
     * @param lambdaArn  the empty string where there is none
     * @param afterDays  0 where the schedule is an expression, or none
     * @param expression the empty string where there is none
     * @param duration   the window, as it was given, or the empty string
     * @param lastAt     in milliseconds, 0 for never
     * @param nextAt     in milliseconds, 0 for never
     */
    record Rotation(
            boolean enabled,
            String lambdaArn,
            long afterDays,
            String expression,
            String duration,
            long lastAt,
            long nextAt) {
        static final Rotation NONE = new Rotation(false, "", 0, "", "", 0, 0);

        Rotation done(long at, long next) {
            return new Rotation(enabled, lambdaArn, afterDays, expression, duration, at, next);
        }

        Rotation cancelled() {
            return new Rotation(false, lambdaArn, afterDays, expression, duration, lastAt, 0);
        }
    }

    /** A region that a copy is wanted in. */
    record Replica(String region, String kmsKeyId) {}

    Optional<Version> version(String id) {
        return versions.stream().filter(version -> version.id().equals(id)).findFirst();
    }

    Optional<Version> staged(String stage) {
        return versions.stream()
                .filter(version -> version.stages().contains(stage))
                .findFirst();
    }

    boolean awaitsDeletion() {
        return deletedAt > 0;
    }

    Secret described(String newDescription, String newKmsKeyId, String newType, long now) {
        return new Secret(
                account,
                region,
                name,
                arn,
                newDescription,
                newKmsKeyId,
                newType,
                createdAt,
                now,
                accessedOn,
                deletedAt,
                purgeAt,
                policy,
                rotation,
                versions,
                replicas);
    }

    Secret accessed(long day) {
        return new Secret(
                account,
                region,
                name,
                arn,
                description,
                kmsKeyId,
                type,
                createdAt,
                changedAt,
                day,
                deletedAt,
                purgeAt,
                policy,
                rotation,
                versions,
                replicas);
    }

    Secret deleted(long at, long purge) {
        return new Secret(
                account,
                region,
                name,
                arn,
                description,
                kmsKeyId,
                type,
                createdAt,
                changedAt,
                accessedOn,
                at,
                purge,
                policy,
                rotation,
                versions,
                replicas);
    }

    Secret governedBy(String newPolicy) {
        return new Secret(
                account,
                region,
                name,
                arn,
                description,
                kmsKeyId,
                type,
                createdAt,
                changedAt,
                accessedOn,
                deletedAt,
                purgeAt,
                newPolicy,
                rotation,
                versions,
                replicas);
    }

    Secret rotated(Rotation newRotation) {
        return new Secret(
                account,
                region,
                name,
                arn,
                description,
                kmsKeyId,
                type,
                createdAt,
                changedAt,
                accessedOn,
                deletedAt,
                purgeAt,
                policy,
                newRotation,
                versions,
                replicas);
    }

    Secret replicatedTo(List<Replica> newReplicas) {
        return new Secret(
                account,
                region,
                name,
                arn,
                description,
                kmsKeyId,
                type,
                createdAt,
                changedAt,
                accessedOn,
                deletedAt,
                purgeAt,
                policy,
                rotation,
                versions,
                newReplicas);
    }

    Secret of(List<Version> newVersions, long now) {
        return new Secret(
                account,
                region,
                name,
                arn,
                description,
                kmsKeyId,
                type,
                createdAt,
                now,
                accessedOn,
                deletedAt,
                purgeAt,
                policy,
                rotation,
                newVersions,
                replicas);
    }

    /** The secret with another version beside those that it has. */
    Secret adding(Version version, long now) {
        List<Version> more = new ArrayList<>(versions);
        more.add(version);
        return of(more, now);
    }

    /**
     * The secret with {@code stages} moved to the version {@code id} from wherever they are. Where AWSCURRENT moves, the
     * version that had it gets AWSPREVIOUS.
     */
    Secret moving(Collection<String> stages, String id, long now) {
        Optional<String> formerly = staged(CURRENT).map(Version::id).filter(holder -> !holder.equals(id));
        boolean replaced = stages.contains(CURRENT) && formerly.isPresent();
        List<Version> moved = new ArrayList<>();
        for (Version version : versions) {
            List<String> kept = new ArrayList<>(version.stages());
            kept.removeAll(stages);
            if (replaced) {
                kept.remove(PREVIOUS);
            }
            if (version.id().equals(id)) {
                kept.addAll(stages);
            }
            if (replaced && version.id().equals(formerly.get())) {
                kept.add(PREVIOUS);
            }
            moved.add(version.staged(kept));
        }
        return of(moved, now);
    }

    /** The secret with a stage taken from the version that has it. */
    Secret without(String stage, long now) {
        return of(
                versions.stream()
                        .map(version -> version.staged(version.stages().stream()
                                .filter(present -> !present.equals(stage))
                                .toList()))
                        .toList(),
                now);
    }

    /** The stages of each version that has any. */
    Map<String, List<String>> stages() {
        Map<String, List<String>> stages = new LinkedHashMap<>();
        for (Version version : versions) {
            if (!version.stages().isEmpty()) {
                stages.put(version.id(), version.stages());
            }
        }
        return stages;
    }
}
