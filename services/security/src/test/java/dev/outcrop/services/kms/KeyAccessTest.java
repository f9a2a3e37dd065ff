package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Who may use which key: key policies, IAM's policies, sessions and other accounts. */
class KeyAccessTest {
    private static final String OWNER = "000000000000";
    private static final String OTHER = "111111111111";
    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("a text");
    private static final String ALL_OF_KMS = identityPolicy("kms:*", "");
    private static final String NOTHING = identityPolicy("s3:ListAllMyBuckets", "");

    @TempDir
    Path folder;

    private ServedSecurity house;

    @BeforeEach
    void open() {
        house = new ServedSecurity(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static String identityPolicy(String action, String condition) {
        return """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "%s", "Resource": "*"%s}}""".formatted(action, condition);
    }

    private KeyMetadata key(String... statements) {
        return house.as(KmsClient.class, client -> client.createKey(request -> request.policy(keyPolicy(statements))))
                .keyMetadata();
    }

    /** The owner's root may do everything; what else holds, the statements say. */
    private static String keyPolicy(String... statements) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": ["
                + statement("arn:aws:iam::" + OWNER + ":root", "kms:*", "")
                + (statements.length == 0 ? "" : ", " + String.join(", ", statements)) + "]}";
    }

    private static String statement(String principal, String action, String condition) {
        return """
                {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s", "Resource": "*"%s}""".formatted(principal, action, condition);
    }

    private static String when(String operator, String key, String value) {
        return ", \"Condition\": {\"%s\": {\"%s\": \"%s\"}}".formatted(operator, key, value);
    }

    private <T> T as(Principal principal, Function<KmsClient, T> call) {
        return house.as(principal, KmsClient.class, call);
    }

    private SdkBytes encrypted(Principal principal, String key, Map<String, String> context) {
        return as(
                        principal,
                        client -> client.encrypt(
                                request -> request.keyId(key).plaintext(TEXT).encryptionContext(context)))
                .ciphertextBlob();
    }

    private SdkBytes decrypted(Principal principal, SdkBytes blob, Map<String, String> context) {
        return as(
                        principal,
                        client -> client.decrypt(
                                request -> request.ciphertextBlob(blob).encryptionContext(context)))
                .plaintext();
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KmsException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo("AccessDeniedException"))
                .hasMessageContaining(message);
    }

    private static Principal root(String account) {
        return Principal.root(account, Optional.empty());
    }

    @Test
    void theRootsStatementLetsIamDecide() {
        KeyMetadata key = key();
        Principal may = house.user(OWNER, "may", ALL_OF_KMS);
        Principal mayNot = house.user(OWNER, "maynot", NOTHING);

        assertThat(decrypted(may, encrypted(may, key.keyId(), Map.of()), Map.of()))
                .isEqualTo(TEXT);
        refused(
                () -> encrypted(mayNot, key.keyId(), Map.of()),
                "User: arn:aws:iam::000000000000:user/maynot is not authorized to perform: kms:Encrypt on resource: "
                        + key.arn() + " because no identity-based policy allows the kms:Encrypt action");
    }

    @Test
    void withoutTheRootsStatementIamsPoliciesCountForNothing() {
        Principal keeper = house.user(OWNER, "keeper", NOTHING);
        KeyMetadata key = house.as(
                        KmsClient.class,
                        client -> client.createKey(request -> request.bypassPolicyLockoutSafetyCheck(true)
                                .policy("{\"Version\": \"2012-10-17\", \"Statement\": "
                                        + statement(keeper.arn(), "kms:*", "") + "}")))
                .keyMetadata();
        Principal administrator = house.user(OWNER, "administrator", ALL_OF_KMS);

        assertThat(encrypted(keeper, key.arn(), Map.of())).isNotNull();
        refused(
                () -> encrypted(administrator, key.arn(), Map.of()),
                "because no resource-based policy allows the kms:Encrypt action");
        refused(() -> encrypted(root(OWNER), key.arn(), Map.of()), "because no resource-based policy allows");
    }

