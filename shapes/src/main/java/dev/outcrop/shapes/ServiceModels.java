package dev.outcrop.shapes;

import java.util.Collection;
import java.util.Optional;

/** The services whose descriptions the house holds. Summaries are read at once, a service's operations when asked for. */
public interface ServiceModels {
    /** A summary of every service, ordered by id. */
    Collection<ServiceSummary> summaries();

    /** The service whose {@link ServiceSummary#id()} is {@code id}, loaded on first use. Safe for concurrent use. */
    Optional<ServiceModel> find(String id);
}
