package dev.outcrop.server;

import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.Task;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.ModelFiles;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.textract.TextractService;
import java.util.function.Supplier;
import software.amazon.awssdk.services.textract.TextractClient;

/** What reads documents: Textract. */
final class DocumentsFamily implements Family {
    private final Supplier<DocumentReader> reader;
    private final Supplier<TextractService> textract;

    DocumentsFamily(House house, HouseModels models) {
        reader = house.parts().lazily(() -> new DocumentReader(() -> files(models)));
        textract = house.parts()
                .lazily(() -> new TextractService(
                        reader,
                        house.records(),
                        house.secrets(),
                        house.resources(),
                        house.clients(),
                        house.jobs(),
                        house.ids(),
                        house.clock()));
    }

    /** What reads the pages of documents; opened when it is first asked for. */
    Supplier<DocumentReader> reader() {
        return reader;
    }

    /** The files of the model that reads images. A PDF with a text layer asks for none. */
    private static ModelFiles files(HouseModels models) {
        InstalledModel model = models.installed(Task.OCR)
                .orElseThrow(() -> AwsError.validation("No model that reads images is installed. Install one with"
                        + " 'outcrop models pull pp-ocr-v4'."));
        return new ModelFiles(
                model.file("detection.onnx"),
                model.file("recognition.onnx"),
                model.file("orientation.onnx"),
                model.file("characters.txt"));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("textract", TextractClient.class, textract);
    }

    @Override
    public Background background() {
        return textract.get().background();
    }
}
