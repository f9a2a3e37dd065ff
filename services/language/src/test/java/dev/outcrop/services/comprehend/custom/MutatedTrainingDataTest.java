package dev.outcrop.services.comprehend.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.comprehend.model.AugmentedManifestsListItem;

/** Files that users train on, with bytes changed, lost and doubled: they are read or refused, and nothing else. */
class MutatedTrainingDataTest {
    /** All 10,000 by {@code -Doutcrop.mutations=10000}. */
    private static final int MUTATIONS = Integer.getInteger("outcrop.mutations", 300);

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final byte[] MARKS = "\",\n\r\\{}[]:\u0000\u00ff\u00c3".getBytes(StandardCharsets.ISO_8859_1);
    private static final String CSV = """
            WEATHER,"Rain, wind and a ""storm"" near town"
            FOOTBALL,The team scored a goal\r
            \uFEFFA|B,"two
            lines"

            """;
    private static final String MANIFEST = """
            {"source": "Rain and wind", "kind": "WEATHER", "kind-metadata": {"class-name": "WEATHER", "confidence": 1}}
            {"source": "A goal", "kind": 1, "kind-metadata": {"class-map": {"1": "FOOTBALL"}}}

            {"source": "Berlin", "kind": {"annotations": [{"begin-offset": 0, "end-offset": 6, "label": "CITY"}]}}
            """;

    @Test
    void recordsOfMutatedTablesAreReadOrRefused() {
        byte[] whole = CSV.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(11);

        int[] read = assertTimeoutPreemptively(LONGEST, () -> {
            int[] count = new int[2];
            for (int i = 0; i < MUTATIONS; i++) {
                try (CsvRecords records =
                        new CsvRecords(new ByteArrayInputStream(mutated(whole, random)), "some.csv")) {
                    for (Optional<List<String>> next = records.next(); next.isPresent(); next = records.next()) {
                        assertThat(next.get()).isNotEmpty();
                    }
                    count[0]++;
                } catch (AwsError refused) {
                    assertThat(refused.getMessage()).contains("some.csv");
                    count[1]++;
                }
            }
            return count;
        });

        assertThat(read[0]).as("tables read").isPositive();
        assertThat(read[1]).as("tables refused").isPositive();
    }

    @Test
    void linesOfMutatedManifestsAreReadOrRefused() {
        byte[] whole = MANIFEST.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(12);
        AugmentedManifestsListItem item = AugmentedManifestsListItem.builder()
                .s3Uri("s3://texts/some.manifest")
                .attributeNames("kind")
                .build();
        Manifests manifests = new Manifests(new RoleBuckets(
                () -> {
                    throw new AssertionError("no other object is asked for");
                },
                "role",
                "source"));

        int[] read = assertTimeoutPreemptively(LONGEST, () -> {
            int[] count = new int[2];
            for (int i = 0; i < MUTATIONS; i++) {
                try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new ByteArrayInputStream(mutated(whole, random)), StandardCharsets.UTF_8))) {
                    manifests.read(item, lines, (text, attribute, line) -> count[0]++);
                } catch (AwsError refused) {
                    assertThat(refused.getMessage()).contains("some.manifest");
                    count[1]++;
                }
            }
            return count;
        });

        assertThat(read[0]).as("lines read").isPositive();
        assertThat(read[1]).as("manifests refused").isPositive();
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] mutated = whole.clone();
        for (int change = random.nextInt(6); change >= 0 && mutated.length > 2; change--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] = (byte) random.nextInt(256);
                case 1 -> mutated[at] = MARKS[random.nextInt(MARKS.length)];
                case 2 -> mutated = Arrays.copyOf(mutated, at + 1);
                default -> {
                    byte[] doubled = Arrays.copyOf(mutated, mutated.length + at);
                    System.arraycopy(mutated, 0, doubled, mutated.length, at);
                    mutated = doubled;
                }
            }
        }
        return mutated;
    }
}
