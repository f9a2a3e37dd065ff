package dev.outcrop.services.bedrockagent;

/**
 * The keys of a chunk's metadata that are Bedrock's own.
 *
 * <p>Source: Amazon Bedrock User Guide, "Configure and customize queries and response generation".
 */
public final class ChunkMetadata {
    /** What begins all of them. */
    public static final String PREFIX = "x-amz-bedrock-kb-";
    /** Where the document is: a URI, or the id of a document of a custom data source. */
    public static final String SOURCE_URI = "x-amz-bedrock-kb-source-uri";
    /** The chunk's id, which is its key in the store. */
    public static final String CHUNK_ID = "x-amz-bedrock-kb-chunk-id";
    /** The id of the data source. */
    public static final String DATA_SOURCE_ID = "x-amz-bedrock-kb-data-source-id";
    /** The number of the page on which the chunk begins, a number from 1; only of documents with pages. */
    public static final String PAGE_NUMBER = "x-amz-bedrock-kb-document-page-number";
    /** The type of the data source, such as {@code S3}, so that a chunk's location can be told. */
    public static final String DATA_SOURCE_TYPE = "x-amz-bedrock-kb-data-source-type";
    /** Of hierarchical chunking: the text of the parent, which is what is given to the one who asks. */
    public static final String PARENT_TEXT = "x-amz-bedrock-kb-parent-text";
    /** Of hierarchical chunking: the parent's id, by which children of one parent know each other. */
    public static final String PARENT_ID = "x-amz-bedrock-kb-parent-id";

    private ChunkMetadata() {}
}
