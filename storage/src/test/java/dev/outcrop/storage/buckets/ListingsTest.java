package dev.outcrop.storage.buckets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingsTest {
    @Test
    void aPageOfAFullBucketCostsNoMoreThanOneOfItsFirst(@TempDir Path path) {
        int keys = Integer.getInteger("outcrop.test.keys", 20_000);
        try (DataFolder folder = DataFolder.open(path);
                Records records = folder.records()) {
            new Buckets(records)
                    .create(new Bucket("b", "1", "us-east-1", Instant.EPOCH, Versioning.NEVER, Map.of(), Map.of()));
            fill(records, keys);
            Listings listings = new Listings(records);
            String last = "%04d/%08d".formatted(keys / 1000 - 2, keys - 1001);

            long begun = System.nanoTime();
            Listing<ObjectVersion> page = listings.objects("b", new Listing.Range("", "", last, 1000));
            long paged = System.nanoTime();
            Listing<ObjectVersion> top = listings.objects("b", new Listing.Range("", "/", "", 1000));
            long ended = System.nanoTime();

            assertThat(page.items()).hasSize(1000);
            assertThat(page.truncated()).isFalse();
            assertThat(top.commonPrefixes()).hasSize(keys / 1000);
            assertThat(paged - begun).as("nanoseconds of the last page").isLessThan(2_000_000_000L);
            assertThat(ended - paged).as("nanoseconds of the prefixes").isLessThan(5_000_000_000L);
            System.getLogger(ListingsTest.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "{0} keys: last page {1} us, prefixes {2} us",
                            keys,
                            (paged - begun) / 1000,
                            (ended - paged) / 1000);
        }
    }

    private static void fill(Records records, int keys) {
        ObjectVersions versions = new ObjectVersions(records, InstantSource.system());
        Content content = new Content("0".repeat(32), 0, 1, "e", ContentChecksum.NONE, new byte[0]);
        for (int begin = 0; begin < keys; begin += 1000) {
            List<String> batch = java.util.stream.IntStream.range(begin, begin + 1000)
                    .mapToObj("%08d"::formatted)
                    .toList();
            String folder = "%04d/".formatted(begin / 1000);
            records.write(transaction -> {
                batch.forEach(name -> versions.put(
                        transaction,
                        "b",
                        folder + name,
                        false,
                        content,
                        ObjectSettings.NONE,
                        (Optional<ObjectVersion> _) -> {}));
                return batch.size();
            });
        }
    }
}
