package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import software.amazon.awssdk.services.iam.model.ChangePasswordRequest;
import software.amazon.awssdk.services.iam.model.ChangePasswordResponse;
import software.amazon.awssdk.services.iam.model.CreateLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.CreateLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccountPasswordPolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccountPasswordPolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.DeleteLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.GetAccountPasswordPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetAccountPasswordPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.GetLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.LoginProfile;
import software.amazon.awssdk.services.iam.model.PasswordPolicy;
import software.amazon.awssdk.services.iam.model.UpdateAccountPasswordPolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAccountPasswordPolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateLoginProfileRequest;
import software.amazon.awssdk.services.iam.model.UpdateLoginProfileResponse;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** The passwords of users, and what passwords of the account must be like. */
final class Passwords {
    private static final int ITERATIONS = 210_000;
    private static final int HASH_BITS = 256;
    private static final String SYMBOLS = "!@#$%^&*()_+-=[]{}|'";

    private final IamStore store;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Passwords(IamStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    CreateLoginProfileResponse createLoginProfile(CreateLoginProfileRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(request.userName()));
        if (request.password() == null) {
            throw IamErrors.invalid("A password must be given");
        }
        checkPassword(request.password());
        boolean reset = Boolean.TRUE.equals(request.passwordResetRequired());
        Instant now = clock.instant();
        Login login = new Login(hash(request.password()), List.of(), reset, now.toEpochMilli(), now.toEpochMilli());
        if (!store.logins.insert(user.userId(), login, now)) {
            throw IamErrors.exists("Login Profile for user " + user.userName() + " already exists.");
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
        Login present = login(user);
        Instant now = clock.instant();
        boolean reset =
                request.passwordResetRequired() == null ? present.resetRequired() : request.passwordResetRequired();
        if (request.password() == null) {
            store.logins.change(user.userId(), now, login -> login.withReset(reset));
        } else {
            change(user, request.password(), reset, now);
        }
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
        if (!matches(request.oldPassword(), login(user).hash())) {
            throw new AwsError("AccessDenied", 403, "The old password was incorrect.");
        }
        change(user, request.newPassword(), false, clock.instant());
        return ChangePasswordResponse.builder().build();
    }

    /** Puts another password in place of the present one, unless it was used too lately. */
    private void change(UserDetail user, String password, boolean reset, Instant now) {
        checkPassword(password);
        int remembered = store.passwordPolicies
                .find(IamStore.ONLY)
                .map(PasswordPolicy::passwordReusePrevention)
                .orElse(0);
        Login present = login(user);
        boolean used = present.hashes().stream().limit(remembered).anyMatch(hash -> matches(password, hash));
        require(!used, "not be one that was used before");
        String hash = hash(password);
        store.logins.change(user.userId(), now, login -> login.with(hash, reset, now));
    }

    private Login login(UserDetail user) {
        return store.logins
                .find(user.userId())
                .orElseThrow(() ->
                        IamErrors.noSuchEntity("Login Profile for User " + user.userName() + " cannot be found."));
    }

    private LoginProfile shown(UserDetail user) {
        Login login = login(user);
        return LoginProfile.builder()
                .userName(user.userName())
                .createDate(Instant.ofEpochMilli(login.createdAt()))
                .passwordResetRequired(login.resetRequired())
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
        store.passwordPolicies.put(IamStore.ONLY, policy);
        return UpdateAccountPasswordPolicyResponse.builder().build();
    }

    GetAccountPasswordPolicyResponse getAccountPasswordPolicy(GetAccountPasswordPolicyRequest request) {
        return GetAccountPasswordPolicyResponse.builder()
                .passwordPolicy(passwordPolicy())
                .build();
    }

    private PasswordPolicy passwordPolicy() {
        return store.passwordPolicies.find(IamStore.ONLY).orElseThrow(Passwords::noPasswordPolicy);
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
