package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.ocr.UnreadableDocumentException.Category;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.List;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {
    private static DocumentReader reader;

    @BeforeAll
    static void open() {
        reader = new DocumentReader(PpOcr::files, new DocumentReader.Settings(1, 1, 960));
    }

    @AfterAll
    static void close() {
        reader.close();
    }

    @Test
    void readsLinesAndWordsOfAnImageWhereTheyStand() {
        List<Page> pages = Drawn.read(reader, Drawn.written("png", Drawn.image()));

        assertThat(pages).hasSize(1);
        Page page = pages.getFirst();
        assertThat(Drawn.lines(page)).isEqualTo(Drawn.LINES);
        assertThat(page.origin()).isEqualTo(Page.Origin.PIXELS);
        assertThat(page.rotationDegrees()).isZero();
        Word number = page.lines().getFirst().words().getLast();
        assertThat(number.text()).isEqualTo("20417");
        assertThat(number.confidence()).isBetween(0.8, 1.0);
        // Helvetica's "Invoice number " is 99.6 points long at 14 points, "20417" 38.9.
        assertThat(number.polygon().get(0).x() * Drawn.WIDTH).isCloseTo(119.6, within(3.0));
        assertThat(number.polygon().get(1).x() * Drawn.WIDTH).isCloseTo(158.5, within(3.0));
        assertThat(number.polygon().get(0).y() * Drawn.HEIGHT).isBetween(24.0, 31.0);
        assertThat(number.polygon().get(3).y() * Drawn.HEIGHT).isBetween(38.0, 46.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void turnsPagesUprightThatLieOnASide(int quarters) {
        byte[] turned = Drawn.written("jpeg", Drawn.turned(Drawn.image(), quarters));

        Page page = Drawn.read(reader, turned).getFirst();

        assertThat(page.rotationDegrees()).isEqualTo(90.0 * quarters);
        assertThat(Drawn.lines(page)).isEqualTo(Drawn.LINES);
        assertThat(page.width()).isEqualTo(900);
        Point upright = page.lines().getFirst().polygon().getFirst();
        Point given = page.asGiven(upright);
        assertThat(upright.x()).isCloseTo(20 / Drawn.WIDTH, within(0.02));
        Point expected = switch (quarters) {
            case 1 -> new Point(1 - upright.y(), upright.x());
            case 2 -> new Point(1 - upright.x(), 1 - upright.y());
            default -> new Point(upright.y(), 1 - upright.x());
        };
        assertThat(given).isEqualTo(expected);
    }

    @Test
    void readsEveryPageOfATiff() {
        byte[] tiff = Drawn.written("tiff", Drawn.image(), Drawn.turned(Drawn.image(), 2));

        List<Page> pages = Drawn.read(reader, tiff);

        assertThat(pages).extracting(Page::number).containsExactly(1, 2);
        assertThat(pages).extracting(Page::rotationDegrees).containsExactly(0.0, 180.0);
        assertThat(pages).allSatisfy(page -> assertThat(Drawn.lines(page)).isEqualTo(Drawn.LINES));
    }

    @Test
    void readsTheImageOfAScanWhateverItsInvisibleTextSays() {
        Page page = Drawn.read(reader, Drawn.scannedPdf(Drawn.image())).getFirst();

        assertThat(page.origin()).isEqualTo(Page.Origin.PIXELS);
        assertThat(Drawn.lines(page)).isEqualTo(Drawn.LINES);
    }

    @Test
    void findsNothingOnAnEmptyPage() {
        byte[] white = Drawn.written("png", Drawn.turned(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), 0));

        assertThat(Drawn.read(reader, white).getFirst().lines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 90, 180, 270})
    void takesTextFromAPdfWithoutAModel(int rotation) {
        try (DocumentReader textOnly = new DocumentReader(DocumentReaderTest::noModel)) {
            Page page = Drawn.read(textOnly, Drawn.pdf(rotation, RenderingMode.FILL))
                    .getFirst();

            assertThat(page.origin()).isEqualTo(Page.Origin.TEXT_LAYER);
            assertThat(page.rotationDegrees()).isEqualTo(rotation);
            assertThat(Drawn.lines(page)).isEqualTo(Drawn.LINES);
            Word number = page.lines().getFirst().words().getLast();
            assertThat(number.polygon().get(0).x() * Drawn.WIDTH).isCloseTo(119.6, within(1.0));
            assertThat(number.polygon().get(3).y() * Drawn.HEIGHT).isCloseTo(43, within(1.0));
            assertThat(page.width()).isGreaterThan(page.height());
        }
    }

    @Test
    void tellsHowTextOfAPdfIsTurned() {
        try (DocumentReader textOnly = new DocumentReader(DocumentReaderTest::noModel)) {
            Page page = Drawn.read(textOnly, Drawn.pdfWithTurnedText()).getFirst();

            assertThat(page.rotationDegrees()).isEqualTo(90.0);
            assertThat(Drawn.lines(page)).isEqualTo(Drawn.LINES);
            Point first = page.lines().getFirst().polygon().getFirst();
            assertThat(page.asGiven(first).x()).isCloseTo(1 - first.y(), within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 90, 180, 270})
    void givesThePixelsOfWhatStandsAroundTheTextOfAPdf(int rotation) {
        assertLineWithoutLetters(Drawn.pdf(rotation, RenderingMode.FILL));
    }

    @Test
    void givesThePixelsAroundTextThatIsTurned() {
        assertLineWithoutLetters(Drawn.pdfWithTurnedText());
    }

    private static void assertLineWithoutLetters(byte[] pdf) {
        try (DocumentReader textOnly = new DocumentReader(DocumentReaderTest::noModel)) {
            textOnly.read(pdf, ReadingLimits.SYNCHRONOUS, page -> {
                assertThat(dark(page, 20, 167, 120, 170)).as("the line").isGreaterThan(0.9);
                assertThat(dark(page, 0, 0, Drawn.WIDTH, 160)).as("letters").isLessThan(0.001);
                assertThat(page.pixels().at(2, 2)).isEqualTo(255);
            });
        }
    }

    /** How much of a rectangle, in points of the upright page, is dark. */
    private static double dark(Page page, float left, float top, float right, float bottom) {
        double scale = page.width() / Drawn.WIDTH;
        int count = 0;
        int all = 0;
        for (int y = (int) Math.ceil(top * scale); y < (int) (bottom * scale); y++) {
            for (int x = (int) Math.ceil(left * scale); x < (int) (right * scale); x++) {
                count += page.pixels().at(x, y) < 128 ? 1 : 0;
                all++;
            }
        }
        return (double) count / all;
    }

    @Test
    void asksForAModelOnlyWhenPixelsMustBeRead() {
        try (DocumentReader textOnly = new DocumentReader(DocumentReaderTest::noModel)) {
            byte[] image = Drawn.written("png", Drawn.image());

            assertThatThrownBy(() -> Drawn.read(textOnly, image)).hasMessage("no model is installed");
        }
    }

    @Test
    void endsWhenTheTimeIsOver() {
        ReadingLimits limits = new ReadingLimits(1 << 20, 1, 10_000, 40, Duration.ofNanos(1));

        assertThatThrownBy(() -> reader.read(Drawn.pdf(), limits, page -> {}))
                .isInstanceOfSatisfying(
                        UnreadableDocumentException.class,
                        refusal -> assertThat(refusal.category()).isEqualTo(Category.TOO_SLOW));
    }

    private static ModelFiles noModel() {
        throw new IllegalStateException("no model is installed");
    }
}
