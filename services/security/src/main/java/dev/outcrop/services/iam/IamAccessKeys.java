package dev.outcrop.services.iam;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.Secrets;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** The access keys of users, from memory; those that are inactive do not count. */
public final class IamAccessKeys implements AccessKeys {
    private final IamDirectory directory;
    private final Secrets secrets;

    public IamAccessKeys(IamDirectory directory, Secrets secrets) {
        this.directory = directory;
        this.secrets = secrets;
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        if (!accessKeyId.startsWith("AKIA")) {
            return Optional.empty();
        }
        Optional<String> account = KeyIds.account(accessKeyId);
        return account.isEmpty()
                ? Optional.empty()
                : directory.key(accessKeyId, () -> IamStore.in(account.get(), () -> load(accessKeyId)));
    }

    private Optional<AccessKey> load(String accessKeyId) {
        IamStore store = directory.store();
        return store.accessKeys
                .find(accessKeyId)
                .filter(key -> key.status() == StatusType.ACTIVE)
                .flatMap(key -> IamDirectory.found(() -> store.users.get(key.userName()))
                        .map(user -> new AccessKey(
                                accessKeyId,
                                UserAccessKeys.secret(secrets, key),
                                principal(user, accessKeyId),
                                Optional.empty(),
                                Optional.empty())));
    }

    private static Principal principal(UserDetail user, String accessKeyId) {
        return new Principal(
                Principal.Kind.USER,
                user.arn(),
                IamDirectory.accountOf(user.arn()),
                user.userId(),
                Optional.of(accessKeyId));
    }
}
