package dev.outcrop.engines.vectors.neptune;

import dev.outcrop.engines.web.Authorization;
import dev.outcrop.engines.web.Reach;
import java.net.URI;

/**
 * Where a graph is, and what its nodes' properties are for.
 *
 * @param endpoint      {@code https://g-….REGION.neptune-graph.amazonaws.com}, or what speaks like it
 * @param graph         its identifier, {@code g-…}
 * @param text          the property for texts
 * @param metadata      the property for all metadata as JSON
 * @param authorization one that signs for the service {@code neptune-graph} (Signature Version 4)
 */
public record NeptuneSettings(
        URI endpoint, String graph, String text, String metadata, Authorization authorization, Reach reach) {}
