package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Tags;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceRequest;

/** The tags of secrets, which are their owner's whoever asks. */
final class SecretTags {
    private final StoredSecrets secrets;
    private final Replication replication;
    private final Tags tags;

    SecretTags(StoredSecrets secrets, Replication replication, Tags tags) {
        this.secrets = secrets;
        this.replication = replication;
        this.tags = tags;
    }

    NavigableMap<String, String> of(Secret secret) {
        return of(tags, secret);
    }

    static NavigableMap<String, String> of(Tags tags, Secret secret) {
        return asOwner(secret).call(() -> tags.of(secret.arn()));
    }

    /** The call in the account that a secret belongs to. */
    static CallContext asOwner(Secret secret) {
        CallContext call = CallContext.current();
        return call.account().equals(secret.account())
                ? call
                : call.toBuilder().account(secret.account()).build();
    }

    void add(TagResourceRequest request) {
        Secret secret = secrets.primary(request.secretId());
        Map<String, String> added = SecretRequests.byKey(request.tags());
        Set<String> names = new HashSet<>(of(secret).keySet());
        names.addAll(added.keySet());
        if (names.size() > Tags.MOST) {
            throw SecretRequests.invalidParameter("A secret may have " + Tags.MOST + " tags at most.");
        }
        asOwner(secret).run(() -> tags.add(secret.arn(), added));
        replication.follow(secret);
    }

    void remove(UntagResourceRequest request) {
        Secret secret = secrets.primary(request.secretId());
        asOwner(secret).run(() -> tags.remove(secret.arn(), request.tagKeys()));
        replication.follow(secret);
    }
}
