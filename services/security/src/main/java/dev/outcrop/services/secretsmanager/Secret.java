package dev.outcrop.services.secretsmanager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.secretsmanager.model.StatusType;

/**
 * A secret as it is stored, without its values.
 *
 * @param arn           with the six random characters at its end
 * @param kmsKeyId      what its owner said, or the empty string for the account's default key
 * @param accessedOn    the day of the last access, in milliseconds; 0 if there was none
 * @param deletedAt     when it was marked for deletion, in milliseconds; 0 if it is not
 * @param purgeAt       when it will be gone, in milliseconds; 0 if it is not marked
 * @param policy        its resource policy, or the empty string
 * @param versions      oldest first
 * @param replicas      where it is replicated to
 * @param primaryRegion of a replica where the secret is that it follows, else the empty string
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
        List<Replica> replicas,
        String primaryRegion) {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";
    static final String PENDING = "AWSPENDING";

    Secret {
        versions = List.copyOf(versions);
        replicas = List.copyOf(replicas);
        // Secrets of older data folders do not say it.
        primaryRegion = primaryRegion == null ? "" : primaryRegion;
    }

    /** A new secret, made at {@code now} in milliseconds, without versions. */
    static Secret made(String account, String region, String name, String arn, long now) {
        return new Secret(
                account, region, name, arn, "", "", "", now, now, 0, 0, 0, "", Rotation.NONE, List.of(), List.of(), "");
    }

    /**
     * A version of the value.
     *
     * @param accessedOn the day of the last access, in milliseconds; 0 if there was none
     * @param kmsKeyId   the key that its value is encrypted under
     * @param hasValue   whether it has one; what a rotation begins with has none
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

        Version under(String keyId) {
            return new Version(id, stages, createdAt, accessedOn, keyId, hasValue);
        }

        Version accessed(long day) {
            return new Version(id, stages, createdAt, day, kmsKeyId, hasValue);
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
     * @param nextAt     when the next window opens, in milliseconds, 0 for never
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

        Rotation done(long at) {
            return new Rotation(enabled, lambdaArn, afterDays, expression, duration, at, nextAt);
        }

        Rotation next(long at) {
            return new Rotation(enabled, lambdaArn, afterDays, expression, duration, lastAt, at);
        }

        Rotation cancelled() {
            return new Rotation(false, lambdaArn, afterDays, expression, duration, lastAt, 0);
        }
    }

    /**
     * A region that a copy is kept in.
     *
     * @param kmsKeyId what its owner said, or the empty string for the account's default key there
     * @param status   how the copy is, by the SDK's name
     * @param message  why it is not as it should be, or the empty string
     */
    record Replica(String region, String kmsKeyId, StatusType status, String message) {
        Replica {
            status = status == null ? StatusType.IN_PROGRESS : status;
            message = message == null ? "" : message;
        }

        Replica being(StatusType newStatus, String newMessage) {
            return new Replica(region, kmsKeyId, newStatus, newMessage);
        }
    }

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

    /** Whether it is a copy that follows a secret in another region. */
    boolean follows() {
        return !primaryRegion.isEmpty();
    }

    /** Where the secret itself is. */
    String home() {
        return follows() ? primaryRegion : region;
    }

    /** The ARN of its copy in another region, or its own where it is there. */
    String arnIn(String anyRegion) {
        String[] parts = arn.split(":", 6);
        parts[3] = anyRegion;
        return String.join(":", parts);
    }

    Secret described(String newDescription, String newKmsKeyId, String newType, long now) {
        Copy copy = new Copy(this);
        copy.description = newDescription;
        copy.kmsKeyId = newKmsKeyId;
        copy.type = newType;
        copy.changedAt = now;
        return copy.secret();
    }

    /** The secret, and one of its versions, looked at on a day. */
    Secret accessed(String versionId, long day) {
        Copy copy = new Copy(this);
        copy.accessedOn = day;
        copy.versions = replaced(versionId, version -> version.accessed(day));
        return copy.secret();
    }

    Secret deleted(long at, long purge) {
        Copy copy = new Copy(this);
        copy.deletedAt = at;
        copy.purgeAt = purge;
        return copy.secret();
    }

    Secret governedBy(String newPolicy) {
        Copy copy = new Copy(this);
        copy.policy = newPolicy;
        return copy.secret();
    }

    Secret rotated(Rotation newRotation) {
        Copy copy = new Copy(this);
        copy.rotation = newRotation;
        return copy.secret();
    }

    Secret replicatedTo(List<Replica> newReplicas) {
        Copy copy = new Copy(this);
        copy.replicas = newReplicas;
        return copy.secret();
    }

    Secret of(List<Version> newVersions, long now) {
        Copy copy = new Copy(this);
        copy.versions = newVersions;
        copy.changedAt = now;
        return copy.secret();
    }

    /** Its copy in {@code there}, which keeps when it was made and looked at from {@code before}. */
    Secret replica(Replica there, Optional<Secret> before, long now) {
        Copy copy = new Copy(this);
        copy.region = there.region();
        copy.arn = arnIn(there.region());
        copy.kmsKeyId = there.kmsKeyId();
        copy.createdAt = before.map(Secret::createdAt).orElse(now);
        copy.accessedOn = before.map(Secret::accessedOn).orElse(0L);
        copy.rotation = Rotation.NONE;
        copy.versions = versions.stream()
                .map(version -> version.under(there.kmsKeyId())
                        .accessed(before.flatMap(secret -> secret.version(version.id()))
                                .map(Version::accessedOn)
                                .orElse(0L)))
                .toList();
        copy.replicas = List.of();
        copy.primaryRegion = region;
        return copy.secret();
    }

    /** A copy that follows no other secret any more. */
    Secret promoted() {
        Copy copy = new Copy(this);
        copy.primaryRegion = "";
        return copy.secret();
    }

    /** The secret with another version beside those that it has. */
    Secret adding(Version version, long now) {
        List<Version> more = new ArrayList<>(versions);
        more.add(version);
        return of(more, now);
    }

    /** The secret with one of its versions changed. */
    Secret changing(String versionId, UnaryOperator<Version> change, long now) {
        return of(replaced(versionId, change), now);
    }

    private List<Version> replaced(String versionId, UnaryOperator<Version> change) {
        return versions.stream()
                .map(version -> version.id().equals(versionId) ? change.apply(version) : version)
                .toList();
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

    /** A secret in the making that differs in a little from another one. */
    private static final class Copy {
        private final Secret original;
        private String region;
        private String arn;
        private String description;
        private String kmsKeyId;
        private String type;
        private long createdAt;
        private long changedAt;
        private long accessedOn;
        private long deletedAt;
        private long purgeAt;
        private String policy;
        private Rotation rotation;
        private List<Version> versions;
        private List<Replica> replicas;
        private String primaryRegion;

        Copy(Secret original) {
            this.original = original;
            region = original.region;
            arn = original.arn;
            description = original.description;
            kmsKeyId = original.kmsKeyId;
            type = original.type;
            createdAt = original.createdAt;
            changedAt = original.changedAt;
            accessedOn = original.accessedOn;
            deletedAt = original.deletedAt;
            purgeAt = original.purgeAt;
            policy = original.policy;
            rotation = original.rotation;
            versions = original.versions;
            replicas = original.replicas;
            primaryRegion = original.primaryRegion;
        }

        Secret secret() {
            return new Secret(
                    original.account,
                    region,
                    original.name,
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
                    replicas,
                    primaryRegion);
        }
    }
}