    @Test
    void aKeyPolicyLetsARolesSessionInWithoutIam() {
        Principal opener = house.user(OWNER, "opener", identityPolicy("sts:AssumeRole", ""));
        Principal session = house.session(OWNER, "reader", NOTHING, opener);
        KeyMetadata open = key(statement("arn:aws:iam::000000000000:role/reader", "kms:Encrypt", ""));
        KeyMetadata closed = key();

        assertThat(encrypted(session, open.arn(), Map.of())).isNotNull();
        refused(() -> encrypted(session, closed.arn(), Map.of()), "because no identity-based policy allows");
    }

    @Test
    void aDenyOfTheKeyPolicyHoldsAgainstIamAndGrants() {
        Principal user = house.user(OWNER, "user", ALL_OF_KMS);
        KeyMetadata key = key(statement(user.arn(), "kms:Decrypt", "").replace("Allow", "Deny"));
        SdkBytes blob = encrypted(user, key.arn(), Map.of());
        as(
                root(OWNER),
                client -> client.createGrant(request ->
                        request.keyId(key.keyId()).granteePrincipal(user.arn()).operations(GrantOperation.DECRYPT)));

        refused(() -> decrypted(user, blob, Map.of()), "with an explicit deny in a resource-based policy");
    }

    @Test
    void theEncryptionContextDecides() {
        Principal user = house.user(OWNER, "user", NOTHING);
        KeyMetadata key = key(
                statement(user.arn(), "kms:Encrypt", when("StringEquals", "kms:EncryptionContext:Team", "red")),
                statement(
                        user.arn(),
                        "kms:Decrypt",
                        when("ForAllValues:StringEquals", "kms:EncryptionContextKeys", "Team")));

        SdkBytes blob = encrypted(user, key.arn(), Map.of("Team", "red", "more", "1"));

        refused(() -> encrypted(user, key.arn(), Map.of("Team", "blue")), "kms:Encrypt");
        refused(() -> encrypted(user, key.arn(), Map.of()), "kms:Encrypt");
        refused(() -> decrypted(user, blob, Map.of("Team", "red", "more", "1")), "kms:Decrypt");
        assertThat(decrypted(user, encrypted(user, key.arn(), Map.of("Team", "red")), Map.of("Team", "red")))
                .isEqualTo(TEXT);
    }

    @Test
    void reEncryptNeedsBothKeysEachWithItsOwnContext() {
        Principal user = house.user(OWNER, "user", NOTHING);
        KeyMetadata source = key(
                statement(user.arn(), "kms:ReEncryptFrom", when("StringEquals", "kms:EncryptionContext:is", "old")));
        KeyMetadata destination =
                key(statement(user.arn(), "kms:ReEncryptTo", when("StringEquals", "kms:EncryptionContext:is", "new")));
        SdkBytes blob = encrypted(root(OWNER), source.arn(), Map.of("is", "old"));

        assertThat(reEncrypted(user, blob, destination, "new")).isNotNull();
        refused(() -> reEncrypted(user, blob, destination, "old"), "kms:ReEncryptTo");
        refused(() -> reEncrypted(user, blob, source, "new"), "kms:ReEncryptTo");
    }

    private SdkBytes reEncrypted(Principal principal, SdkBytes blob, KeyMetadata destination, String context) {
        return as(
                        principal,
                        client -> client.reEncrypt(request -> request.ciphertextBlob(blob)
                                .sourceEncryptionContext(Map.of("is", "old"))
                                .destinationKeyId(destination.arn())
                                .destinationEncryptionContext(Map.of("is", context))))
                .ciphertextBlob();
    }

    @Test
    void theCallersAccountAndTheServiceOnTheWayDecide() {
        Principal user = house.user(OWNER, "user", NOTHING);
        KeyMetadata ours = key(statement("*", "kms:Encrypt", when("StringEquals", "kms:CallerAccount", OWNER)));
        KeyMetadata theirs = key(statement("*", "kms:Encrypt", when("StringEquals", "kms:CallerAccount", OTHER)));
        KeyMetadata via = key(statement(
                user.arn(), "kms:Encrypt", when("StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com")));

        assertThat(encrypted(user, ours.arn(), Map.of())).isNotNull();
        refused(() -> encrypted(user, theirs.arn(), Map.of()), "kms:Encrypt");
        refused(() -> encrypted(user, via.arn(), Map.of()), "kms:Encrypt");
        assertThat(house.through(
                                "s3",
                                user,
                                KmsClient.class,
                                client -> client.encrypt(
                                        request -> request.keyId(via.arn()).plaintext(TEXT)))
                        .ciphertextBlob())
                .isNotNull();
        refused(
                () -> house.through(
                        "glue",
                        user,
                        KmsClient.class,
                        client -> client.encrypt(
                                request -> request.keyId(via.arn()).plaintext(TEXT))),
                "kms:Encrypt");
    }

