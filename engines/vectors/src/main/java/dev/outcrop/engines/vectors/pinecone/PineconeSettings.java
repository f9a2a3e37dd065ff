package dev.outcrop.engines.vectors.pinecone;

import dev.outcrop.engines.web.Reach;
import java.net.URI;

/**
 * Where an index is, and what its metadata fields are for.
 *
 * @param connection the index's URL ({@code connectionString} of Bedrock)
 * @param key        what the secret has under {@code apiKey}
 * @param namespace  empty for the default one
 * @param text       the field for texts
 * @param metadata   the field for all metadata as JSON
 */
public record PineconeSettings(
        URI connection, String key, String namespace, String text, String metadata, Reach reach) {
    @Override
    public String toString() {
        return "Pinecone at " + connection.getHost();
    }
}
