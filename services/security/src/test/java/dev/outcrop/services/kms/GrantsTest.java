package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.GrantListEntry;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.InvalidGrantTokenException;
import software.amazon.awssdk.services.kms.model.KmsException;

class GrantsTest {
    private static final String OWNER = "000000000000";
    private static final String OTHER = "111111111111";
    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("a text");
    private static final Principal ROOT = Principal.root(OWNER, Optional.empty());
    private static final String NOTHING = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}""";

    @TempDir
    Path folder;

    private ServedSecurity house;
    private String key;
    private Principal user;

    @BeforeEach
    void open() {
        house = new ServedSecurity(folder);
        key = as(ROOT, KmsClient::createKey).keyMetadata().arn();
        user = house.user(OWNER, "ann", NOTHING);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private <T> T as(Principal principal, Function<KmsClient, T> call) {
        return house.as(principal, KmsClient.class, call);
    }

    private CreateGrantResponse grant(Principal principal, Consumer<CreateGrantRequest.Builder> more) {
        return as(
                principal,
                client -> client.createGrant(request -> {
                    request.keyId(key).granteePrincipal(user.arn());
                    more.accept(request);
                }));
    }

    private SdkBytes encrypted(Principal principal, Map<String, String> context) {
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

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(KmsException.class)
                .hasMessageContaining("is not authorized to perform: kms:");
    }

    @Test
    void aGrantAllowsItsOperationsAndNoOthersUntilItIsRevoked() {
        SdkBytes blob = encrypted(ROOT, Map.of());
        refused(() -> decrypted(user, blob, Map.of()));

        String id = grant(ROOT, request -> request.operations(GrantOperation.DECRYPT))
                .grantId();

        assertThat(decrypted(user, blob, Map.of())).isEqualTo(TEXT);
        refused(() -> encrypted(user, Map.of()));
        as(ROOT, client -> client.revokeGrant(request -> request.keyId(key).grantId(id)));
        refused(() -> decrypted(user, blob, Map.of()));
    }

    @Test
    void aGrantForAnotherAccountsUserNeedsNoPolicyThere() {
        Principal stranger = house.user(OTHER, "stranger", NOTHING);
        SdkBytes blob = encrypted(ROOT, Map.of());
        refused(() -> decrypted(stranger, blob, Map.of()));

        grant(ROOT, request -> request.granteePrincipal(stranger.arn()).operations(GrantOperation.DECRYPT));

        assertThat(decrypted(stranger, blob, Map.of())).isEqualTo(TEXT);
        refused(() -> decrypted(Principal.root(OTHER, Optional.empty()), blob, Map.of()));
    }

    @Test
    void aGrantForAnAccountIsForItsRootAndNotForItsUsers() {
        Principal stranger = house.user(OTHER, "stranger", NOTHING);
        SdkBytes blob = encrypted(ROOT, Map.of());

        grant(
                ROOT,
                request -> request.granteePrincipal("arn:aws:iam::" + OTHER + ":root")
                        .operations(GrantOperation.DECRYPT));

        assertThat(decrypted(Principal.root(OTHER, Optional.empty()), blob, Map.of()))
                .isEqualTo(TEXT);
        refused(() -> decrypted(stranger, blob, Map.of()));
    }

    @Test
    void constraintsTellNamesApartByCase() {
        grant(
                ROOT,
                request -> request.operations(GrantOperation.ENCRYPT)
                        .constraints(constraints -> constraints.encryptionContextEquals(Map.of("a", "1"))));

        assertThat(encrypted(user, Map.of("a", "1"))).isNotNull();
        refused(() -> encrypted(user, Map.of("A", "1")));
        refused(() -> encrypted(user, Map.of("a", "2", "A", "1")));
        refused(() -> encrypted(user, Map.of("a", "1", "b", "2")));
        refused(() -> encrypted(user, Map.of()));
    }

    @Test
    void aSubsetMayHaveMore() {
        grant(
                ROOT,
                request -> request.operations(GrantOperation.ENCRYPT, GrantOperation.DESCRIBE_KEY)
                        .constraints(constraints -> constraints.encryptionContextSubset(Map.of("a", "1"))));

        assertThat(encrypted(user, Map.of("a", "1", "b", "2"))).isNotNull();
        refused(() -> encrypted(user, Map.of("b", "2")));
        assertThat(as(user, client -> client.describeKey(request -> request.keyId(key)))
                        .keyMetadata()
                        .arn())
                .isEqualTo(key);
    }

    @Test
    void whoMakesGrantsByAGrantMakesNoneThatAllowMore() {
        grant(
                ROOT,
                request -> request.operations(GrantOperation.CREATE_GRANT, GrantOperation.DECRYPT)
                        .constraints(constraints -> constraints.encryptionContextSubset(Map.of("a", "1"))));

        assertThat(grant(
                        user,
                        request -> request.operations(GrantOperation.DECRYPT)
                                .constraints(constraints ->
                                        constraints.encryptionContextEquals(Map.of("a", "1", "b", "2")))))
                .isNotNull();
        refused(() -> grant(user, request -> request.operations(GrantOperation.DECRYPT)));
        refused(() -> grant(
                user,
                request -> request.operations(GrantOperation.DECRYPT)
                        .constraints(constraints -> constraints.encryptionContextSubset(Map.of("b", "2")))));
        refused(() -> grant(
                user,
                request -> request.operations(GrantOperation.ENCRYPT)
                        .constraints(constraints -> constraints.encryptionContextSubset(Map.of("a", "1")))));
    }

    @Test
    void theSameRequestWithANameGivesTheSameGrant() {
        Consumer<CreateGrantRequest.Builder> named =
                request -> request.name("reading").operations(GrantOperation.DECRYPT);

        assertThat(grant(ROOT, named).grantId()).isEqualTo(grant(ROOT, named).grantId());
        assertThatThrownBy(() -> grant(ROOT, request -> request.operations(GrantOperation.SIGN)))
                .hasMessageContaining("Sign is not supported for key");
    }

    @Test
    void aGrantIsRetiredByWhomItNamesAndByNobodyElse() {
        Principal retiring = house.user(OTHER, "retiring", NOTHING);
        Principal administrator = house.user(OWNER, "administrator", NOTHING.replace("s3:ListAllMyBuckets", "kms:*"));
        CreateGrantResponse grant = grant(
                ROOT, request -> request.operations(GrantOperation.DECRYPT).retiringPrincipal(retiring.arn()));

        assertThat(house.as(
                                Principal.root(OTHER, Optional.empty()),
                                KmsClient.class,
                                client -> client.listRetirableGrants(
                                        request -> request.retiringPrincipal(retiring.arn())))
                        .grants())
                .extracting(GrantListEntry::grantId)
                .containsExactly(grant.grantId());
        for (Principal another : List.of(user, administrator)) {
            refused(() -> as(another, client -> client.retireGrant(request -> request.grantToken(grant.grantToken()))));
        }
        as(retiring, client -> client.retireGrant(request -> request.grantToken(grant.grantToken())));
        assertThat(as(ROOT, client -> client.listGrants(request -> request.keyId(key)))
                        .grants())
                .isEmpty();
    }

    @Test
    void theGranteeRetiresWhereTheGrantLetsIt() {
        String id = grant(ROOT, request -> request.operations(GrantOperation.DECRYPT, GrantOperation.RETIRE_GRANT))
                .grantId();

        as(user, client -> client.retireGrant(request -> request.keyId(key).grantId(id)));

        assertThat(as(ROOT, client -> client.listGrants(request -> request.keyId(key)))
                        .grants())
                .isEmpty();
        assertThatThrownBy(() -> as(ROOT, client -> client.retireGrant(request -> request.grantToken("forged"))))
                .isInstanceOf(InvalidGrantTokenException.class);
    }

    @Test
    void otherAccountsDoNotSeeWhoMayRetireWhat() {
        assertThatThrownBy(() -> house.as(
                        Principal.root(OTHER, Optional.empty()),
                        KmsClient.class,
                        client -> client.listRetirableGrants(request -> request.retiringPrincipal(user.arn()))))
                .isInstanceOf(KmsException.class)
                .hasMessageContaining("is not in account " + OTHER);
    }

    @Test
    void aSessionsOwnPolicyNarrowsWhatIsGrantedToItsRole() {
        Principal opener = house.user(OWNER, "opener", NOTHING.replace("s3:ListAllMyBuckets", "sts:AssumeRole"));
        Principal whole = house.session(OWNER, "reader", NOTHING, opener);
        Principal narrowed = house.session(OWNER, "narrowed", NOTHING, opener, NOTHING);
        SdkBytes blob = encrypted(ROOT, Map.of());
        for (String role : List.of("reader", "narrowed")) {
            grant(
                    ROOT,
                    request -> request.granteePrincipal("arn:aws:iam::" + OWNER + ":role/" + role)
                            .operations(GrantOperation.DECRYPT));
        }

        assertThat(decrypted(whole, blob, Map.of())).isEqualTo(TEXT);
        assertThatThrownBy(() -> decrypted(narrowed, blob, Map.of()))
                .isInstanceOf(KmsException.class)
                .hasMessageContaining("because no session policy allows the kms:Decrypt action");
    }
}
