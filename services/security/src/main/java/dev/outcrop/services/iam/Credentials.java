package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.ChangePasswordRequest;
import software.amazon.awssdk.services.iam.model.ChangePasswordResponse;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.CreateLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.CreateLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccountPasswordPolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccountPasswordPolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.DeleteLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedRequest;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedResponse;
import software.amazon.awssdk.services.iam.model.GetAccountPasswordPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetAccountPasswordPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.GetLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.ListAccessKeysRequest;
import software.amazon.awssdk.services.iam.model.ListAccessKeysResponse;
import software.amazon.awssdk.services.iam.model.LoginProfile;
import software.amazon.awssdk.services.iam.model.PasswordPolicy;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.UpdateAccountPasswordPolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAccountPasswordPolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.UpdateLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** What users prove themselves by: access keys and passwords, and what passwords must be like. */
final class Credentials {
    private static final int MOST_KEYS = 2;
    private static final int ITERATIONS = 210_000;
    private static final int HASH_BITS = 256;
    private static final String SYMBOLS = "!@#$%^&*()_+-=[]{}|'";

    private final IamStore store;
    private final Secrets secrets;
    private final KeyUses uses;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Credentials(IamStore store, Secrets secrets, KeyUses uses, Ids ids, InstantSource clock) {
        this.store = store;
        this.secrets = secrets;
        this.uses = uses;
        this.ids = ids;
        this.clock = clock;
    }

    CreateAccessKeyResponse createAccessKey(CreateAccessKeyRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(request.userName()));
        if (keysOf(user.userName()).size() >= MOST_KEYS) {
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

    private List<AccessKey> keysOf(String userName) {
        return store.accessKeys
                .list()
                .where(key -> key.userName().equals(userName))
                .all();
    }

    ListAccessKeysResponse listAccessKeys(ListAccessKeysRequest request) {
        String name = store.users.get(Users.nameOrCaller(request.userName())).userName();
        Listed<AccessKey> page =
                Listed.page(keysOf(name), AccessKey::accessKeyId, request.marker(), request.maxItems());
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

    UpdateAccessKeyResponse updateAccessKey(UpdateAccessKeyRequest request) {
        AccessKey key = key(request.userName(), request.accessKeyId());
        if (request.status() != StatusType.ACTIVE && request.status() != StatusType.INACTIVE) {
            throw IamErrors.invalid("Status must be Active or Inactive, but is " + request.statusAsString());
        }
        store.accessKeys.update(
                key.accessKeyId(),
                present -> present.toBuilder().status(request.status()).build());
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

    CreateLoginProfileResponse createLoginProfile(CreateLoginProfileRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(request.userName()));
        if (request.password() == null) {
            throw IamErrors.invalid("A password must be given");
        }
        checkPassword(request.password());
        boolean reset = Boolean.TRUE.equals(request.passwordResetRequired());
        try {
            store.logins.insert(
                    user.userId(),
                    CreateLoginProfileRequest.builder()
                            .userName(clock.instant().toString())
                            .password(hash(request.password()))
                            .passwordResetRequired(reset)
                            .build());
        } catch (AwsError failure) {
            if (failure.code().equals("ConflictException")) {
                throw IamErrors.exists("Login Profile for user " + user.userName() + " already exists.");
            }
            throw failure;
        }
        return CreateLoginProfileResponse.builder().loginProfile(shown(user)).build();
    }

    GetLoginProfileResponse getLoginProfile(GetLoginProfileRequest request) {
        return GetLoginProfileResponse.builder()
                .loginProfile(shown(store.users.get(Users.nameOrCaller(request.userName()))))
                .build();
    }

    UpdateLoginProfileResponse updateLoginProfile(UpdateLoginProfileRequest request) {
        UserDetail user = store.users.get(request.userName());
        login(user);
        if (request.password() != null) {
            checkPassword(request.password());
        }
        String hash = request.password() == null ? null : hash(request.password());
        store.logins.update(
                user.userId(),
                login -> login.toBuilder()
                        .password(hash == null ? login.password() : hash)
                        .passwordResetRequired(
                                request.passwordResetRequired() == null
                                        ? login.passwordResetRequired()
                                        : request.passwordResetRequired())
                        .build());
        return UpdateLoginProfileResponse.builder().build();
    }

    DeleteLoginProfileResponse deleteLoginProfile(DeleteLoginProfileRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(request.userName()));
        login(user);
        store.logins.delete(user.userId());
        return DeleteLoginProfileResponse.builder().build();
    }

    ChangePasswordResponse changePassword(ChangePasswordRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(null));
        CreateLoginProfileRequest login = login(user);
        if (!matches(request.oldPassword(), login.password())) {
            throw new AwsError("AccessDenied", 403, "The old password was incorrect.");
        }
        checkPassword(request.newPassword());
        String hash = hash(request.newPassword());
        store.logins.update(
                user.userId(),
                present -> present.toBuilder()
                        .password(hash)
                        .passwordResetRequired(false)
                        .build());
        return ChangePasswordResponse.builder().build();
    }