    @Test
    void grantsForAwsResourcesAreMadeThroughServicesOnly() {
        Principal user = house.user(OWNER, "user", NOTHING);
        KeyMetadata key =
                key(statement(user.arn(), "kms:CreateGrant", when("Bool", "kms:GrantIsForAWSResource", "true")));
        Function<KmsClient, String> grant = client -> client.createGrant(request ->
                        request.keyId(key.arn()).granteePrincipal(user.arn()).operations(GrantOperation.DECRYPT))
                .grantId();

        refused(() -> as(user, grant), "kms:CreateGrant");
        assertThat(house.through("s3", user, KmsClient.class, grant)).hasSize(64);
    }

    @Test
    void anotherAccountNeedsTheKeysPolicyAndItsOwn() {
        Principal may = house.user(OTHER, "may", identityPolicy("kms:*", ""));
        Principal mayNot = house.user(OTHER, "maynot", NOTHING);
        KeyMetadata shared = key(statement("arn:aws:iam::" + OTHER + ":root", "kms:*", ""));
        KeyMetadata named = key(statement(mayNot.arn(), "kms:*", ""));
        KeyMetadata closed = key();

        SdkBytes blob = encrypted(may, shared.arn(), Map.of());

        assertThat(decrypted(may, blob, Map.of())).isEqualTo(TEXT);
        assertThat(decrypted(root(OTHER), blob, Map.of())).isEqualTo(TEXT);
        assertThat(decrypted(root(OWNER), blob, Map.of())).isEqualTo(TEXT);
        refused(() -> decrypted(mayNot, blob, Map.of()), "because no identity-based policy allows");
        refused(() -> encrypted(mayNot, named.arn(), Map.of()), "because no identity-based policy allows");
        refused(() -> encrypted(may, closed.arn(), Map.of()), "because no resource-based policy allows");
        refused(
                () -> decrypted(may, encrypted(root(OWNER), closed.arn(), Map.of()), Map.of()),
                "because no resource-based policy allows");
    }

