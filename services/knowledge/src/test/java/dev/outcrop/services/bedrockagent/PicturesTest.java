package dev.outcrop.services.bedrockagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.services.KnowledgeHouse;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;

class PicturesTest {
    private static final PDRectangle SIZE = new PDRectangle(400, 200);

    @TempDir
    Path folder;

    private KnowledgeHouse house;
    private KnowledgeBase base;
    private DataSource source;

    @BeforeEach
    void open() {
        house = new KnowledgeHouse(folder);
        house.bucket();
        base = house.base("scans", house.usualRole());
        source = house.s3Source(base, "documents", null);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void pagesThatArePicturesAndImageFilesAreReadWithTheirPages() throws IOException {
        house.installPictureModel();
        house.put("lease.pdf", pdf("The lease begins in March.", drawn("The monthly rent is 940 euros.")));
        house.put("note.png", png(drawn("The spare key hangs in the cellar.")));

        IngestionJob job = house.sync(source);

        assertThat(job.failureReasons()).isEmpty();
        assertThat(job.statistics().numberOfNewDocumentsIndexed()).isEqualTo(2);
        Map<String, Double> pages =
                house.entries(base).stream().collect(Collectors.toMap(VectorEntry::text, PicturesTest::page));
        assertThat(pages.keySet())
                .anySatisfy(text -> assertThat(text).contains("lease begins in March", "monthly rent is 940 euros"))
                .anySatisfy(text -> assertThat(text).contains("spare key hangs in the cellar"));
        assertThat(pages.values()).containsOnly(1.0);
    }

    @Test
    void withoutAModelADocumentOfPicturesFailsAndOneWithTextIsIndexedByItsText() throws IOException {
        house.put("scan.pdf", pdf("", drawn("Nobody reads this.")));
        house.put("mixed.pdf", pdf("The lease begins in March.", drawn("Nobody reads this.")));

        IngestionJob job = house.sync(source);

        assertThat(job.statistics().numberOfDocumentsFailed()).isEqualTo(1);
        assertThat(String.join(" ", job.failureReasons())).contains("no model is installed here");
        assertThat(house.entries(base)).extracting(VectorEntry::text).containsExactly("The lease begins in March.");
    }

    @Test
    void aDamagedImageFailsAlone() {
        house.installPictureModel();
        house.put("broken.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0});
        house.put("a.txt", "Apples are red.");

        IngestionJob job = house.sync(source);

        assertThat(job.statistics().numberOfDocumentsFailed()).isEqualTo(1);
        assertThat(job.statistics().numberOfNewDocumentsIndexed()).isEqualTo(1);
    }

    private static double page(VectorEntry entry) {
        return entry.metadata().get(ChunkMetadata.PAGE_NUMBER) instanceof MetadataValue.Numeric number
                ? number.value()
                : 0;
    }

    private static BufferedImage drawn(String text) throws IOException {
        try (PDDocument document = new PDDocument()) {
            write(document, text);
            return new PDFRenderer(document).renderImage(0, 3);
        }
    }

    /** A PDF of one page of text, unless it is empty, and one that is a picture. */
    private static byte[] pdf(String text, BufferedImage picture) throws IOException {
        try (PDDocument document = new PDDocument()) {
            if (!text.isEmpty()) {
                write(document, text);
            }
            PDPage page = new PDPage(SIZE);
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawImage(
                        LosslessFactory.createFromImage(document, picture), 0, 0, SIZE.getWidth(), SIZE.getHeight());
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private static void write(PDDocument document, String text) throws IOException {
        PDPage page = new PDPage(SIZE);
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.beginText();
            content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 16);
            content.newLineAtOffset(30, 100);
            content.showText(text);
            content.endText();
        }
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
