package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.DocumentReader.Settings;

/** The three networks of a model, open. */
final class PageEngine implements AutoCloseable {
    private final OnnxModel detection;
    private final OnnxModel recognition;
    private final OnnxModel orientation;
    private final TextReader reader;

    private PageEngine(OnnxModel detection, OnnxModel recognition, OnnxModel orientation, TextReader reader) {
        this.detection = detection;
        this.recognition = recognition;
        this.orientation = orientation;
        this.reader = reader;
    }

    static PageEngine open(ModelFiles files, Settings settings) {
        CharacterSet characters = CharacterSet.read(files.characters());
        OnnxModel detection = OnnxModel.open(files.detection(), settings.threadsPerPage());
        OnnxModel recognition = OnnxModel.open(files.recognition(), settings.threadsPerPage());
        OnnxModel orientation = OnnxModel.open(files.orientation(), settings.threadsPerPage());
        return new PageEngine(
                detection,
                recognition,
                orientation,
                new TextReader(
                        new TextDetector(detection, settings.detectionSide()),
                        new LineOrientation(orientation),
                        new LineRecognizer(recognition, characters)));
    }

    TextReader reader() {
        return reader;
    }

    @Override
    public void close() {
        detection.close();
        recognition.close();
        orientation.close();
    }
}
