package dev.outcrop.services.bedrockagent;

import software.amazon.awssdk.services.bedrockagent.model.DocumentStatus;

/** Why one document is not in the knowledge base, while others may be. */
final class DocumentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final DocumentStatus status;

    private DocumentFailure(DocumentStatus status, String reason) {
        super(reason);
        this.status = status;
    }

    /** The document was not looked into. */
    static DocumentFailure ignored(String reason) {
        return new DocumentFailure(DocumentStatus.IGNORED, reason);
    }

    /** Something went wrong. */
    static DocumentFailure failed(String reason) {
        return new DocumentFailure(DocumentStatus.FAILED, reason);
    }

    static DocumentFailure invalidMetadata() {
        return ignored(
                "Ignored 1 files due to invalid metadata attributes. Check that the attribute keys and values don't"
                        + " exceed the character quota, and that the attribute values are acceptable data types (strings,"
                        + " numbers, or Booleans). Then retry your request");
    }

    DocumentStatus status() {
        return status;
    }
}
