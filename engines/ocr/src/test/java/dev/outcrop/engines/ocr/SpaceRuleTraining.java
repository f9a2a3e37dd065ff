package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.training.PrintedPage;
import dev.outcrop.engines.ocr.training.Wear;
import java.awt.Font;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Fits the weights of {@link SpaceRule}.
 *
 * <p>Pages of made-up words are printed, worn and read; lines whose characters were all read rightly tell where spaces
 * stand. Every fourth page, each in fonts that the others do not use, is kept apart for the figures printed.
 *
 * <p>Arguments: the folder of the model's four files, the file that the weights are written to, how many pages, a folder
 * of TrueType fonts to fit on, and another one for the figures. The shipped weights come of 24 pages and of Debian's
 * fonts-dejavu and fonts-freefont-ttf, fonts-liberation2 kept apart.
 */
final class SpaceRuleTraining {
    private static final int ROUNDS = 3_000;
    private static final double RATE = 0.05;
    private static final double DECAY = 1e-4;
    private static final int APART = 4;

    private static final List<PrintedPage.Kind> KINDS = List.of(PrintedPage.Kind.values());

    private SpaceRuleTraining() {}

    /** A gap, and whether a space stands there. */
    private record Example(double[] features, boolean space) {}

    public static void main(String[] arguments) throws Exception {
        Path model = Path.of(arguments[0]);
        int pages = Integer.parseInt(arguments[2]);
        List<Font> fonts = fonts(Path.of(arguments[3]));
        List<Font> others = fonts(Path.of(arguments[4]));
        List<Example> training = new ArrayList<>();
        List<Example> apart = new ArrayList<>();
        CharacterSet characters = CharacterSet.read(ModelFiles.in(model).characters());
        try (OnnxModel detection = OnnxModel.open(ModelFiles.in(model).detection(), 1);
                OnnxModel recognition = OnnxModel.open(ModelFiles.in(model).recognition(), 1)) {
            TextDetector detector = new TextDetector(detection, 2_000);
            LineRecognizer recognizer = new LineRecognizer(recognition, characters);
            for (int page = 0; page < pages; page++) {
                boolean kept = page % APART == 0;
                PrintedPage printed =
                        PrintedPage.of(KINDS.get(page / APART % KINDS.size()), kept ? others : fonts, 5_000 + page);
                byte[] jpeg = Wear.random(new Random(page), 1).jpeg(printed.image(), page);
                ColorPixels pixels = ImageFile.pixels(ImageIO.read(new ByteArrayInputStream(jpeg)));
                List<ColorPixels> lines = detector.detect(pixels).stream()
                        .map(box -> LineCrop.of(pixels, box))
                        .toList();
                examples(
                        printed,
                        recognizer.recognize(lines, Deadline.in(Duration.ofHours(1))),
                        kept ? apart : training);
            }
        }
        double[] weights = fit(training);
        StringBuilder written = new StringBuilder();
        for (int k = 0; k < weights.length; k++) {
            written.append(String.format(Locale.ROOT, "%s\t%.4f\n", SpaceRule.FEATURES.get(k), weights[k]));
        }
        Files.writeString(Path.of(arguments[1]), written);
        System.out.print(written);
        print("fitted on", training, weights);
        print("kept apart", apart, weights);
    }

    private static List<Font> fonts(Path folder) throws Exception {
        List<Path> files;
        try (var listed = Files.walk(folder)) {
            files = listed.filter(file -> file.toString().endsWith(".ttf"))
                    .filter(file -> !file.toString().contains("Math"))
                    .sorted()
                    .toList();
        }
        List<Font> fonts = new ArrayList<>();
        for (Path file : files) {
            fonts.add(Font.createFont(Font.TRUETYPE_FONT, file.toFile()));
        }
        return fonts;
    }

    private static void examples(PrintedPage printed, List<LineReading> readings, List<Example> examples)
            throws IOException {
        Map<String, List<String>> drawn = new HashMap<>();
        for (String line : printed.lines()) {
            drawn.computeIfAbsent(line.replace(" ", ""), key -> new ArrayList<>())
                    .add(line);
        }
        for (LineReading reading : readings) {
            StringBuilder read = new StringBuilder();
            reading.glyphs().forEach(glyph -> read.append(glyph.text()));
            List<String> same = drawn.getOrDefault(read.toString(), List.of());
            if (same.isEmpty() || reading.glyphs().size() != read.length()) {
                continue;
            }
            List<double[]> features = SpaceRule.features(reading);
            String line = same.getFirst();
            int at = 0;
            for (double[] gap : features) {
                at++;
                boolean space = line.charAt(at) == ' ';
                at += space ? 1 : 0;
                examples.add(new Example(gap, space));
            }
        }
    }

    /** Adam over all examples at once. */
    private static double[] fit(List<Example> examples) {
        int count = SpaceRule.FEATURES.size();
        double[] weights = new double[count];
        double[] mean = new double[count];
        double[] square = new double[count];
        for (int round = 1; round <= ROUNDS; round++) {
            double[] gradient = new double[count];
            for (Example example : examples) {
                double error = 1 / (1 + Math.exp(-sum(weights, example.features()))) - (example.space() ? 1 : 0);
                for (int k = 0; k < count; k++) {
                    gradient[k] += error * example.features()[k];
                }
            }
            for (int k = 0; k < count; k++) {
                double step = gradient[k] / examples.size() + DECAY * weights[k];
                mean[k] = 0.9 * mean[k] + 0.1 * step;
                square[k] = 0.999 * square[k] + 0.001 * step * step;
                weights[k] -= RATE
                        * (mean[k] / (1 - Math.pow(0.9, round)))
                        / (Math.sqrt(square[k] / (1 - Math.pow(0.999, round))) + 1e-8);
            }
        }
        return weights;
    }

    private static double sum(double[] weights, double[] features) {
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * features[k];
        }
        return sum;
    }

    private static void print(String what, List<Example> examples, double[] weights) {
        int spaces = 0;
        int invented = 0;
        int missed = 0;
        int inventedBefore = 0;
        int missedBefore = 0;
        for (Example example : examples) {
            boolean told = sum(weights, example.features()) > 0;
            boolean before = example.features()[1] > Math.log10(0.02) + 2.5;
            spaces += example.space() ? 1 : 0;
            invented += told && !example.space() ? 1 : 0;
            missed += !told && example.space() ? 1 : 0;
            inventedBefore += before && !example.space() ? 1 : 0;
            missedBefore += !before && example.space() ? 1 : 0;
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d gaps, %d spaces; invented %d, missed %d; where a space exceeds .02: invented %d, missed %d%n",
                what,
                examples.size(),
                spaces,
                invented,
                missed,
                inventedBefore,
                missedBefore);
    }
}
