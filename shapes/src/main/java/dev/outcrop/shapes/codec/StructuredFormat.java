package dev.outcrop.shapes.codec;

/** What sets the formats of {@link StructuredCodec} apart. */
enum StructuredFormat {
    /** Timestamps are seconds, blobs Base64. */
    JSON("application/json"),
    /** As JSON, but for ourselves: every member, member names, whole timestamps, nulls in lists. */
    STORAGE("application/json"),
    /** Timestamps are tagged seconds, always; blobs are bytes. */
    RPC_V2_CBOR("application/cbor"),
    /** Timestamps are tagged milliseconds; blobs are bytes. */
    AWS_CBOR("application/x-amz-cbor-1.1");

    private final String mediaType;

    StructuredFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    boolean isCbor() {
        return this == RPC_V2_CBOR || this == AWS_CBOR;
    }
}