    @Test
    void anotherAccountsKeyIsReachedByItsAliasArnAndNotByItsIdAlone() {
        KeyMetadata shared = key(statement("arn:aws:iam::" + OTHER + ":root", "kms:*", ""));
        as(
                root(OWNER),
                client -> client.createAlias(
                        request -> request.aliasName("alias/shared").targetKeyId(shared.keyId())));
        String alias = "arn:aws:kms:us-east-1:" + OWNER + ":alias/shared";

        assertThat(as(root(OTHER), client -> client.describeKey(request -> request.keyId(alias)))
                        .keyMetadata()
                        .arn())
                .isEqualTo(shared.arn());
        assertThatThrownBy(() -> encrypted(root(OTHER), shared.keyId(), Map.of()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining(
                        "Key 'arn:aws:kms:us-east-1:111111111111:key/" + shared.keyId() + "' does not exist");
        assertThatThrownBy(() -> encrypted(root(OTHER), "alias/shared", Map.of()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aKeyThatThereIsNotLooksToOthersLikeOneThatIsClosed() {
        KeyMetadata closed = key();
        String missing = closed.arn().substring(0, closed.arn().length() - 4) + "0000";

        for (String key : List.of(closed.arn(), missing)) {
            refused(
                    () -> encrypted(root(OTHER), key, Map.of()),
                    "is not authorized to perform: kms:Encrypt on resource: " + key
                            + " because no resource-based policy allows the kms:Encrypt action");
        }
    }

    @Test
    void managementStaysWithTheKeysAccountWhateverItsPolicySays() {
        KeyMetadata shared = key(statement("arn:aws:iam::" + OTHER + ":root", "kms:*", ""));
        List<Function<KmsClient, ?>> calls = List.of(
                client -> client.disableKey(request -> request.keyId(shared.arn())),
                client -> client.scheduleKeyDeletion(request -> request.keyId(shared.arn())),
                client -> client.putKeyPolicy(
                        request -> request.keyId(shared.arn()).policy(keyPolicy())),
                client -> client.getKeyPolicy(request -> request.keyId(shared.arn())),
                client -> client.listKeyPolicies(request -> request.keyId(shared.arn())),
                client -> client.listResourceTags(request -> request.keyId(shared.arn())),
                client -> client.listKeyRotations(request -> request.keyId(shared.arn())),
                client -> client.listAliases(request -> request.keyId(shared.arn())),
                client -> client.rotateKeyOnDemand(request -> request.keyId(shared.arn())),
                client -> client.createAlias(
                        request -> request.aliasName("alias/mine").targetKeyId(shared.arn())),
                client -> client.updateKeyDescription(
                        request -> request.keyId(shared.arn()).description("mine")));

        for (Function<KmsClient, ?> call : calls) {
            assertThatThrownBy(() -> as(root(OTHER), call)).isInstanceOf(KmsException.class);
        }
        assertThat(as(root(OWNER), client -> client.describeKey(request -> request.keyId(shared.arn())))
                        .keyMetadata())
                .isEqualTo(shared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Encrypt", "ScheduleKeyDeletion", "PutKeyPolicy"})
    void aKeyThatAwsManagesIsOnlyForItsService(String operation) {
        String key = as(root(OWNER), client -> client.describeKey(request -> request.keyId("alias/aws/s3")))
                .keyMetadata()
                .arn();

        refused(
                () -> as(root(OWNER), client -> switch (operation) {
                    case "Encrypt" ->
                        client.encrypt(request -> request.keyId(key).plaintext(TEXT));
                    case "PutKeyPolicy" ->
                        client.putKeyPolicy(request -> request.keyId(key).policy(keyPolicy()));
                    default -> client.scheduleKeyDeletion(request -> request.keyId(key));
                }),
                "is not authorized to perform: kms:" + operation);
        assertThat(house.through(
                                "s3",
                                root(OWNER),
                                KmsClient.class,
                                client -> client.encrypt(
                                        request -> request.keyId(key).plaintext(TEXT)))
                        .keyId())
                .isEqualTo(key);
    }

    @Test
    void theAliasOfTheRequestAndThoseOfTheKeyDecide() {
        KeyMetadata key = key();
        as(
                root(OWNER),
                client -> client.createAlias(
                        request -> request.aliasName("alias/mine").targetKeyId(key.keyId())));
        Principal byRequest = house.user(
                OWNER, "byrequest", identityPolicy("kms:*", when("StringEquals", "kms:RequestAlias", "alias/mine")));
        Principal byKey = house.user(
                OWNER,
                "bykey",
                identityPolicy("kms:*", when("ForAnyValue:StringLike", "kms:ResourceAliases", "alias/m*")));

        for (String name : List.of("alias/mine", "arn:aws:kms:us-east-1:" + OWNER + ":alias/mine")) {
            assertThat(encrypted(byRequest, name, Map.of())).isNotNull();
            assertThat(encrypted(byKey, name, Map.of())).isNotNull();
        }
        refused(() -> encrypted(byRequest, key.arn(), Map.of()), "because no identity-based policy allows");
        assertThat(encrypted(byKey, key.arn(), Map.of())).isNotNull();
        as(root(OWNER), client -> client.deleteAlias(request -> request.aliasName("alias/mine")));
        refused(() -> encrypted(byKey, key.arn(), Map.of()), "because no identity-based policy allows");
    }

    @Test
    void aPolicyThatIsTooLongIsRefused() {
        String longest = keyPolicy().replace("kms:*", "kms:" + "a".repeat(40_000));

        assertThatThrownBy(() -> as(root(OWNER), client -> client.createKey(request -> request.policy(longest))))
                .isInstanceOf(KmsException.class);
    }
}
