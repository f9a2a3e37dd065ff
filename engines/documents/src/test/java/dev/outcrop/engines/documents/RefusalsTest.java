package dev.outcrop.engines.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class RefusalsTest {
    private final DocumentParser parser = new DocumentParser(Limits.KNOWLEDGE_BASE);

    @TempDir
    Path folder;

    private DocumentException refusal(byte[] file, FileFormat format) {
        return refusal(parser, file, format);
    }

    private static DocumentException refusal(DocumentParser parser, byte[] file, FileFormat format) {
        return catchThrowableOfType(DocumentException.class, () -> parser.parse(file, format));
    }

    private static Limits limits(long bytes, int characters, int pages, int depth, Duration time) {
        return new Limits(bytes, characters, pages, depth, time);
    }

    @Test
    void saysThatAPdfIsEncrypted() {
        byte[] locked = Printed.pages(1).lines(1, 72, 72, "Secret.").bytes("password");

        assertThat(refusal(locked, FileFormat.PDF).reason()).isEqualTo(Reason.ENCRYPTED);
    }

    @Test
    void saysThatADocumentOfWordIsEncrypted() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (POIFSFileSystem files = new POIFSFileSystem()) {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("password");
            try (var out = encryptor.getDataStream(files)) {
                out.write(Samples.docx());
            }
            files.writeFilesystem(bytes);
        }

        assertThat(refusal(bytes.toByteArray(), FileFormat.DOCX).reason()).isEqualTo(Reason.ENCRYPTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"MARKDOWN", "TEXT", "CSV", "HTML"},
            mode = EnumSource.Mode.EXCLUDE)
    void saysThatAFileIsTruncatedOrOfAnotherFormat(FileFormat format) throws IOException {
        byte[] whole = Samples.of(format);
        byte[] truncated = Arrays.copyOf(whole, 300);
        byte[] words = "These are words.".getBytes(StandardCharsets.UTF_8);

        assertThat(refusal(truncated, format).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(words, format).reason()).isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"MARKDOWN", "TEXT", "CSV", "HTML"})
    void readsNoOtherFormatAsText(FileFormat format) throws IOException {
        assertThat(refusal(Samples.docx(), format).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(Printed.pages(1).bytes(), format).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void refusesWhatIsLongerThanItsLimits() {
        byte[] pdf =
                Printed.pages(3).lines(1, 72, 72, "Twenty-five letters or so.").bytes();
        Duration time = Duration.ofSeconds(60);

        assertThat(refusal(new DocumentParser(limits(100, 1000, 10, 10, time)), pdf, FileFormat.PDF))
                .hasMessageContaining("and may have 100");
        assertThat(refusal(new DocumentParser(limits(100_000, 10, 10, 10, time)), pdf, FileFormat.PDF))
                .hasMessage("it has more than 10 characters");
        assertThat(refusal(new DocumentParser(limits(100_000, 1000, 2, 10, time)), pdf, FileFormat.PDF))
                .hasMessage("it has 3 pages, and may have 2");
    }

    @Test
    void stopsAfterItsTime() {
        byte[] pdf = Printed.pages(1).lines(1, 72, 72, "Words.").bytes();
        DocumentParser hasty = new DocumentParser(limits(100_000, 1000, 10, 10, Duration.ZERO));

        assertThat(refusal(hasty, pdf, FileFormat.PDF).reason()).isEqualTo(Reason.TOO_SLOW);
    }

    @Test
    void refusesAStreamOfAPdfThatUnfoldsToMuchMore() throws IOException {
        byte[] bomb = deflated(new byte[300 << 20]);
        byte[] twice = deflated(bomb);

        for (byte[] stream : new byte[][] {bomb, twice}) {
            ByteArrayOutputStream pdf = new ByteArrayOutputStream();
            pdf.writeBytes(Printed.pages(1).bytes());
            pdf.writeBytes("\n9 0 obj <</Length 1>> stream\n".getBytes(StandardCharsets.US_ASCII));
            pdf.writeBytes(stream);

            assertThat(refusal(pdf.toByteArray(), FileFormat.PDF))
                    .hasMessage("a part of it unfolds to more than 256 MB");
        }
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, new Deflater(9))) {
            out.write(bytes);
        }
        return deflated.toByteArray();
    }

    @Test
    void refusesADocumentOfWordThatUnfoldsToMuchMore() throws IOException {
        byte[] bomb = Samples.docxOf("a".repeat(64 << 20));

        assertThat(bomb.length).isLessThan(1 << 20);
        assertThat(refusal(bomb, FileFormat.DOCX)).isNotNull();
    }

    @Test
    void followsNoEntitiesToFiles() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "the secret");
        byte[] thief =
                Samples.docxWith("<!DOCTYPE w [<!ENTITY secret SYSTEM \"" + secret.toUri() + "\">]>", "mine: &secret;");

        assertThat(textOrNothing(thief)).doesNotContain("the secret");
    }

    @Test
    void refusesEntitiesThatUnfoldToMuchMore() throws IOException {
        StringBuilder laughs = new StringBuilder("<!DOCTYPE w [<!ENTITY l0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY l")
                    .append(i)
                    .append(" \"")
                    .append(("&l" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }

        assertThat(textOrNothing(Samples.docxWith(laughs + "]>", "&l29;"))).isEmpty();
    }

    private String textOrNothing(byte[] docx) {
        try {
            return parser.parse(docx, FileFormat.DOCX).text();
        } catch (DocumentException refused) {
            return "";
        }
    }

    @Test
    void refusesTablesWhoseCellsWouldBeTooMany() {
        StringBuilder csv = new StringBuilder(",x".repeat(10_000)).append('\n');
        csv.append("a\n".repeat(10_000));

        assertThatThrownBy(() -> parser.parse(csv.toString().getBytes(StandardCharsets.UTF_8), FileFormat.CSV))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("more than 5000000 cells");
    }

    @Test
    void readsDeepHtmlOrSaysThatItIsTooDeep() {
        byte[] deep = "<div>".repeat(100_000).getBytes(StandardCharsets.UTF_8);

        try {
            assertThat(parser.parse(deep, FileFormat.HTML).blocks()).isEmpty();
        } catch (DocumentException refused) {
            assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
        }
    }
}
