package dev.outcrop.services.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.RecordQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.secretsmanager.model.ReplicationStatusType;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.StatusType;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

class ReplicationTest {
    private static final String HOME = "us-east-1";
    private static final String AWAY = "eu-west-1";

    @TempDir
    Path folder;

    private ServedSecrets served;
    private String arn;

    @BeforeEach
    void open() {
        served = new ServedSecrets(folder);
        arn = served.call(client -> client.createSecret(request -> request.name("s")
                        .secretString("one")
                        .description("first")
                        .tags(Tag.builder().key("team").value("red").build())))
                .arn();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private List<ReplicationStatusType> replicate(boolean over) {
        return served.call(client -> client.replicateSecretToRegions(request -> request.secretId("s")
                        .forceOverwriteReplicaSecret(over)
                        .addReplicaRegions(
                                ReplicaRegionType.builder().region(AWAY).build())))
                .replicationStatus();
    }

    private String value(String region) {
        return served.in(region, client -> client.getSecretValue(request -> request.secretId("s")))
                .secretString();
    }

    private DescribeSecretResponse described(String region) {
        return served.in(region, client -> client.describeSecret(request -> request.secretId("s")));
    }

    private void put(String region, String text) {
        served.in(
                region,
                client -> client.putSecretValue(request -> request.secretId("s").secretString(text)));
    }

    @Test
    void aReplicaHasTheValueTheTagsAndTheArnOfItsRegion() {
        assertThat(replicate(false)).extracting(ReplicationStatusType::status).containsExactly(StatusType.IN_SYNC);

        DescribeSecretResponse replica = described(AWAY);
        assertThat(value(AWAY)).isEqualTo("one");
        assertThat(replica.arn()).isEqualTo(arn.replace(HOME, AWAY));
        assertThat(replica.primaryRegion()).isEqualTo(HOME);
        assertThat(replica.description()).isEqualTo("first");
        assertThat(replica.tags()).extracting(Tag::value).containsExactly("red");
        assertThat(replica.versionIdsToStages()).isEqualTo(described(HOME).versionIdsToStages());
        assertThat(described(HOME).replicationStatus())
                .extracting(ReplicationStatusType::region)
                .containsExactly(AWAY);
    }

    @Test
    void aReplicaFollowsEveryChange() {
        replicate(false);

        put(HOME, "two");
        served.call(client -> client.tagResource(request -> request.secretId("s")
                .tags(Tag.builder().key("more").value("tags").build())));
        served.call(
                client -> client.updateSecret(request -> request.secretId("s").description("second")));

        assertThat(value(AWAY)).isEqualTo("two");
        assertThat(served.in(
                                AWAY,
                                client -> client.getSecretValue(
                                        request -> request.secretId("s").versionStage("AWSPREVIOUS")))
                        .secretString())
                .isEqualTo("one");
        assertThat(described(AWAY).tags()).extracting(Tag::key).containsExactly("more", "team");
        assertThat(described(AWAY).description()).isEqualTo("second");
    }

    @Test
    void aReplicaIsUnderAKeyOfItsRegionAndOutOfSyncWithoutIt() {
        String key = served.house
                .in(AWAY, ServedSecrets.ROOT, KmsClient.class, KmsClient::createKey)
                .keyMetadata()
                .keyId();
        served.call(client -> client.replicateSecretToRegions(request -> request.secretId("s")
                .addReplicaRegions(
                        ReplicaRegionType.builder().region(AWAY).kmsKeyId(key).build())));
        assertThat(value(AWAY)).isEqualTo("one");
        served.house.in(
                AWAY, ServedSecrets.ROOT, KmsClient.class, client -> client.disableKey(request -> request.keyId(key)));

        put(HOME, "two");

        assertThat(value(HOME)).isEqualTo("two");
        assertThat(described(HOME).replicationStatus())
                .extracting(ReplicationStatusType::status)
                .containsExactly(StatusType.FAILED);
        assertThat(described(HOME).replicationStatus().getFirst().statusMessage())
                .contains("is disabled");
        served.house.in(
                AWAY, ServedSecrets.ROOT, KmsClient.class, client -> client.enableKey(request -> request.keyId(key)));
        put(HOME, "three");
        assertThat(value(AWAY)).isEqualTo("three");
        assertThat(described(HOME).replicationStatus())
                .extracting(ReplicationStatusType::status)
                .containsExactly(StatusType.IN_SYNC);
    }

    @Test
    void aReplicaIsChangedAtHomeOnly() {
        replicate(false);
        List<Function<SecretsManagerClient, ?>> changes = List.of(
                client -> client.putSecretValue(request -> request.secretId("s").secretString("mine")),
                client -> client.updateSecret(request -> request.secretId("s").description("mine")),
                client -> client.deleteSecret(request -> request.secretId("s")),
                client -> client.rotateSecret(request -> request.secretId("s")),
                client -> client.putResourcePolicy(
                        request -> request.secretId("s").resourcePolicy("{}")),
                client -> client.untagResource(request -> request.secretId("s").tagKeys("team")));

        for (Function<SecretsManagerClient, ?> change : changes) {
            assertThatThrownBy(() -> served.in(AWAY, change))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("Operation not permitted on a replica secret. Call must be made in primary"
                            + " secret's region.");
        }
    }

    @Test
    void aPromotedReplicaGoesItsOwnWay() {
        replicate(false);

        String promoted = served.in(AWAY, client -> client.stopReplicationToReplica(request -> request.secretId("s")))
                .arn();
        put(HOME, "two");
        put(AWAY, "mine");

        assertThat(promoted).isEqualTo(arn.replace(HOME, AWAY));
        assertThat(value(HOME)).isEqualTo("two");
        assertThat(value(AWAY)).isEqualTo("mine");
        assertThat(described(HOME).replicationStatus()).isEmpty();
        assertThat(described(AWAY).primaryRegion()).isNull();
        assertThatThrownBy(() ->
                        served.in(AWAY, client -> client.stopReplicationToReplica(request -> request.secretId("s"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aReplicaThatIsRemovedIsGoneWithItsValues() {
        replicate(false);
        assertThatThrownBy(() -> served.call(client -> client.deleteSecret(request -> request.secretId("s"))))
                .isInstanceOf(InvalidRequestException.class);

        assertThat(served.call(client -> client.removeRegionsFromReplication(
                                request -> request.secretId("s").removeReplicaRegions(AWAY)))
                        .replicationStatus())
                .isEmpty();

        assertThatThrownBy(() -> value(AWAY)).isInstanceOf(ResourceNotFoundException.class);
        assertThat(served.house.records().list(RecordQuery.all(StoredSecrets.VALUE, 10)))
                .hasSize(1);
        served.call(client -> client.deleteSecret(request -> request.secretId("s")));
    }

    @Test
    void anotherSecretOfTheNameGivesWayOnlyByForce() {
        served.in(
                AWAY, client -> client.createSecret(request -> request.name("s").secretString("other")));

        ReplicationStatusType refused = replicate(false).getFirst();

        assertThat(refused.status()).isEqualTo(StatusType.FAILED);
        assertThat(refused.statusMessage())
                .isEqualTo("Replication failed: Secret name s already exists in region eu-west-1.");
        assertThat(value(AWAY)).isEqualTo("other");
        assertThat(replicate(true).getFirst().status()).isEqualTo(StatusType.IN_SYNC);
        assertThat(value(AWAY)).isEqualTo("one");
        assertThat(served.house.records().list(RecordQuery.all(StoredSecrets.VALUE, 10)))
                .hasSize(2);
    }

    @Test
    void theOwnRegionIsNoReplicasRegion() {
        assertThatThrownBy(() -> served.call(client -> client.replicateSecretToRegions(request -> request.secretId("s")
                        .addReplicaRegions(
                                ReplicaRegionType.builder().region(HOME).build()))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Invalid replica region.");
    }

    @Test
    void aStrangersChangeIsReplicatedInTheNameOfTheSecretsAccount() {
        String key = served.house
                .as(KmsClient.class, client -> client.createKey(request -> request.policy("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                         "Principal": {"AWS": ["000000000000", "111111111111"]}, "Action": "kms:*", "Resource": "*"}}""")))
                .keyMetadata()
                .arn();
        served.call(
                client -> client.updateSecret(request -> request.secretId("s").kmsKeyId(key)));
        served.call(client ->
                client.putResourcePolicy(request -> request.secretId("s").resourcePolicy("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111111111111"},
                 "Action": "secretsmanager:PutSecretValue", "Resource": "*"}}""")));
        replicate(false);

        served.as(
                Principal.root("111111111111", Optional.empty()),
                client -> client.putSecretValue(request -> request.secretId(arn).secretString("theirs")));

        assertThat(value(AWAY)).isEqualTo("theirs");
        assertThat(described(HOME).replicationStatus())
                .extracting(ReplicationStatusType::status)
                .containsExactly(StatusType.IN_SYNC);
    }
}
