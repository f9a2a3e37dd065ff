package dev.outcrop.services.bedrockagent;

import dev.outcrop.kernel.Clients;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;

/** Opens the source of a data source, as the role of its knowledge base. */
final class Sources {
    private final Supplier<Clients> clients;

    Sources(Supplier<Clients> clients) {
        this.clients = clients;
    }

    Source open(KnowledgeBase base, DataSource source) {
        BaseRole role = new BaseRole(clients, base);
        return switch (source.dataSourceConfiguration().type()) {
            case S3 -> S3Source.of(role, source.dataSourceConfiguration().s3Configuration());
            default -> throw new SourceFailure("Encountered error: Data sources of type "
                    + source.dataSourceConfiguration().typeAsString() + " can't be reached from here.");
        };
    }
}
