package dev.outcrop.engines.vectors.opensearch;

import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.web.Authorization;
import dev.outcrop.engines.web.Reach;
import java.net.URI;

/**
 * Where an index is, and what its fields are for.
 *
 * @param authorization basic, or one that signs for the service {@code es} or {@code aoss} (Signature Version 4)
 */
public record OpenSearchSettings(
        URI endpoint, String index, FieldMapping fields, Authorization authorization, Reach reach) {}
