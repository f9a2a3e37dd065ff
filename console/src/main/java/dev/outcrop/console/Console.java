package dev.outcrop.console;

import static dev.outcrop.console.ServerCall.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.CatalogEntry;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelException;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Origin;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.kernel.ServedServices;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The console's pages, and the server's own interface: what the console shows and AWS has no operation for.
 *
 * <pre>
 * GET    /_outcrop/console               what anybody may know: version, region, whether there are development sessions
 * POST   /_outcrop/console/session       the keys of a development session
 * GET    /_outcrop/services              the services and how many operations of each there are   outcrop:ListServices
 * GET    /_outcrop/models                the catalog and what is installed of it                  outcrop:ListModels
 * POST   /_outcrop/models/{id}/pull      begins to fetch a model                                  outcrop:PullModel
 * DELETE /_outcrop/models/{id}/pull      stops that                                               outcrop:PullModel
 * </pre>
 */
public final class Console implements AutoCloseable {
    private static final String MODELS = "/_outcrop/models";
    private static final String PULL = "/pull";

    /** The key that a server for development takes as both its own id and secret. */
    private static final String DEVELOPMENT_KEY = "test";

    private final Settings settings;
    private final ServedServices services;
    private final Catalog catalog;
    private final ModelStore store;
    private final ModelPulls pulls;

    /**
     * What the console is told of the server.
     *
     * @param developmentSessions whether anybody who reaches the server may act as its root
     */
    public record Settings(String version, String region, boolean developmentSessions) {}

    public Console(Settings settings, ServedServices services, Catalog catalog, ModelStore store) {
        this.settings = settings;
        this.services = services;
        this.catalog = catalog;
        this.store = store;
        this.pulls = new ModelPulls(store);
    }

    /** What the server answers for the console. */
    public List<Endpoint> endpoints() {
        Optional<String> pull = Optional.of("outcrop:PullModel");
        return List.of(
                new Pages(Pages.ROOT),
                new Pages(Pages.ROOT + "/*"),
                new ServerCall("GET", "/_outcrop/console", Optional.empty(), _ -> greeting()),
                new ServerCall("POST", "/_outcrop/console/session", Optional.empty(), _ -> developmentSession()),
                new ServerCall("GET", "/_outcrop/services", Optional.of("outcrop:ListServices"), _ -> services()),
                new ServerCall("GET", MODELS, Optional.of("outcrop:ListModels"), _ -> models()),
                new ServerCall("POST", MODELS + "/*", pull, this::pull),
                new ServerCall("DELETE", MODELS + "/*", pull, this::stopPull));
    }

    private ObjectNode greeting() {
        return JSON.createObjectNode()
                .put("version", settings.version())
                .put("region", settings.region())
                .put("developmentSession", settings.developmentSessions());
    }

    private ObjectNode developmentSession() {
        if (!settings.developmentSessions()) {
            throw new AwsError(
                    "AccessDeniedException",
                    403,
                    "This server has no development sessions: it takes no development keys, or listens to other machines.");
        }
        return JSON.createObjectNode().put("accessKeyId", DEVELOPMENT_KEY).put("secretAccessKey", DEVELOPMENT_KEY);
    }

    private ObjectNode services() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("services");
        services.models()
                .summaries()
                .forEach(summary -> list.addObject()
                        .put("id", summary.id())
                        .put("name", summary.fullName())
                        .put(
                                "implemented",
                                services.find(summary.id())
                                        .map(service -> service.operations().size())
                                        .orElse(0))
                        .put("operations", summary.operationCount()));
        return answer;
    }

    private ObjectNode models() {
        Map<String, InstalledModel> installed = new TreeMap<>();
        store.list().forEach(model -> installed.put(model.id(), model));
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("models");
        installed.values().forEach(model -> describe(list.addObject(), model.entry(), Optional.of(model)));
        catalog.entries().stream()
                .filter(entry -> !installed.containsKey(entry.id()))
                .forEach(entry -> describe(list.addObject(), entry, Optional.empty()));
        return answer;
    }

    private void describe(ObjectNode node, CatalogEntry entry, Optional<InstalledModel> installed) {
        node.put("id", entry.id())
                .put("name", entry.name())
                .put("provider", entry.provider())
                .put("task", entry.task().name().toLowerCase(Locale.ROOT))
                .put("parameters", entry.parameters())
                .put("contextLength", entry.contextLength())
                .put("licence", entry.licence())
                .put("licenceUrl", entry.licenceUrl())
                .put("memoryBytes", entry.memoryBytes())
                .put("diskBytes", installed.map(InstalledModel::size).orElseGet(() -> announced(entry)))
                .put("quality", entry.quality())
                .put("notes", entry.chat().notes());
        Optional<String> failure = pulls.failure(entry.id());
        if (pulls.isUnderWay(entry.id())) {
            node.put("state", "pulling");
            pulls.step(entry.id())
                    .ifPresent(step -> node.putObject("pull")
                            .put("file", step.file())
                            .put("done", step.bytesDone())
                            .put("total", step.bytesTotal()));
        } else if (installed.isPresent()) {
            node.put("state", "installed");
        } else if (entry.origin() instanceof Origin.Endpoint) {
            node.put("state", "endpoint");
        } else if (failure.isPresent()) {
            node.put("state", "failed").put("failure", failure.get());
        } else {
            node.put("state", "available");
        }
    }

    /** Bytes to be fetched, as far as the catalog says. */
    private static long announced(CatalogEntry entry) {
        return entry.origin() instanceof Origin.Download download
                ? download.files().stream().mapToLong(file -> file.size()).sum()
                : 0;
    }

    private JsonNode pull(EndpointExchange exchange) {
        CatalogEntry entry = entry(exchange);
        if (!(entry.origin() instanceof Origin.Download)) {
            throw new AwsError(
                    "ValidationException", 400, entry.id() + " is served by an endpoint: there is nothing to fetch");
        }
        pulls.start(entry);
        return JSON.createObjectNode();
    }

    private JsonNode stopPull(EndpointExchange exchange) {
        pulls.stop(entry(exchange).id());
        return JSON.createObjectNode();
    }

    private CatalogEntry entry(EndpointExchange exchange) {
        String path = exchange.path();
        if (!path.endsWith(PULL) || path.length() < MODELS.length() + 1 + PULL.length()) {
            throw new AwsError("ResourceNotFoundException", 404, "There is nothing at " + path);
        }
        String id = path.substring(MODELS.length() + 1, path.length() - PULL.length());
        try {
            return catalog.get(id);
        } catch (ModelException unknown) {
            throw new AwsError("ResourceNotFoundException", 404, unknown.getMessage());
        }
    }

    @Override
    public void close() {
        pulls.close();
    }
}
