package dev.outcrop.engines.text;

import java.util.Iterator;

/**
 * An answer while it is being written: its events in order, the last one a {@link GenerationEvent.Finished}.
 *
 * <p>{@code next} blocks until the model has written more and throws {@link TextModelException} if it fails. Closing
 * before the end cancels: the model stops writing within a tenth of a second, and what it held is free again. For one
 * reader at a time.
 */
public interface Generation extends Iterator<GenerationEvent>, AutoCloseable {
    @Override
    void close();
}
