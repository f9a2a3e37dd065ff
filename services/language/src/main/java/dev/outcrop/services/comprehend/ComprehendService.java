package dev.outcrop.services.comprehend;

import software.amazon.awssdk.services.comprehend.ComprehendClient;

/** Amazon Comprehend: what texts say, and what is felt in them. */
public final class ComprehendService implements ComprehendClient {
    private final Analyses analyses;

    /**
     * The service. Nothing is opened before it is asked for.
     *
     * @param analyses says what is in texts
     */
    public ComprehendService(Analyses analyses) {
        this.analyses = analyses;
    }

    Analyses analyses() {
        return analyses;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
