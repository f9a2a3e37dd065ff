package dev.outcrop.engines.vectors.remote;

import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.web.RestException;
import java.util.function.Supplier;

/** What another system refuses, as a failure of the store. */
public final class RemoteFailures {
    private RemoteFailures() {}

    /**
     * The result of a call.
     *
     * @param what the system failed to do, as the beginning of a sentence
     */
    public static <T> T of(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (RestException refused) {
            throw new VectorStoreException(what + ": " + refused.getMessage(), refused);
        }
    }
}
