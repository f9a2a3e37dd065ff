package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Lists the installed models; with an id below its path, tells whether that model can be used, installed or not. */
abstract class ModelListEndpoint extends ModelEndpoint {
    private final Dialect dialect;
    private final ServedModels models;
    private final String listPath;

    /** @param below whether it answers for what is below {@code listPath} */
    ModelListEndpoint(Dialect dialect, ServedModels models, String listPath, boolean below) {
        super(
                dialect,
                "GET",
                below ? listPath + "/*" : listPath,
                "bedrock:ListModels",
                Optional.of("bedrock:ListFoundationModels"));
        this.dialect = dialect;
        this.models = models;
        this.listPath = listPath;
    }

    @Override
    final void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        String id = exchange.path().substring(listPath.length());
        if (id.length() > 1) {
            models.find(dialect.bedrockId(id.substring(1)));
            respond(exchange, entry(id.substring(1), models));
        } else {
            respond(exchange, list(models.all(), models));
        }
    }

    /** A model as the interface describes it. */
    abstract ObjectNode entry(String id, ServedModels known);

    /** The installed models as the interface lists them. */
    abstract ObjectNode list(List<InstalledModel> installed, ServedModels known);
}
