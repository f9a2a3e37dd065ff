package dev.outcrop.engines.speech.whisper;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import dev.outcrop.engines.worker.WorkerAnswer;
import dev.outcrop.engines.worker.WorkerException;
import dev.outcrop.engines.worker.WorkerService;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The worker's side: a loaded model that answers {@link Messages}. */
public final class WhisperService implements WorkerService {
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "recognition");
        thread.setDaemon(true);
        return thread;
    });
    private WhisperModel model;
    private WindowDecoder decoder;

    @Override
    public byte[] start(byte[] settings) {
        try {
            Messages.Load load = Messages.read(settings, Messages.Load.class);
            model = WhisperModel.open(
                    Path.of(load.weights()), Path.of(load.tokenizer()), Path.of(load.cache()), load.threads());
            decoder = new WindowDecoder(model);
            return Messages.write(new Messages.Loaded(
                    List.copyOf(model.tokenizer().languages().keySet())));
        } catch (SpeechException e) {
            throw WorkerException.refused(e.category().name(), e.getMessage());
        }
    }

    @Override
    public void answer(String operation, byte[] request, WorkerAnswer answer) throws InterruptedException {
        float[] samples = Messages.samples(request);
        if (samples.length == 0 || samples.length > Messages.LONGEST_WINDOW) {
            throw WorkerException.refused(
                    Category.INVALID.name(),
                    "a window has 1 to " + Messages.LONGEST_WINDOW + " samples, but not " + samples.length);
        }
        Messages.Window window = Messages.readFirst(request, Messages.Window.class);
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            // On a thread of the platform: a virtual one would hold its carrier for all of the computation.
            Future<byte[]> result = threads.submit(() -> switch (operation) {
                case Messages.WINDOW -> Messages.write(decoder.decode(window, samples, options));
                case Messages.LANGUAGES ->
                    Messages.write(new Messages.Languages(decoder.languages(samples, window.candidates(), options)));
                default -> throw WorkerException.refused(Category.INVALID.name(), "no operation " + operation);
            });
            answer.send(awaited(result, options));
        } catch (OrtException e) {
            throw WorkerException.refused(Category.UNAVAILABLE.name(), e.getMessage());
        }
    }

    /** Waits for a result; an interruption ends the computation, and is passed on once it has ended. */
    private static byte[] awaited(Future<byte[]> result, OrtSession.RunOptions options)
            throws OrtException, InterruptedException {
        boolean interrupted = false;
        while (true) {
            try {
                byte[] bytes = result.get();
                if (interrupted) {
                    throw new InterruptedException("nobody waits any more");
                }
                return bytes;
            } catch (InterruptedException e) {
                if (interrupted) {
                    throw e;
                }
                interrupted = true;
                options.setTerminate(true);
            } catch (ExecutionException e) {
                if (interrupted) {
                    throw new InterruptedException("nobody waits any more");
                }
                switch (e.getCause()) {
                    case SpeechException failure ->
                        throw WorkerException.refused(failure.category().name(), failure.getMessage());
                    case RuntimeException failure -> throw failure;
                    case Throwable failure ->
                        throw WorkerException.refused(Category.UNAVAILABLE.name(), failure.toString());
                }
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        if (model != null) {
            model.close();
        }
    }
}
