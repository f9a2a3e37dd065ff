package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

@Timeout(60)
class DocumentTextTest {
    private final DocumentText documents = new DocumentText();

    @Test
    void readsPdf() throws IOException {
        assertThat(documents.of("slates", DocumentFormat.PDF, pdf("Slate costs four crowns.", "")))
                .isEqualTo("Slate costs four crowns.");
    }

    @Test
    void readsWordWithItsTables() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (XWPFDocument document = new XWPFDocument()) {
            document.createParagraph().createRun().setText("Slate costs four crowns.");
            XWPFTable table = document.createTable(1, 2);
            table.getRow(0).getCell(0).setText("granite");
            table.getRow(0).getCell(1).setText("nine");
            document.write(bytes);
        }

        assertThat(documents.of("slates", DocumentFormat.DOCX, bytes.toByteArray()))
                .contains("Slate costs four crowns.")
                .containsPattern("granite\\s+nine");
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"XLS", "XLSX"})
    void readsExcel(DocumentFormat format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Workbook workbook = format == DocumentFormat.XLS ? new HSSFWorkbook() : new XSSFWorkbook()) {
            Row row = workbook.createSheet("Prices").createRow(0);
            row.createCell(0).setCellValue("slate");
            row.createCell(1).setCellValue(4.5);
            workbook.write(bytes);
        }

        assertThat(documents.of("slates", format, bytes.toByteArray()))
                .contains("Prices")
                .containsPattern("slate\\s+4\\.5");
    }

    @Test
    void readsHtmlWithoutItsScripts() {
        String html = "<html><head><title>Prices</title><script>alert(1)</script></head>"
                + "<body><h1>Slate</h1><p>costs <b>four</b> crowns.</p></body></html>";

        assertThat(documents.of("slates", DocumentFormat.HTML, html.getBytes(StandardCharsets.UTF_8)))
                .contains("Slate")
                .contains("costs four crowns.")
                .doesNotContain("alert");
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"TXT", "MD", "CSV"})
    void readsTextInItsEncoding(DocumentFormat format) {
        String text = "K\u00f8benhavn,4\u20ac";

        assertThat(documents.of("a", format, text.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(text);
        assertThat(documents.of("a", format, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(text);
        assertThat(documents.of("a", format, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE)))
                .isEqualTo(text);
        assertThat(documents.of("a", format, text.getBytes(Charset.forName("windows-1252"))))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"PDF", "DOC", "DOCX", "XLS", "XLSX"})
    void refusesWhatIsNotOfItsFormat(DocumentFormat format) {
        byte[] noise = new byte[4096];
        new Random(1).nextBytes(noise);

        assertThatThrownBy(() -> documents.of("noise", format, noise))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The document noise could not be read as " + format);
    }

    @Test
    void refusesAnEncryptedDocument() throws IOException {
        byte[] locked = pdf("Secret.", "password");

        assertThatThrownBy(() -> documents.of("locked", DocumentFormat.PDF, locked))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("unencrypted");
    }

    @Test
    void refusesADocumentThatIsTooLarge() {
        assertThatThrownBy(() -> documents.of("large", DocumentFormat.TXT, new byte[DocumentText.LONGEST_DOCUMENT + 1]))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("larger than 4.5 MB");
    }

    @Test
    void refusesADocumentThatUnfoldsToMuchMore() throws IOException {
        byte[] bomb = bomb();

        assertThat(bomb.length).isLessThan(DocumentText.LONGEST_DOCUMENT);
        assertThatThrownBy(() -> documents.of("bomb", DocumentFormat.DOCX, bomb))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void stopsReadingAfterItsTime() throws IOException {
        byte[] pdf = pdf("Slate costs four crowns.", "");

        assertThatThrownBy(() -> new DocumentText(Duration.ZERO).of("slow", DocumentFormat.PDF, pdf))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The document slow takes too long to read.");
    }

    private static byte[] pdf(String text, String password) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(FontName.HELVETICA), 12);
                content.newLineAtOffset(50, 700);
                content.showText(text);
                content.endText();
            }
            if (!password.isEmpty()) {
                document.protect(new StandardProtectionPolicy(password, password, new AccessPermission()));
            }
            document.save(bytes);
        }
        return bytes.toByteArray();
    }

    /** A Word document whose text is 64 MB of one letter. */
    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            entry(zip, "[Content_Types].xml", """
                    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
                    <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                    <Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
                    </Types>""");
            entry(zip, "_rels/.rels", """
                    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                    <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
                    </Relationships>""");
            zip.putNextEntry(new ZipEntry("word/document.xml"));
            zip.write(
                    "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>"
                            .getBytes(StandardCharsets.UTF_8));
            byte[] letters = "a".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 64; i++) {
                zip.write(letters);
            }
            zip.write("</w:t></w:r></w:p></w:body></w:document>".getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
