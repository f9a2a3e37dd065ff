package dev.outcrop.services.iam;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Session;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.storage.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.UserDetail;

/**
 * Users and roles as decisions need them, from memory. A change of anything in IAM, here or on another server, makes all
 * that is remembered stale before it is acknowledged. Safe for concurrent use.
 */
public final class IamDirectory {
    private static final int MOST = 10_000;

    private final IamStore store;
    private final CompiledPolicies compiled;
    private final AtomicLong generation = new AtomicLong();
    private final Memory<Identity> identities = new Memory<>();
    private final Memory<Optional<KnownRole>> knownRoles = new Memory<>();
    private final Memory<Optional<Policy>> managedPolicies = new Memory<>();
    private final Memory<Optional<AccessKey>> keys = new Memory<>();
    private final Memory<Optional<ServiceCredentials.ApiKey>> apiKeys = new Memory<>();

    public IamDirectory(ResourceStore store, Records records, CompiledPolicies compiled) {
        this.store = new IamStore(store, records);
        this.compiled = compiled;
        IamStore.DECISIVE.forEach(
                type -> records.watch(type, key -> generation.incrementAndGet(), generation::incrementAndGet));
    }

    /** What an identity may by itself, and its tags. */
    record Identity(List<Policy> policies, Optional<Policy> boundary, Map<String, String> tags) {
        static final Identity NOBODY = new Identity(List.of(), Optional.empty(), Map.of());
    }

    /** A role as STS needs it. */
    public record KnownRole(Role role, ResourcePolicy trust, Map<String, String> tags) {}

    IamStore store() {
        return store;
    }

    /** Compiled policies. */
    public CompiledPolicies compiled() {
        return compiled;
    }

    /** The access key with {@code id}, by {@code load} where it is not known. */
    Optional<AccessKey> key(String id, Supplier<Optional<AccessKey>> load) {
        return keys.get(id, load);
    }

    /** The API key called {@code alias}, by {@code load} where it is not known. */
    Optional<ServiceCredentials.ApiKey> apiKey(String alias, Supplier<Optional<ServiceCredentials.ApiKey>> load) {
        return apiKeys.get(alias, load);
    }

    /** Values of one kind that are good until something changes. */
    private final class Memory<T> {
        private final ConcurrentMap<String, Remembered<T>> values = new ConcurrentHashMap<>();

        T get(String what, Supplier<T> load) {
            long now = generation.get();
            Remembered<T> present = values.get(what);
            if (present == null || present.generation != now) {
                if (values.size() >= MOST) {
                    values.clear();
                }
                // What is read while something changes bears the number from before the change, and is stale at once.
                present = new Remembered<>(now, load.get());
                values.put(what, present);
            }
            return present.value;
        }
    }

    private record Remembered<T>(long generation, T value) {}

    /** The user or role behind {@code principal}. */
    Identity identity(Principal principal) {
        return switch (principal.kind()) {
            case USER -> user(principal.account(), nameOf(principal.arn()));
            case ASSUMED_ROLE, FEDERATED ->
                principal.session().map(Session::issuer).map(this::issuer).orElse(Identity.NOBODY);
            case ROOT, SERVICE, ANONYMOUS -> Identity.NOBODY;
        };
    }

    private Identity issuer(String arn) {
        String account = accountOf(arn);
        if (arn.endsWith(":root")) {
            return Identity.NOBODY;
        }
        return arn.contains(":user/") ? user(account, nameOf(arn)) : role(account, nameOf(arn));
    }

    private Identity user(String account, String name) {
        return identities.get(
                "user " + account + " " + name,
                () -> IamStore.in(
                        account,
                        () -> found(() -> {
                                    UserDetail user = store.users.get(name);
                                    List<Policy> policies = new ArrayList<>();
                                    add(policies, user.arn(), user.userPolicyList(), user.attachedManagedPolicies());
                                    for (GroupDetail group : store.groupsOf(user)) {
                                        add(
                                                policies,
                                                group.arn(),
                                                group.groupPolicyList(),
                                                group.attachedManagedPolicies());
                                    }
                                    return new Identity(
                                            List.copyOf(policies),
                                            boundary(user.permissionsBoundary()),
                                            EntityTags.map(user.tags()));
                                })
                                .orElse(Identity.NOBODY)));
    }

    private Identity role(String account, String name) {
        return identities.get(
                "role " + account + " " + name,
                () -> IamStore.in(
                        account,
                        () -> found(() -> {
                                    Role role = store.roles.get(name);
                                    RoleDetail rights = store.rights(role);
                                    List<Policy> policies = new ArrayList<>();
                                    add(
                                            policies,
                                            role.arn(),
                                            rights.rolePolicyList(),
                                            rights.attachedManagedPolicies());
                                    return new Identity(
                                            List.copyOf(policies),
                                            boundary(role.permissionsBoundary()),
                                            EntityTags.map(role.tags()));
                                })
                                .orElse(Identity.NOBODY)));
    }

    private void add(List<Policy> policies, String owner, List<PolicyDetail> inline, List<AttachedPolicy> attached) {
        inline.forEach(policy -> policies.add(compiled.kept(policy.policyDocument(), PolicyUse.IDENTITY, owner)));
        attached.forEach(policy -> store.findPolicy(policy.policyArn()).ifPresent(found -> policies.add(kept(found))));
    }

    private Policy kept(ManagedPolicyDetail policy) {
        return compiled.kept(IamStore.document(policy), PolicyUse.IDENTITY, policy.arn());
    }

    private Optional<Policy> boundary(AttachedPermissionsBoundary boundary) {
        return Optional.ofNullable(boundary).map(attached -> kept(store.policy(attached.permissionsBoundaryArn())));
    }

    /** The role with {@code arn}, in whichever account. */
    public Optional<KnownRole> findRole(String arn) {
        String account = accountOf(arn);
        if (account.isEmpty() || !arn.contains(":role/")) {
            return Optional.empty();
        }
        return knownRoles.get(
                arn,
                () -> IamStore.in(
                        account,
                        () -> found(() -> store.roles.get(nameOf(arn)))
                                .filter(role -> role.arn().equals(arn))
                                .map(role -> new KnownRole(
                                        role,
                                        new ResourcePolicy(
                                                compiled.kept(
                                                        role.assumeRolePolicyDocument(), PolicyUse.TRUST, role.arn()),
                                                true),
                                        EntityTags.map(role.tags())))));
    }

    /** The document of the managed policy with {@code arn}, where there is one. */
    public Optional<Policy> managed(String account, String arn) {
        return managedPolicies.get(
                account + " " + arn,
                () -> IamStore.in(account, () -> store.findPolicy(arn).map(this::kept)));
    }

    /** The tags of the user or role behind {@code principal}. */
    public Map<String, String> tags(Principal principal) {
        return identity(principal).tags();
    }

    static <T> Optional<T> found(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (AwsError missing) {
            if (missing.code().equals("NoSuchEntity")) {
                return Optional.empty();
            }
            throw missing;
        }
    }

    static String nameOf(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    static String accountOf(String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6 ? parts[4] : "";
    }
}
