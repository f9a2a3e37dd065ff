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
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.storage.Journal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
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
 * GET    /_outcrop/prices?model=…        what a model costs, by unit, for a million of them        outcrop:ListModels
 * GET    /_outcrop/usage?from=…&to=…     what the caller's account has used, day by day           outcrop:GetUsage
 * </pre>
 *
 * <p>Usage is {@code {from, to, complete, through, lines: [{day, service, model, calls, failed, amounts: {unit: number}, price,
 * currency}]}}: days are UTC's, {@code YYYY-MM-DD}, both included, 366 at most; the last thirty unless they are named. Where
 * {@code complete} is false the server has not read all of its record yet: one asks again.
 */
public final class Console implements AutoCloseable {
    private static final String MODELS = "/_outcrop/models";
    private static final String PULL = "/pull";
    private static final long MOST_DAYS = 366;
    private static final long USUAL_DAYS = 30;
    private static final long PRICED = 1_000_000;

    /** The key that a server for development takes as both its own id and secret. */
    private static final String DEVELOPMENT_KEY = "test";

    private final Settings settings;
    private final ServedServices services;
    private final Catalog catalog;
    private final ModelStore store;
    private final ModelPulls pulls;
    private final UsageLedger ledger;
    private final Prices prices;
    private final InstantSource clock;

    /**
     * What the console is told of the server.
     *
     * @param developmentSessions whether anybody who reaches the server may act as its root
     */
    public record Settings(String version, String region, boolean developmentSessions) {}

    /**
     * The console of a server.
     *
     * @param journal where its usage entries are
     * @param prices  what they were priced by
     */
    public Console(
            Settings settings,
            ServedServices services,
            Catalog catalog,
            ModelStore store,
            Journal journal,
            Prices prices,
            InstantSource clock) {
        this.settings = settings;
        this.services = services;
        this.catalog = catalog;
        this.store = store;
        this.pulls = new ModelPulls(store);
        this.ledger = new UsageLedger(journal);
        this.prices = prices;
        this.clock = clock;
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
                new ServerCall("DELETE", MODELS + "/*", pull, this::stopPull),
                new ServerCall("GET", "/_outcrop/prices", Optional.of("outcrop:ListModels"), this::prices),
                new ServerCall("GET", "/_outcrop/usage", Optional.of("outcrop:GetUsage"), this::usage));
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

    private ObjectNode prices(EndpointExchange exchange) {
        String model = exchange.query("model").orElseThrow(() -> AwsError.validation("model must be named"));
        ObjectNode answer = JSON.createObjectNode().put("currency", prices.currency());
        ObjectNode perMillion = answer.putObject("perMillion");
        for (String unit : List.of("InputTokens", "OutputTokens")) {
            perMillion.put(
                    unit, prices.of(model, unit, PRICED).stripTrailingZeros().toPlainString());
        }
        return answer;
    }

    private ObjectNode usage(EndpointExchange exchange) {
        LocalDate to = day(exchange, "to").orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        LocalDate from = day(exchange, "from").orElseGet(() -> to.minusDays(USUAL_DAYS - 1));
        long days = ChronoUnit.DAYS.between(from, to) + 1;
        if (days < 1 || days > MOST_DAYS) {
            throw AwsError.validation(
                    "from and to must name 1 to " + MOST_DAYS + " days, but " + from + " to " + to + " are " + days);
        }
        UsageLedger.Usage usage = ledger.usage(CallContext.current().account(), from, to);
        ObjectNode answer = JSON.createObjectNode()
                .put("from", from.toString())
                .put("to", to.toString())
                .put("complete", usage.complete())
                .put("through", usage.through().toString());
        ArrayNode lines = answer.putArray("lines");
        for (UsageLedger.Line line : usage.lines()) {
            ObjectNode node = lines.addObject()
                    .put("day", line.day().toString())
                    .put("service", line.use().service())
                    .put("model", line.use().model())
                    .put("calls", line.calls())
                    .put("failed", line.failed())
                    .put("price", line.price().stripTrailingZeros().toPlainString())
                    .put("currency", line.currency());
            ObjectNode amounts = node.putObject("amounts");
            line.amounts().forEach(amounts::put);
        }
        return answer;
    }

    private static Optional<LocalDate> day(EndpointExchange exchange, String name) {
        return exchange.query(name).map(text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException unreadable) {
                throw AwsError.validation(name + " must be a day such as 2026-01-31, but is \"" + text + "\"");
            }
        });
    }

    @Override
    public void close() {
        pulls.close();
    }
}
