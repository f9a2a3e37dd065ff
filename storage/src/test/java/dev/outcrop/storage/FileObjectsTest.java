package dev.outcrop.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileObjectsTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path keys;

    private Secrets secrets;
    private FileObjects objects;

    @BeforeEach
    void open() {
        secrets = Secrets.open(keys.resolve("master.key"));
        objects = FileObjects.open(folder, secrets);
    }

    @Test
    void givesBackWhatWasWrittenWithItsDigests() throws IOException {
        Objects.StoredObject stored = write("hello world");

        assertThat(stored.size()).isEqualTo(11);
        assertThat(HexFormat.of().formatHex(stored.md5())).isEqualTo("5eb63bbbe01eeed093cb22bb8f5acdc3");
        assertThat(read(stored.id(), 0, Long.MAX_VALUE)).isEqualTo("hello world");
        assertThat(read(stored.id(), 6, 3)).isEqualTo("wor");
        assertThat(read(stored.id(), 99, 3)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000, 262_144})
    void readsAnyRangeOfAnyLength(int length) throws IOException {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);

        String id =
                objects.write(new ByteArrayInputStream(content), Long.MAX_VALUE).id();

        for (int from : new int[] {0, 1, 65_535, 65_536, 100_000, 300_000}) {
            int start = Math.min(from, length);
            try (InputStream all = objects.read(id, from, Long.MAX_VALUE);
                    InputStream some = objects.read(id, from, 70_000)) {
                assertThat(all.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, start, length));
                assertThat(some.readAllBytes())
                        .isEqualTo(Arrays.copyOfRange(content, start, Math.min(length, start + 70_000)));
            }
        }
    }

    @Test
    void keepsNothingInTheClearAndNoticesDamage() throws IOException {
        String id = objects.write(
                        new ByteArrayInputStream("secret".repeat(50_000).getBytes(UTF_8)), 1_000_000)
                .id();
        Path file = folder.resolve(id.substring(0, 2)).resolve(id);
        byte[] stored = Files.readAllBytes(file);

        assertThat(new String(stored, ISO_8859_1)).doesNotContain("secret");
        byte[] flipped = stored.clone();
        flipped[150_000] ^= 1;
        Files.write(file, flipped);
        assertThat(read(id, 0, 6)).isEqualTo("secret");
        assertThatThrownBy(() -> read(id, 0, 1_000_000)).hasMessage("an object is damaged in block 2");
        Files.write(file, Arrays.copyOf(stored, 200_000));
        assertThatThrownBy(() -> read(id, 0, 1_000_000)).isInstanceOf(IOException.class);
    }

    @Test
    void storesNothingOfContentThatIsTooLongOrBreaksOff() throws IOException {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[200_000]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        });

        assertThatThrownBy(() -> objects.write(new ByteArrayInputStream(new byte[11]), 10))
                .isInstanceOf(ObjectTooLargeException.class);
        assertThatThrownBy(() -> objects.write(broken, Long.MAX_VALUE)).hasMessage("connection reset");

        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc/passwd", "..", "/etc/passwd", "0123456789abcdef0123456789abcdeF", "a\0b"})
    void takesNoIdThatIsNotItsOwn(String id) {
        assertThatThrownBy(() -> objects.read(id, 0, 1)).isInstanceOf(ObjectMissingException.class);
        assertThatThrownBy(() -> objects.delete(id)).isInstanceOf(ObjectMissingException.class);
    }

    @Test
    void deletesOnceAndListsWhatIsOld() throws IOException {
        String first = write("1").id();
        String second = write("2").id();
        List<String> old = new ArrayList<>();

        assertThat(objects.delete(first)).isTrue();
        assertThat(objects.delete(first)).isFalse();
        objects.forEachBefore(Instant.now().plusSeconds(5), old::add);

        assertThat(old).containsExactly(second);
        assertThatThrownBy(() -> objects.read(first, 0, 1)).isInstanceOf(ObjectMissingException.class);
    }

    @Test
    void removesWhatAnEarlierProcessDidNotFinish() throws IOException {
        Path left = Files.writeString(folder.resolve("unfinished").resolve("0123456789abcdef0123456789abcdef"), "half");

        FileObjects.open(folder, secrets);

        assertThat(left).doesNotExist();
    }

    private Objects.StoredObject write(String content) throws IOException {
        return objects.write(new ByteArrayInputStream(content.getBytes(UTF_8)), 1000);
    }

    private String read(String id, long offset, long length) throws IOException {
        try (InputStream content = objects.read(id, offset, length)) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }

    @Test
    void takesNothingOnceTheDiskIsAlmostFullAndTakesItAgainLater() throws IOException {
        String before = write("before").id();
        FileObjects full = FileObjects.open(folder, secrets, Long.MAX_VALUE);

        assertThatThrownBy(() -> full.write(new ByteArrayInputStream(new byte[100_000]), 100_000))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("is full");
        assertThatThrownBy(() -> full.writeOrSeal(new ByteArrayInputStream(new byte[10]), 10))
                .isInstanceOf(StorageUnavailableException.class);
        assertThat(full.delete(before)).isTrue();
        try (Stream<Path> left = Files.list(folder.resolve("unfinished"))) {
            assertThat(left).isEmpty();
        }
        assertThat(read(write("after").id(), 0, 10)).isEqualTo("after");
    }

    @Test
    void saysThatItCannotWriteWhereTheDiskIsTheReasonAndNotTheContent() throws IOException {
        Files.delete(folder.resolve("unfinished"));

        assertThatThrownBy(() -> write("nowhere to go")).isInstanceOf(StorageUnavailableException.class);
        Files.createDirectory(folder.resolve("unfinished"));
        assertThat(read(write("well again").id(), 0, 20)).isEqualTo("well again");
    }

    @Test
    void sealsWhatIsShortAndFindsDamage() throws IOException {
        Objects.StoredObject stored = objects.writeOrSeal(new ByteArrayInputStream("hello".getBytes(UTF_8)), 100);
        byte[] damaged = stored.sealed().clone();
        damaged[damaged.length - 1] ^= 1;

        assertThat(stored.id()).isEmpty();
        assertThat(stored.size()).isEqualTo(5);
        assertThat(HexFormat.of().formatHex(stored.md5())).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(objects.unseal(stored.sealed())).asString(UTF_8).isEqualTo("hello");
        assertThat(new String(stored.sealed(), ISO_8859_1)).doesNotContain("hello");
        assertThatThrownBy(() -> objects.unseal(damaged)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 4097, 70_000})
    void sealsNoMoreThanFitsIntoARecord(int length) throws IOException {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);

        Objects.StoredObject stored = objects.writeOrSeal(new ByteArrayInputStream(content), 1L << 30);

        assertThat(stored.sealed().length > 0).isEqualTo(length <= Objects.LONGEST_SEALED);
        byte[] back = length <= Objects.LONGEST_SEALED
                ? objects.unseal(stored.sealed())
                : objects.read(stored.id(), 0, Long.MAX_VALUE).readAllBytes();
        assertThat(back).isEqualTo(content);
    }
}