    private CreateLoginProfileRequest login(UserDetail user) {
        return store.logins
                .find(user.userId())
                .orElseThrow(() ->
                        IamErrors.noSuchEntity("Login Profile for User " + user.userName() + " cannot be found."));
    }

    private LoginProfile shown(UserDetail user) {
        CreateLoginProfileRequest login = login(user);
        return LoginProfile.builder()
                .userName(user.userName())
                .createDate(Instant.parse(login.userName()))
                .passwordResetRequired(login.passwordResetRequired())
                .build();
    }

    /** PBKDF2 with HMAC-SHA-256 (RFC 8018), its salt before it. */
    private String hash(String password) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return encode(salt) + "$" + encode(derived(password, salt));
    }

    private static boolean matches(String password, String hash) {
        String[] parts = hash.split("\\$", 2);
        byte[] expected = Base64.getDecoder().decode(parts[1]);
        return MessageDigest.isEqual(
                expected, derived(password, Base64.getDecoder().decode(parts[0])));
    }

    private static byte[] derived(String password, byte[] salt) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, HASH_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    UpdateAccountPasswordPolicyResponse updateAccountPasswordPolicy(UpdateAccountPasswordPolicyRequest request) {
        PasswordPolicy policy = PasswordPolicy.builder()
                .minimumPasswordLength(request.minimumPasswordLength() == null ? 6 : request.minimumPasswordLength())
                .requireSymbols(Boolean.TRUE.equals(request.requireSymbols()))
                .requireNumbers(Boolean.TRUE.equals(request.requireNumbers()))
                .requireUppercaseCharacters(Boolean.TRUE.equals(request.requireUppercaseCharacters()))
                .requireLowercaseCharacters(Boolean.TRUE.equals(request.requireLowercaseCharacters()))
                .allowUsersToChangePassword(Boolean.TRUE.equals(request.allowUsersToChangePassword()))
                .expirePasswords(request.maxPasswordAge() != null)
                .maxPasswordAge(request.maxPasswordAge())
                .passwordReusePrevention(request.passwordReusePrevention())
                .hardExpiry(request.hardExpiry())
                .build();
        store.passwordPolicies.delete(IamStore.ONLY);
        store.passwordPolicies.insert(IamStore.ONLY, policy);
        return UpdateAccountPasswordPolicyResponse.builder().build();
    }

    GetAccountPasswordPolicyResponse getAccountPasswordPolicy(GetAccountPasswordPolicyRequest request) {
        return GetAccountPasswordPolicyResponse.builder()
                .passwordPolicy(passwordPolicy())
                .build();
    }

    private PasswordPolicy passwordPolicy() {
        return store.passwordPolicies.find(IamStore.ONLY).orElseThrow(Credentials::noPasswordPolicy);
    }

    private static AwsError noPasswordPolicy() {
        return IamErrors.noSuchEntity(
                "The Password Policy with domain name " + CallContext.current().account() + " cannot be found.");
    }

    DeleteAccountPasswordPolicyResponse deleteAccountPasswordPolicy(DeleteAccountPasswordPolicyRequest request) {
        if (!store.passwordPolicies.delete(IamStore.ONLY)) {
            throw noPasswordPolicy();
        }
        return DeleteAccountPasswordPolicyResponse.builder().build();
    }

    /** Without a policy of its own an account wants eight characters of three kinds. */
    private void checkPassword(String password) {
        boolean symbols = password.chars().anyMatch(character -> SYMBOLS.indexOf(character) >= 0);
        boolean numbers = password.chars().anyMatch(Character::isDigit);
        boolean upper = password.chars().anyMatch(Character::isUpperCase);
        boolean lower = password.chars().anyMatch(Character::isLowerCase);
        PasswordPolicy policy = store.passwordPolicies
                .find(IamStore.ONLY)
                .orElseGet(
                        () -> PasswordPolicy.builder().minimumPasswordLength(8).build());
        int kinds = (symbols ? 1 : 0) + (numbers ? 1 : 0) + (upper ? 1 : 0) + (lower ? 1 : 0);
        require(
                password.length() >= policy.minimumPasswordLength(),
                "have a minimum length of " + policy.minimumPasswordLength());
        require(symbols || !Boolean.TRUE.equals(policy.requireSymbols()), "have at least one symbol");
        require(numbers || !Boolean.TRUE.equals(policy.requireNumbers()), "have at least one number");
        require(
                upper || !Boolean.TRUE.equals(policy.requireUppercaseCharacters()),
                "have at least one uppercase letter");
        require(
                lower || !Boolean.TRUE.equals(policy.requireLowercaseCharacters()),
                "have at least one lowercase letter");
        require(policy.requireSymbols() != null || kinds >= 3, "have three kinds of characters");
    }

    private static void require(boolean met, String rule) {
        if (!met) {
            throw new AwsError(
                    "PasswordPolicyViolation",
                    400,
                    "Password does not conform to the account password policy: it must " + rule);
        }
    }
}
