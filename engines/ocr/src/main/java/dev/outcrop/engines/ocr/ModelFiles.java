package dev.outcrop.engines.ocr;

import java.nio.file.Path;

/**
 * The files of a PP-OCR model, as the catalog's {@code pp-ocr-v4} has them.
 *
 * @param detection   {@code detection.onnx}
 * @param recognition {@code recognition.onnx}
 * @param orientation {@code orientation.onnx}
 * @param characters  {@code characters.txt}
 */
public record ModelFiles(Path detection, Path recognition, Path orientation, Path characters) {
    /** The files in {@code folder} under the names that the catalog gives them. */
    public static ModelFiles in(Path folder) {
        return new ModelFiles(
                folder.resolve("detection.onnx"),
                folder.resolve("recognition.onnx"),
                folder.resolve("orientation.onnx"),
                folder.resolve("characters.txt"));
    }
}
