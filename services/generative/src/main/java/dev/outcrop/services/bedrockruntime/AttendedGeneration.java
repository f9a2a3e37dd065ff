package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.ClientPresence;

/**
 * A generation for the caller of the present call, which stops as soon as that caller has gone, even before its first
 * word: whoever waits for its next event gets {@link ClientGone} then.
 */
public final class AttendedGeneration implements Generation {
    private final Generation generation;
    private final ClientPresence client;
    private final ClientPresence.Watch watch;

    private AttendedGeneration(Generation generation, ClientPresence client) {
        this.generation = generation;
        this.client = client;
        this.watch = client.onGone(generation::close);
    }

    /**
     * Starts to generate what {@code model} answers.
     *
     * @throws TextModelException if the model does not take the request
     */
    public static AttendedGeneration begin(TextModel model, TextRequest request) {
        // Work that nobody has called for has nobody who could leave.
        ClientPresence client = CallContext.isBound() ? CallContext.current().client() : ClientPresence.ALWAYS;
        return new AttendedGeneration(model.generate(request), client);
    }

    @Override
    public boolean hasNext() {
        return generation.hasNext();
    }

    @Override
    public GenerationEvent next() {
        try {
            return generation.next();
        } catch (TextModelException failure) {
            if (failure.category() == Category.CANCELLED && client.isGone()) {
                ClientGone gone = new ClientGone("the client left before the model had answered");
                gone.initCause(failure);
                throw gone;
            }
            throw failure;
        }
    }

    @Override
    public void close() {
        watch.close();
        generation.close();
    }
}
