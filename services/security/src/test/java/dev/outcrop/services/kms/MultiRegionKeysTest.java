package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MultiRegionKey;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.ReplicateKeyResponse;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

class MultiRegionKeysTest {
    private static final String HOME = "us-east-1";
    private static final String AWAY = "eu-west-1";
    private static final String FAR = "ap-southeast-2";
    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("a text");
    private static final Principal ROOT = Principal.root("000000000000", Optional.empty());

    @TempDir
    Path folder;

    private ServedSecurity house;
    private String key;

    @BeforeEach
    void open() {
        house = new ServedSecurity(folder);
        key = in(HOME, client -> client.createKey(request -> request.multiRegion(true)))
                .keyMetadata()
                .keyId();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private <T> T in(String region, Function<KmsClient, T> call) {
        return house.in(region, ROOT, KmsClient.class, call);
    }

    private ReplicateKeyResponse replicate(String region) {
        return in(
                HOME,
                client -> client.replicateKey(request -> request.keyId(key).replicaRegion(region)));
    }

    private KeyMetadata described(String region) {
        return in(region, client -> client.describeKey(request -> request.keyId(key)))
                .keyMetadata();
    }

    private SdkBytes encrypted(String region) {
        return in(region, client -> client.encrypt(request -> request.keyId(key).plaintext(TEXT)))
                .ciphertextBlob();
    }

    private SdkBytes decrypted(String region, SdkBytes blob) {
        return in(region, client -> client.decrypt(request -> request.ciphertextBlob(blob)))
                .plaintext();
    }

    @Test
    void whatOneRegionEncryptsAnotherDecrypts() {
        assertThat(key).matches("mrk-[0-9a-f]{32}");
        SdkBytes before = encrypted(HOME);

        replicate(AWAY);

        assertThat(decrypted(AWAY, before)).isEqualTo(TEXT);
        assertThat(decrypted(HOME, encrypted(AWAY))).isEqualTo(TEXT);
        assertThatThrownBy(() -> decrypted(FAR, before)).isInstanceOf(KmsException.class);
    }

    @Test
    void aReplicaHasItsOwnPolicyDescriptionTagsAndState() {
        ReplicateKeyResponse made = in(
                HOME,
                client -> client.replicateKey(request -> request.keyId(key)
                        .replicaRegion(AWAY)
                        .description("away")
                        .tags(Tag.builder().tagKey("team").tagValue("red").build())));

        KeyMetadata replica = described(AWAY);
        assertThat(made.replicaKeyMetadata()).isEqualTo(replica);
        assertThat(made.replicaTags()).extracting(Tag::tagValue).containsExactly("red");
        assertThat(replica.arn()).isEqualTo("arn:aws:kms:eu-west-1:000000000000:key/" + key);
        assertThat(replica.description()).isEqualTo("away");
        assertThat(replica.multiRegionConfiguration().multiRegionKeyType()).isEqualTo(MultiRegionKeyType.REPLICA);
        in(AWAY, client -> client.disableKey(request -> request.keyId(key)));
        assertThat(described(AWAY).keyState()).isEqualTo(KeyState.DISABLED);
        assertThat(described(HOME).keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(in(HOME, client -> client.listResourceTags(request -> request.keyId(key)))
                        .tags())
                .isEmpty();
    }

    @Test
    void everyKeyOfASetTellsTheWholeSet() {
        replicate(AWAY);
        replicate(FAR);

        for (String region : List.of(HOME, AWAY, FAR)) {
            assertThat(described(region).multiRegionConfiguration().primaryKey().region())
                    .isEqualTo(HOME);
            assertThat(described(region).multiRegionConfiguration().replicaKeys())
                    .extracting(MultiRegionKey::region)
                    .containsExactly(AWAY, FAR);
        }
        assertThatThrownBy(() -> replicate(AWAY)).isInstanceOf(AlreadyExistsException.class);
        assertThatThrownBy(() -> in(
                        AWAY,
                        client -> client.replicateKey(
                                request -> request.keyId(key).replicaRegion("us-west-2"))))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void rotationHappensEverywhereAtOnceAndOnlyAtThePrimaryKey() {
        replicate(AWAY);
        SdkBytes before = encrypted(AWAY);

        in(HOME, client -> client.rotateKeyOnDemand(request -> request.keyId(key)));

        assertThat(described(AWAY).currentKeyMaterialId())
                .isEqualTo(described(HOME).currentKeyMaterialId());
        assertThat(decrypted(AWAY, before)).isEqualTo(TEXT);
        assertThat(decrypted(HOME, encrypted(AWAY))).isEqualTo(TEXT);
        assertThatThrownBy(() -> in(AWAY, client -> client.rotateKeyOnDemand(request -> request.keyId(key))))
                .isInstanceOf(UnsupportedOperationException.class);
        in(HOME, client -> client.enableKeyRotation(request -> request.keyId(key)));
        assertThat(in(AWAY, client -> client.getKeyRotationStatus(request -> request.keyId(key)))
                        .keyRotationEnabled())
                .isTrue();
    }

    @Test
    void aReplicaBecomesThePrimaryKeyAndThePrimaryKeyAReplica() {
        replicate(AWAY);
        replicate(FAR);

        in(
                HOME,
                client ->
                        client.updatePrimaryRegion(request -> request.keyId(key).primaryRegion(AWAY)));

        for (String region : List.of(HOME, AWAY, FAR)) {
            assertThat(described(region).multiRegionConfiguration().primaryKey().region())
                    .isEqualTo(AWAY);
            assertThat(described(region).multiRegionConfiguration().replicaKeys())
                    .extracting(MultiRegionKey::region)
                    .containsExactlyInAnyOrder(HOME, FAR);
        }
        in(AWAY, client -> client.rotateKeyOnDemand(request -> request.keyId(key)));
        assertThat(described(HOME).currentKeyMaterialId())
                .isEqualTo(described(AWAY).currentKeyMaterialId());
        assertThatThrownBy(() -> in(
                        AWAY,
                        client -> client.updatePrimaryRegion(
                                request -> request.keyId(key).primaryRegion("us-west-2"))))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aPrimaryKeyGoesAfterItsLastReplica() {
        replicate(AWAY);
        in(
                HOME,
                client ->
                        client.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7)));
        assertThat(described(HOME).keyState()).isEqualTo(KeyState.PENDING_REPLICA_DELETION);
        assertThat(described(HOME).pendingDeletionWindowInDays()).isEqualTo(7);
        assertThat(described(HOME).deletionDate()).isNull();
        assertThatThrownBy(() -> encrypted(HOME)).isInstanceOf(KmsInvalidStateException.class);
        passes(Duration.ofDays(30));
        assertThat(described(HOME).keyState()).isEqualTo(KeyState.PENDING_REPLICA_DELETION);

        in(
                AWAY,
                client ->
                        client.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7)));
        passes(Duration.ofDays(8));

        assertThat(described(HOME).keyState()).isEqualTo(KeyState.PENDING_DELETION);
        assertThat(described(HOME).deletionDate())
                .isEqualTo(house.clock().instant().plus(Duration.ofDays(7)));
        passes(Duration.ofDays(8));
        assertThatThrownBy(() -> described(HOME)).isInstanceOf(NotFoundException.class);
    }

    private void passes(Duration time) {
        house.pass(time);
        house.kmsService().chore().body().run(() -> false);
    }

    @Test
    void aKeyOfOneRegionIsNotReplicated() {
        String single = in(HOME, KmsClient::createKey).keyMetadata().keyId();

        assertThatThrownBy(() -> in(
                        HOME,
                        client -> client.replicateKey(
                                request -> request.keyId(single).replicaRegion(AWAY))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("is not a multi-Region key");
        assertThatThrownBy(() -> replicate("nowhere")).hasMessageContaining("nowhere");
    }

    @Test
    void aNewPrimaryKeyNeedsARightOnBothKeys() {
        replicate(AWAY);
        Principal user = house.user("000000000000", "user", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:UpdatePrimaryRegion",
                 "Resource": "arn:aws:kms:us-east-1:*:key/*"}}""");

        assertThatThrownBy(() -> house.in(
                        HOME,
                        user,
                        KmsClient.class,
                        client -> client.updatePrimaryRegion(
                                request -> request.keyId(key).primaryRegion(AWAY))))
                .isInstanceOf(KmsException.class)
                .hasMessageContaining("on resource: arn:aws:kms:eu-west-1:000000000000:key/" + key);
    }
}
