package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BandedSampleModel;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFileTest {
    private static final int RED = 0xFF0000;
    private static final int BLUE = 0x0000FF;

    /** Red in the upper left quarter, blue right of it; white below. */
    private static BufferedImage corners() {
        BufferedImage image = new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 64; x++) {
                image.setRGB(x, y, y >= 16 ? 0xFFFFFF : x < 32 ? RED : BLUE);
            }
        }
        return image;
    }

    /** Where red and blue must be found, as shares of the page's sides in percent, after each of EXIF's orientations. */
    @ParameterizedTest
    @CsvSource({
        "1, 25, 25, 75, 25",
        "2, 75, 25, 25, 25",
        "3, 75, 75, 25, 75",
        "4, 25, 75, 75, 75",
        "5, 25, 25, 25, 75",
        "6, 75, 25, 75, 75",
        "7, 75, 75, 75, 25",
        "8, 25, 75, 25, 25"
    })
    void turnsPhotographsAsTheyAsk(int orientation, int redX, int redY, int blueX, int blueY) {
        byte[] plain = Drawn.written("jpeg", corners());
        byte[] exif = {
            (byte) 0xFF,
            (byte) 0xE1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            1,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        byte[] file = new byte[plain.length + exif.length];
        System.arraycopy(plain, 0, file, 0, 2);
        System.arraycopy(exif, 0, file, 2, exif.length);
        System.arraycopy(plain, 2, file, 2 + exif.length, plain.length - 2);

        ColorPixels pixels = pixels(file, DocumentFormat.JPEG);

        assertThat(pixels.width()).isEqualTo(orientation < 5 ? 64 : 32);
        assertThat(near(pixels, redX, redY)).isEqualTo("red");
        assertThat(near(pixels, blueX, blueY)).isEqualTo("blue");
    }

    private static String near(ColorPixels pixels, int x, int y) {
        int pixel = pixels.rgb()[y * pixels.height() / 100 * pixels.width() + x * pixels.width() / 100];
        int red = pixel >> 16 & 0xFF;
        int blue = pixel & 0xFF;
        return red > 150 && blue < 100 ? "red" : blue > 150 && red < 100 ? "blue" : "white";
    }

    @Test
    void readsInksForPrinting() throws IOException {
        WritableRaster inks = Raster.createWritableRaster(new BandedSampleModel(DataBuffer.TYPE_BYTE, 16, 16, 4), null);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 16; x++) {
                // Yellow and magenta make red.
                inks.setPixel(x, y, new int[] {0, 255, 255, 0});
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(inks, null, null), null);
        }
        writer.dispose();

        ColorPixels pixels = pixels(bytes.toByteArray(), DocumentFormat.JPEG);

        assertThat(near(pixels, 50, 50)).isEqualTo("red");
    }

    @Test
    void keepsGreyAsItIsAndShowsPaperThroughWhatIsTransparent() {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage fine = new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY);
        BufferedImage clear = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
        grey.getRaster().setSample(1, 1, 0, 100);
        fine.getRaster().setSample(1, 1, 0, 100 << 8);

        assertThat(pixels(Drawn.written("png", grey), DocumentFormat.PNG).rgb()[5])
                .isEqualTo(0x646464);
        assertThat(pixels(Drawn.written("png", fine), DocumentFormat.PNG).rgb()[5])
                .isEqualTo(0x646464);
        assertThat(pixels(Drawn.written("png", clear), DocumentFormat.PNG).rgb()[5])
                .isEqualTo(0xFFFFFF);
    }

    private static ColorPixels pixels(byte[] file, DocumentFormat format) {
        return new ImageFile(file, format, ReadingLimits.SYNCHRONOUS).pixels(1, Deadline.in(Duration.ofMinutes(1)));
    }
}
