package dev.outcrop.engines.ocr.training;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * What scanning and photographing does to a page.
 *
 * @param degrees  how far it lies askew
 * @param blur     width of the blur, in pixels
 * @param noise    standard deviation of the noise, of 255
 * @param shadow   how much darker one side is, of 255
 * @param contrast what is left of the contrast, 0 to 1
 * @param quality  of the JPEG that it is kept as, 0 to 1
 */
public record Wear(double degrees, double blur, double noise, double shadow, double contrast, double quality) {
    /** A clean scan. */
    public static final Wear NONE = new Wear(0, 0, 0, 0, 1, 0.95);

    /** Some wear by chance, up to {@code most} (0 to 1) of the worst. */
    public static Wear random(Random random, double most) {
        return new Wear(
                random.nextGaussian() * 1.5 * most,
                random.nextDouble() * 1.3 * most,
                random.nextDouble() * 22 * most,
                random.nextDouble() * 80 * most,
                1 - random.nextDouble() * 0.5 * most,
                0.9 - random.nextDouble() * 0.5 * most);
    }

    /** The page as JPEG after this wear. */
    public byte[] jpeg(BufferedImage page, long seed) {
        BufferedImage worn = blurred(turned(page));
        Random random = new Random(seed);
        int width = worn.getWidth();
        int height = worn.getHeight();
        boolean across = random.nextBoolean();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = worn.getRGB(x, y);
                double dark = shadow * (across ? (double) x / width : (double) y / height);
                double grain = noise == 0 ? 0 : random.nextGaussian() * noise;
                int red = level(rgb >> 16 & 0xFF, dark, grain);
                int green = level(rgb >> 8 & 0xFF, dark, grain);
                int blue = level(rgb & 0xFF, dark, grain);
                worn.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return written(worn);
    }

    private int level(int value, double dark, double grain) {
        return Math.clamp(Math.round(128 + (value - 128) * contrast - dark + grain), 0, 255);
    }

    private BufferedImage turned(BufferedImage page) {
        BufferedImage turned = new BufferedImage(page.getWidth(), page.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = turned.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setColor(new Color(page.getRGB(0, 0)));
        graphics.fillRect(0, 0, page.getWidth(), page.getHeight());
        graphics.rotate(Math.toRadians(degrees), page.getWidth() / 2.0, page.getHeight() / 2.0);
        graphics.drawImage(page, 0, 0, null);
        graphics.dispose();
        return turned;
    }

    private BufferedImage blurred(BufferedImage page) {
        if (blur < 0.2) {
            return page;
        }
        int reach = (int) Math.ceil(2 * blur);
        float[] weights = new float[2 * reach + 1];
        float sum = 0;
        for (int i = -reach; i <= reach; i++) {
            weights[i + reach] = (float) Math.exp(-i * i / (2 * blur * blur));
            sum += weights[i + reach];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        float[] copy = Arrays.copyOf(weights, weights.length);
        BufferedImage across =
                new ConvolveOp(new Kernel(weights.length, 1, weights), ConvolveOp.EDGE_NO_OP, null).filter(page, null);
        return new ConvolveOp(new Kernel(1, copy.length, copy), ConvolveOp.EDGE_NO_OP, null).filter(across, null);
    }

    private byte[] written(BufferedImage page) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality((float) quality);
            writer.write(null, new IIOImage(page, null, null), parameters);
        } catch (IOException e) {
            throw new IllegalStateException("a JPEG cannot be written to memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** The pixels of what {@link #jpeg} wrote. */
    public static BufferedImage image(byte[] jpeg) {
        try {
            return ImageIO.read(new ByteArrayInputStream(jpeg));
        } catch (IOException e) {
            throw new IllegalStateException("a JPEG cannot be read from memory", e);
        }
    }
}
