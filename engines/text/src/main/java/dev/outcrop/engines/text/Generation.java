package dev.outcrop.engines.text;

import java.util.Iterator;

/**
 * An answer while it is being written: its events in order, the last one a {@link GenerationEvent.Finished}.
 *
 * <p>{@code next} blocks until the model has written more and throws {@link TextModelException} if it fails. Closing
 * before the end cancels, also while the prompt is still being read: the model stops within a tenth of a second, and what
 * it held is free again. For one reader at a time; any thread may close, and a reader that waits meanwhile gets an
 * exception of category CANCELLED.
 */
public interface Generation extends Iterator<GenerationEvent>, AutoCloseable {
    @Override
    void close();
}
