package dev.outcrop.storage.buckets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepAndScrubTest {
    private static final int LONG = 100_000;

    @TempDir
    private Path path;

    private DataFolder folder;
    private Records records;
    private Objects objects;
    private ObjectVersions versions;
    private Uploads uploads;
    private Instant now = Instant.now();

    @BeforeEach
    void open() {
        folder = DataFolder.open(path);
        records = folder.records();
        objects = folder.objects(folder.secrets());
        versions = new ObjectVersions(records, () -> now);
        uploads = new Uploads(records, versions);
        new Buckets(records)
                .create(new Bucket("photos", "1", "us-east-1", now, Versioning.ENABLED, Map.of(), Map.of()));
    }

    @AfterEach
    void close() {
        records.close();
        folder.close();
    }

    private String file() throws IOException {
        return objects.write(new ByteArrayInputStream(new byte[LONG]), LONG).id();
    }

    private String put(String key) throws IOException {
        String file = file();
        Content content = new Content(file, 0, LONG, "e", ContentChecksum.NONE, new byte[0]);
        versions.put("photos", key, content, ObjectSettings.NONE, _ -> {});
        return file;
    }

    private Path place(String file) {
        return path.resolve("objects").resolve(file.substring(0, 2)).resolve(file);
    }

    private void age(String file) throws IOException {
        Files.setLastModifiedTime(place(file), FileTime.from(now.minus(Duration.ofDays(2))));
    }

    private Sweep.Result sweep() {
        return new Sweep(records, objects, () -> now).sweep(() -> false);
    }

    @Test
    void deletesAFileThatNothingNamesWhenItIsOldAndWasFoundTwice() throws IOException {
        String orphan = file();
        age(orphan);

        Sweep.Result first = sweep();
        Sweep.Result soon = sweep();
        now = now.plus(Duration.ofHours(7));
        Sweep.Result later = sweep();

        assertThat(first).isEqualTo(new Sweep.Result(1, 0));
        assertThat(soon).isEqualTo(new Sweep.Result(1, 0));
        assertThat(later).isEqualTo(new Sweep.Result(0, 1));
        assertThat(place(orphan)).doesNotExist();
    }

    @Test
    void leavesAYoungFileAlone() throws IOException {
        String young = file();

        sweep();
        now = now.plus(Duration.ofHours(7));
        Sweep.Result later = sweep();

        assertThat(later).isEqualTo(new Sweep.Result(0, 0));
        assertThat(place(young)).exists();
    }

    @Test
    void leavesAloneWhatVersionsPartsAndGarbageName() throws IOException {
        String older = put("a");
        String current = put("a");
        Upload upload = new Upload("b", "u1", now, "", false, ObjectSettings.NONE);
        uploads.create("photos", upload);
        String part = file();
        uploads.put("photos", upload, new Part(1, part, LONG, "e", ContentChecksum.NONE, now, new byte[0]));
        String replaced = file();
        records.write(transaction -> {
            Garbage.add(transaction, replaced);
            return null;
        });
        for (String file : List.of(older, current, part, replaced)) {
            age(file);
        }

        sweep();
        now = now.plus(Duration.ofHours(7));

        assertThat(sweep()).isEqualTo(new Sweep.Result(0, 0));
        assertThat(place(older)).exists();
        assertThat(place(part)).exists();
    }

    @Test
    void sparesASuspectThatTurnsOutToBeNamed() throws IOException {
        String file = file();
        age(file);
        sweep();
        Content content = new Content(file, 0, LONG, "e", ContentChecksum.NONE, new byte[0]);
        versions.put("photos", "late", content, ObjectSettings.NONE, _ -> {});
        now = now.plus(Duration.ofHours(7));

        assertThat(sweep()).isEqualTo(new Sweep.Result(0, 0));
        assertThat(place(file)).exists();
    }

    @Test
    void findsWhatIsMissingDamagedAndCut() throws IOException {
        put("whole");
        Files.delete(place(put("missing")));
        String damaged = put("damaged");
        byte[] bytes = Files.readAllBytes(place(damaged));
        bytes[bytes.length / 2] ^= 1;
        Files.write(place(damaged), bytes);
        String cut = put("cut");
        Files.write(place(cut), HexFormat.of().parseHex("00"));
        Scrub scrub = new Scrub(records, objects, () -> now, Long.MAX_VALUE / 1_000_000);

        scrub.run(() -> false);

        assertThat(scrub.damages("photos"))
                .extracting(Scrub.Damage::key)
                .containsExactlyInAnyOrder("missing", "damaged", "cut");
        assertThat(scrub.damages("photos"))
                .filteredOn(damage -> damage.key().equals("missing"))
                .singleElement()
                .satisfies(damage -> assertThat(damage.reason()).contains("missing"));
    }

    @Test
    void readsABucketAgainWhenItsTimeHasComeOnly() throws IOException {
        Scrub scrub = new Scrub(records, objects, () -> now, Long.MAX_VALUE / 1_000_000);
        scrub.run(() -> false);
        Files.delete(place(put("missing")));

        scrub.run(() -> false);
        List<Scrub.Damage> soon = scrub.damages("photos");
        now = now.plus(Duration.ofDays(31));
        scrub.run(() -> false);

        assertThat(soon).isEmpty();
        assertThat(scrub.damages("photos")).hasSize(1);
    }

    @Test
    void readsWhatWasWrittenBeforeRecordsHeldBytes() throws IOException {
        put("a");
        ObjectVersion version = versions.current("photos", "a").orElseThrow();
        byte[] body = BodyCodec.write(version);
        // Format 1 had no length of sealed bytes, of which there are none here, before the three empty maps.
        byte[] first = new byte[body.length - Integer.BYTES];
        int settings = 3 * Integer.BYTES;
        System.arraycopy(body, 0, first, 0, first.length - settings);
        first[0] = 1;

        assertThat(BodyCodec.version("a", first).content().id())
                .isEqualTo(version.content().id());
        assertThat(BodyCodec.version("a", first).settings()).isEqualTo(ObjectSettings.NONE);
        assertThat(Optional.of(BodyCodec.version("a", first).content().isSealed()))
                .contains(false);
    }
}
