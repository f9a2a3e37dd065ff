package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.KilledProcess;
import dev.outcrop.services.ServedSecurity;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.StoredRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.IncludeKeyMaterial;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;

/** What was acknowledged of keys outlives SIGKILL at any moment, and nothing half is to be seen. */
class KilledRotationsTest {
    /** More of them by {@code -Doutcrop.kills=500}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 4);

    /** Decides when. */
    private static final long SEED = Long.getLong("outcrop.seed", 20_261_122);

    private static final int LONGEST_LIFE_MILLIS = 1500;

    @TempDir
    Path folder;

    private final List<String> acknowledged = new ArrayList<>();

    @Test
    void nothingAcknowledgedIsLostAndNothingHalfIsVisible(TestReporter reporter) throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < KILLS; i++) {
            Duration life = Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS));
            acknowledged.addAll(KilledProcess.afterTime(RotatingProcess.class, life, folder));
        }

        try (ServedSecurity house = new ServedSecurity(folder)) {
            checkPromises(house);
            checkWholeness(house);
        }
        reporter.publishEntry(KILLS + " kills", acknowledged.size() + " things acknowledged");
        assertThat(acknowledged).hasSizeGreaterThan(KILLS * 5);
    }

    private static <T> T kms(ServedSecurity house, String region, Function<KmsClient, T> call) {
        return house.in(region, RotatingProcess.ROOT, KmsClient.class, call);
    }

    private void checkPromises(ServedSecurity house) {
        Set<String> deleted = acknowledged.stream()
                .filter(line -> line.startsWith("deleted "))
                .map(line -> line.split(" ")[1])
                .collect(Collectors.toSet());
        for (String line : acknowledged) {
            String[] words = line.split(" ");
            String key = words[1];
            switch (words[0]) {
                case "text" -> {
                    SdkBytes blob = SdkBytes.fromByteArray(Base64.getDecoder().decode(words[2]));
                    assertThat(kms(
                                            house,
                                            RotatingProcess.HOME,
                                            client -> client.decrypt(request -> request.ciphertextBlob(blob)))
                                    .plaintext()
                                    .asUtf8String())
                            .as(line)
                            .isEqualTo(key);
                }
                case "rotated" ->
                    assertThat(materials(house, key))
                            .as(line)
                            .extracting(RotationsListEntry::keyMaterialId)
                            .contains(words[2]);
                case "replica" ->
                    assertThat(kms(
                                            house,
                                            RotatingProcess.AWAY,
                                            client -> client.describeKey(request -> request.keyId(key)))
                                    .keyMetadata()
                                    .keyState())
                            .as(line)
                            .isEqualTo(KeyState.ENABLED);
                case "doomed" -> {
                    if (!deleted.contains(key)) {
                        checkDoomed(house, key);
                    }
                }
                case "deleted" ->
                    assertThatThrownBy(() -> kms(
                                    house,
                                    RotatingProcess.HOME,
                                    client -> client.describeKey(request -> request.keyId(key))))
                            .as(line)
                            .isInstanceOf(NotFoundException.class);
                default -> throw new AssertionError("no process writes lines such as: " + line);
            }
        }
    }

    /** Its deletion may have come about without being acknowledged. */
    private static void checkDoomed(ServedSecurity house, String key) {
        KeyState state;
        try {
            state = kms(house, RotatingProcess.HOME, client -> client.describeKey(request -> request.keyId(key)))
                    .keyMetadata()
                    .keyState();
        } catch (NotFoundException gone) {
            return;
        }
        assertThat(state).as("the doomed key %s", key).isEqualTo(KeyState.PENDING_DELETION);
    }

    private static List<RotationsListEntry> materials(ServedSecurity house, String key) {
        return kms(
                        house,
                        RotatingProcess.HOME,
                        client -> client.listKeyRotations(
                                request -> request.keyId(key).includeKeyMaterial(IncludeKeyMaterial.ALL_KEY_MATERIAL)))
                .rotations();
    }

    private static void checkWholeness(ServedSecurity house) {
        Set<String> ids = new HashSet<>();
        for (StoredRecord record : house.records().list(RecordQuery.all(KmsKeys.KEY, RecordQuery.MAXIMUM_LIMIT))) {
            KmsKey key = KmsKeys.read(record);
            ids.add(key.region() + key.id());
            assertThat(key.materials())
                    .as(key.arn())
                    .filteredOn(material -> material.state() == KeyMaterialState.CURRENT)
                    .hasSize(1);
            for (String region : key.related().replicaRegions()) {
                KmsKey replica = house.records()
                        .get(new RecordKey(KmsKeys.KEY, key.account(), region, key.id()))
                        .map(KmsKeys::read)
                        .orElseThrow();
                assertThat(replica.current().orElseThrow().id())
                        .as(replica.arn())
                        .isEqualTo(key.current().orElseThrow().id());
            }
        }
        for (String type : List.of(KmsKeys.ALIAS, KmsKeys.GRANT)) {
            assertThat(house.records().list(RecordQuery.all(type, RecordQuery.MAXIMUM_LIMIT)))
                    .as(type)
                    .allMatch(record -> ids.contains(record.key().region() + record.parent()));
        }
    }
}
