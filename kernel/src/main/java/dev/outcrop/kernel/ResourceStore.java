package dev.outcrop.kernel;

import dev.outcrop.storage.Records;
import java.time.InstantSource;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Where services keep their resources, tags and idempotency tokens. */
public final class ResourceStore {
    private final Records records;
    private final PageTokens pageTokens;
    private final InstantSource clock;

    public ResourceStore(Records records, PageTokens pageTokens, InstantSource clock) {
        this.records = records;
        this.pageTokens = pageTokens;
        this.clock = clock;
    }

    /**
     * The resources of one type, kept as the shape that their Get or Describe operation returns.
     *
     * @param type       such as {@code bedrock:guardrail}; never to be changed, since what is stored is found by it
     * @param newBuilder makes the shape's builder, such as {@code GetGuardrailResponse::builder}
     */
    public <B extends SdkBuilder<B, T>, T extends SdkPojo> Resources<T> resources(String type, Supplier<B> newBuilder) {
        return new Resources<>(type, new ResourceCodec<>(newBuilder), records, pageTokens, clock);
    }

    /** The tags of all resources. */
    public Tags tags() {
        return new Tags(records, clock);
    }

    /** The idempotency tokens of all operations. */
    public IdempotencyTokens idempotencyTokens() {
        return new IdempotencyTokens(records, clock);
    }
}
