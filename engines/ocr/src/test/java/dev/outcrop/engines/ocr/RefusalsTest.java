package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.engines.ocr.UnreadableDocumentException.Category;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.junit.jupiter.api.Test;

/** What is not read says why. */
class RefusalsTest {
    private static final ReadingLimits LIMITS = new ReadingLimits(1 << 20, 2, 2_000, 40, Duration.ofMinutes(1));

    private final DocumentReader reader = new DocumentReader(() -> {
        throw new IllegalStateException("no model is installed");
    });

    @Test
    void refusesWhatIsEmpty() {
        assertThat(refusal(new byte[0])).isEqualTo(Category.DAMAGED);
    }

    @Test
    void refusesOtherFormatsWhateverTheyAreCalled() {
        assertThat(refusal("GIF89a".getBytes(StandardCharsets.US_ASCII))).isEqualTo(Category.UNSUPPORTED);
        assertThat(refusal("PK\3\4 a document".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Category.UNSUPPORTED);
    }

    @Test
    void refusesTooManyBytes() {
        assertThat(refusal(new byte[(1 << 20) + 1])).isEqualTo(Category.TOO_LARGE);
    }

    @Test
    void refusesImagesThatUnfoldToTooManyPixelsBeforeUnpackingThem() {
        byte[] png = Drawn.written("png", Drawn.image());
        ByteBuffer.wrap(png).putInt(16, 1_000_000).putInt(20, 1_000_000);

        assertThat(refusal(png)).isEqualTo(Category.TOO_LARGE);
    }

    @Test
    void refusesImagesThatAreCutOff() {
        for (String format : new String[] {"png", "tiff"}) {
            byte[] whole = Drawn.written(format, Drawn.image());

            assertThat(refusal(Arrays.copyOf(whole, 40))).as(format).isEqualTo(Category.DAMAGED);
        }
        assertThat(refusal(Arrays.copyOf(Drawn.written("jpeg", Drawn.image()), 100)))
                .isEqualTo(Category.DAMAGED);
    }

    @Test
    void refusesATiffOfTooManyPagesAndOneWithoutEnd() {
        BufferedImage small = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        byte[] tiff = Drawn.written("tiff", small, small, small);
        byte[] endless = Drawn.written("tiff", small);
        ByteBuffer bytes =
                ByteBuffer.wrap(endless).order(endless[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = bytes.getInt(4);
        bytes.putInt(directory + 2 + 12 * bytes.getShort(directory), directory);

        assertThat(refusal(tiff)).isEqualTo(Category.TOO_MANY_PAGES);
        assertThat(refusal(endless)).isEqualTo(Category.DAMAGED);
    }

    @Test
    void refusesPdfsThatNeedAPassword() throws IOException {
        try (PDDocument document = Loader.loadPDF(Drawn.pdf())) {
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));

            assertThat(refusal(bytes(document))).isEqualTo(Category.ENCRYPTED);
        }
    }

    @Test
    void readsPdfsThatOnlyTheirOwnerMayChange() throws IOException {
        try (PDDocument document = Loader.loadPDF(Drawn.pdf())) {
            document.protect(new StandardProtectionPolicy("owner", "", new AccessPermission()));

            assertThat(Drawn.lines(Drawn.read(reader, bytes(document)).getFirst()))
                    .isEqualTo(Drawn.LINES);
        }
    }

    @Test
    void refusesDamagedPdfsAndThoseWithoutPages() throws IOException {
        try (PDDocument empty = new PDDocument()) {
            assertThat(refusal(bytes(empty))).isEqualTo(Category.DAMAGED);
        }
        assertThat(refusal("%PDF-1.7\n nothing more".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Category.DAMAGED);
    }

    @Test
    void refusesPdfsOfTooManyOrTooLargePages() throws IOException {
        try (PDDocument many = new PDDocument();
                PDDocument large = new PDDocument()) {
            for (int i = 0; i < 3; i++) {
                many.addPage(new PDPage());
            }
            large.addPage(new PDPage(new PDRectangle(3_000, 500)));

            assertThat(refusal(bytes(many))).isEqualTo(Category.TOO_MANY_PAGES);
            assertThat(refusal(bytes(large))).isEqualTo(Category.TOO_LARGE);
        }
    }

    @Test
    void refusesAnImageInAPdfThatUnfoldsToTooManyPixels() throws IOException {
        try (PDDocument document = Loader.loadPDF(Drawn.scannedPdf(Drawn.image()))) {
            var resources = document.getPage(0).getResources();
            for (COSName name : resources.getXObjectNames()) {
                var image = resources.getXObject(name).getCOSObject();
                image.setInt(COSName.WIDTH, 90_000);
                image.setInt(COSName.HEIGHT, 90_000);
            }

            assertThat(refusal(bytes(document))).isEqualTo(Category.TOO_LARGE);
        }
    }

    private static byte[] bytes(PDDocument document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }

    private Category refusal(byte[] document) {
        return catchThrowableOfType(UnreadableDocumentException.class, () -> reader.read(document, LIMITS, page -> {}))
                .category();
    }
}
