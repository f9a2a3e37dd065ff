package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedRequest;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedResponse;
import software.amazon.awssdk.services.iam.model.ListAccessKeysRequest;
import software.amazon.awssdk.services.iam.model.ListAccessKeysResponse;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** The access keys of users. */
final class UserAccessKeys {
    static final int MOST_KEYS = 2;

    private final IamStore store;
    private final Secrets secrets;
    private final LastUses uses;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    UserAccessKeys(IamStore store, Secrets secrets, LastUses uses, Ids ids, InstantSource clock) {
        this.store = store;
        this.secrets = secrets;
        this.uses = uses;
        this.ids = ids;
        this.clock = clock;
    }

    CreateAccessKeyResponse createAccessKey(CreateAccessKeyRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(request.userName()));
        if (store.keysOf(user.userName()).size() >= MOST_KEYS) {
            throw IamErrors.limit("AccessKeysPerUser", MOST_KEYS);
        }
        String id = KeyIds.make("AKIA", CallContext.current().account(), random);
        AccessKey key = AccessKey.builder()
                .accessKeyId(id)
                .userName(user.userName())
                .status(StatusType.ACTIVE)
                .secretAccessKey(ids.secretAccessKey())
                .createDate(clock.instant())
                .build();
        store.accessKeys.insert(
                id,
                key.toBuilder()
                        .secretAccessKey(encrypted(secrets, id, key.secretAccessKey()))
                        .build());
        return CreateAccessKeyResponse.builder().accessKey(key).build();
    }

    private static String encrypted(Secrets secrets, String id, String secret) {
        return Base64.getEncoder()
                .encodeToString(secrets.encrypt(secret.getBytes(StandardCharsets.UTF_8), "iam:access-key" + id));
    }

    /** The secret of a stored key. */
    static String secret(Secrets secrets, AccessKey key) {
        try {
            byte[] encrypted = Base64.getDecoder().decode(key.secretAccessKey());
            return new String(secrets.decrypt(encrypted, "iam:access-key" + key.accessKeyId()), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(
                    "access key " + key.accessKeyId() + " was encrypted under another master key", failure);
        }
    }

    ListAccessKeysResponse listAccessKeys(ListAccessKeysRequest request) {
        String name = store.users.get(Users.nameOrCaller(request.userName())).userName();
        Listed<AccessKey> page =
                Listed.page(store.keysOf(name), AccessKey::accessKeyId, request.marker(), request.maxItems());
        return ListAccessKeysResponse.builder()
                .accessKeyMetadata(page.items().stream()
                        .map(key -> AccessKeyMetadata.builder()
                                .userName(key.userName())
                                .accessKeyId(key.accessKeyId())
                                .status(key.status())
                                .createDate(key.createDate())
                                .build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    /** {@code status} itself, unless nobody can set it. */
    static StatusType settable(StatusType status, String given) {
        if (status != StatusType.ACTIVE && status != StatusType.INACTIVE) {
            throw IamErrors.invalid("Status must be Active or Inactive, but is " + given);
        }
        return status;
    }

    UpdateAccessKeyResponse updateAccessKey(UpdateAccessKeyRequest request) {
        AccessKey key = key(request.userName(), request.accessKeyId());
        StatusType status = settable(request.status(), request.statusAsString());
        store.accessKeys.update(
                key.accessKeyId(), present -> present.toBuilder().status(status).build());
        return UpdateAccessKeyResponse.builder().build();
    }

    DeleteAccessKeyResponse deleteAccessKey(DeleteAccessKeyRequest request) {
        store.accessKeys.delete(key(request.userName(), request.accessKeyId()).accessKeyId());
        return DeleteAccessKeyResponse.builder().build();
    }

    private AccessKey key(String userName, String id) {
        String name = store.users.get(Users.nameOrCaller(userName)).userName();
        return store.accessKeys
                .find(id)
                .filter(key -> key.userName().equals(name))
                .orElseThrow(() -> IamErrors.noSuchEntity("The Access Key with id " + id + " cannot be found."));
    }

    GetAccessKeyLastUsedResponse getAccessKeyLastUsed(GetAccessKeyLastUsedRequest request) {
        AccessKey key = store.accessKeys
                .find(request.accessKeyId())
                .orElseThrow(() -> new AwsError(
                        "AccessDenied", 403, "The access key " + request.accessKeyId() + " is not of this account."));
        return GetAccessKeyLastUsedResponse.builder()
                .userName(key.userName())
                .accessKeyLastUsed(uses.of(key.accessKeyId()))
                .build();
    }
}
