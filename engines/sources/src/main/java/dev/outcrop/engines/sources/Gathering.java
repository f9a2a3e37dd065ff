package dev.outcrop.engines.sources;

import dev.outcrop.engines.sources.DocumentSource.Failure;
import dev.outcrop.engines.sources.DocumentSource.Listing;
import dev.outcrop.engines.web.RestException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A listing while it grows, within its limits. */
public final class Gathering {
    private final SourceLimits limits;
    private final InstantSource clock;
    private final Instant end;
    private final Map<String, SourceDocument> documents = new LinkedHashMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private boolean complete = true;

    public Gathering(SourceLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        this.end = clock.instant().plus(limits.listing());
    }

    /** A part of the source. */
    @FunctionalInterface
    public interface Part {
        /** Adds what it holds. */
        void gather();
    }

    /**
     * Adds a document; of two with one URI the first counts.
     *
     * @throws SourceException if there are too many
     */
    public void add(SourceDocument document) {
        if (documents.putIfAbsent(document.uri(), document) == null && documents.size() > limits.documents()) {
            throw new SourceException("The source holds more than " + limits.documents() + " documents");
        }
    }

    /** Adds a document of a known size, or why it is too large. */
    public void add(SourceDocument document, long size) {
        if (size > limits.documentSize()) {
            failures.add(
                    new Failure(document.uri(), "The document is larger than " + limits.documentSize() + " bytes"));
        } else {
            add(document);
        }
    }

    /**
     * Gathers a part of the source; where the other side refuses it, that is noted, and the rest goes on.
     *
     * @param uri what to call the part
     * @throws SourceException if there is no time left
     */
    public void part(String uri, Part part) {
        if (!clock.instant().isBefore(end)) {
            throw new SourceException("The source was not listed within "
                    + Duration.between(end.minus(limits.listing()), end).toMinutes() + " minutes");
        }
        try {
            part.gather();
        } catch (RestException refused) {
            failures.add(new Failure(uri, refused.getMessage()));
            complete = false;
        }
    }

    /** All that was gathered. */
    public Listing listing() {
        return new Listing(List.copyOf(documents.values()), failures, complete);
    }
}
