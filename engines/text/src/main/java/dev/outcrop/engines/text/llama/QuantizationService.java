package dev.outcrop.engines.text.llama;

import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.llama.binding.LlamaException;
import dev.outcrop.engines.text.llama.binding.LlamaQuantizer;
import dev.outcrop.engines.worker.WorkerAnswer;
import dev.outcrop.engines.worker.WorkerException;
import dev.outcrop.engines.worker.WorkerService;
import java.nio.file.Path;

/** The worker's side of {@link Requantization}. */
public final class QuantizationService implements WorkerService {
    static final String REQUANTIZE = "requantize";

    @Override
    public byte[] start(byte[] settings) {
        return new byte[0];
    }

    @Override
    public void answer(String operation, byte[] request, WorkerAnswer answer) {
        if (!operation.equals(REQUANTIZE)) {
            throw WorkerException.refused(Category.UNSUPPORTED.name(), "no operation " + operation);
        }
        Messages.Requantize asked = Messages.read(request, Messages.Requantize.class);
        try {
            LlamaQuantizer.quantize(Path.of(asked.input()), Path.of(asked.output()), asked.fileType(), asked.threads());
        } catch (LlamaException e) {
            throw WorkerException.refused(Category.INVALID.name(), e.getMessage());
        }
    }

    @Override
    public void close() {}
}
