package dev.outcrop.services.bedrockagent;

/** Why a data source, and with it an ingestion job, fails. The message is what the owner reads. */
final class SourceFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SourceFailure(String reason) {
        super(reason);
    }
}
