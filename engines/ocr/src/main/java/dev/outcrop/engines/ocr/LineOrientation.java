package dev.outcrop.engines.ocr;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Tells lines that stand upside down. */
final class LineOrientation {
    private static final int HEIGHT = 48;
    private static final int WIDTH = 192;
    private static final int BATCH = 8;

    private final OnnxModel model;

    LineOrientation(OnnxModel model) {
        this.model = model;
    }

    /** How probably each line stands upside down. */
    List<Double> upsideDown(List<ColorPixels> lines) {
        List<Double> probabilities = new ArrayList<>();
        for (int from = 0; from < lines.size(); from += BATCH) {
            List<ColorPixels> batch = lines.subList(from, Math.min(lines.size(), from + BATCH));
            FloatBuffer input = OnnxModel.floats(batch.size() * 3 * HEIGHT * WIDTH);
            for (int i = 0; i < batch.size(); i++) {
                ColorPixels line = batch.get(i);
                int width = Math.clamp((int) Math.ceil((double) HEIGHT * line.width() / line.height()), 1, WIDTH);
                Resampling.write(
                        line,
                        width,
                        HEIGHT,
                        new Resampling.Planes(input, i * 3 * HEIGHT * WIDTH, WIDTH, HEIGHT * WIDTH));
            }
            FloatBuffer output =
                    model.run(input, batch.size(), 3, HEIGHT, WIDTH).values();
            for (int i = 0; i < batch.size(); i++) {
                probabilities.add((double) output.get(2 * i + 1));
            }
        }
        return probabilities;
    }
}
