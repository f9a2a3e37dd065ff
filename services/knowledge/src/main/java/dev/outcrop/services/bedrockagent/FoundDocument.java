package dev.outcrop.services.bedrockagent;

import java.util.function.Supplier;

/**
 * A document that is in a data source now.
 *
 * @param identifier      its URI, or the id of a custom document
 * @param custom          whether it is such an id
 * @param name            its file name
 * @param mediaType       as far as the source tells, or the empty string
 * @param version         another one whenever the content is
 * @param metadataVersion another one whenever the metadata is; the empty string where there is none
 * @param content         fetches its bytes; throws {@link DocumentFailure} where the document alone cannot be read, and
 *                        {@link SourceFailure} where nothing can be
 * @param attributes      fetches its metadata; throws the same
 */
record FoundDocument(
        String identifier,
        boolean custom,
        String name,
        String mediaType,
        String version,
        String metadataVersion,
        Supplier<byte[]> content,
        Supplier<Attributes> attributes) {}
