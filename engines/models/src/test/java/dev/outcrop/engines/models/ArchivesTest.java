package dev.outcrop.engines.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivesTest {
    @TempDir
    Path folder;

    private static final Transfer QUIET = new Transfer("model", "file", Progress.NONE);

    private Path zip(String member, byte[] content) throws IOException {
        Path archive = folder.resolve("archive.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("other"));
            zip.write(1);
            zip.putNextEntry(new ZipEntry(member));
            zip.write(content);
        }
        return archive;
    }

    private static void member(OutputStream tar, String name, char type, byte[] content) throws IOException {
        byte[] header = new byte[512];
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(nameBytes, 0, header, 0, Math.min(100, nameBytes.length));
        byte[] size = String.format("%011o", content.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        header[156] = (byte) type;
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 5);
        tar.write(header);
        tar.write(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
    }

    private Path tar(byte[] bytes) throws IOException {
        Path archive = folder.resolve("archive.tgz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            out.write(bytes);
            out.write(new byte[1024]);
        }
        return archive;
    }

    private byte[] append(Path archive, String member, long most) throws IOException {
        Path target = folder.resolve("target");
        Files.deleteIfExists(target);
        Archives.append(archive, member, most, target, QUIET);
        return Files.readAllBytes(target);
    }

    @Test
    void takesAMemberOutOfAWheelOrJar() throws IOException {
        assertThat(append(zip("data/model.bin", new byte[] {1, 2, 3}), "data/model.bin", 3))
                .containsExactly(1, 2, 3);
    }

    @Test
    void takesAMemberOutOfAnNpmArchiveWhateverItsNamesLookLike() throws IOException {
        String longName = "package/" + "deep/".repeat(30) + "model.bin";
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        member(tar, "package/first", '0', new byte[700]);
        member(tar, "././@LongLink", 'L', (longName + "\0").getBytes(StandardCharsets.UTF_8));
        member(tar, longName, '0', new byte[] {4, 5});
        member(tar, "PaxHeader", 'x', "30 path=package/pax/model.bin\n".getBytes(StandardCharsets.UTF_8));
        member(tar, "cut", '0', new byte[] {6, 7});

        assertThat(append(tar(tar.toByteArray()), longName, 2)).containsExactly(4, 5);
        assertThat(append(tar(tar.toByteArray()), "package/pax/model.bin", 2)).containsExactly(6, 7);
    }

    @Test
    void writesNowhereElseWhateverAMemberIsCalled() throws IOException {
        Path archive = zip("../../outside", new byte[] {1});

        append(archive, "../../outside", 1);

        assertThat(folder.getParent().resolve("outside")).doesNotExist();
        assertThat(folder).isDirectoryContaining(path -> path.endsWith("target"));
    }

    @Test
    void stopsWhereAMemberIsLongerThanExpected() throws IOException {
        Path archive = zip("model.bin", new byte[10_000_000]);

        assertThatThrownBy(() -> append(archive, "model.bin", 1000))
                .hasMessage("model.bin is longer than the 1000 bytes expected");
        assertThat(folder.resolve("target").toFile().length()).isLessThan(100_000);
    }

    @Test
    void saysThatAMemberIsNotThere() throws IOException {
        assertThatThrownBy(() -> append(zip("model.bin", new byte[1]), "model.onnx", 1))
                .hasMessage("archive.whl has no member model.onnx");
        assertThatThrownBy(() -> append(tar(new byte[0]), "model.onnx", 1))
                .hasMessage("archive.tgz has no member model.onnx");
    }

    @Property(tries = 300)
    void readsMutatedArchivesWithoutHarm(@ForAll int position, @ForAll byte value) throws IOException {
        folder = Files.createTempDirectory("archives");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        member(bytes, "PaxHeader", 'x', "14 path=model\n".getBytes(StandardCharsets.UTF_8));
        member(bytes, "cut", '0', new byte[] {6, 7});
        byte[] mutated = bytes.toByteArray();
        mutated[Math.floorMod(position, mutated.length)] = value;

        try {
            assertThat(append(tar(mutated), "model", 2)).hasSizeLessThanOrEqualTo(2);
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("null");
        } finally {
            Folders.delete(folder);
        }
    }
}
