package dev.outcrop.server;

import com.sun.management.OperatingSystemMXBean;
import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.EndpointEmbeddingModel;
import dev.outcrop.engines.embedding.OnnxCrossEncoder;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.CatalogEntry;
import dev.outcrop.engines.models.ModelException;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Origin;
import dev.outcrop.engines.models.Task;
import dev.outcrop.engines.text.LocalTextModels;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextModelLocation;
import dev.outcrop.engines.text.TextModels.LoadedTextModel;
import dev.outcrop.engines.text.llama.LlamaSettings;
import dev.outcrop.engines.text.openai.OpenAiSettings;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Licence;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The models of this server: those installed in the store, and those that the catalog says an endpoint serves. A model
 * pulled while the server runs is there at the next call.
 */
final class HouseModels implements InstalledModels, AutoCloseable {
    private static final Duration ENDPOINT_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration RERANKING_TIMEOUT = Duration.ofMinutes(5);

    private final Configuration.Models settings;
    private final Catalog catalog;
    private final ModelStore store;
    private final Path libraries;
    private final LocalTextModels textModels;
    private final Map<String, EmbeddingModel> embeddingModels = new ConcurrentHashMap<>();
    private final Map<String, OnnxCrossEncoder> crossEncoders = new ConcurrentHashMap<>();

    HouseModels(Configuration.Models settings, Catalog catalog, ModelStore store, Path libraries) {
        this.settings = settings;
        this.catalog = catalog;
        this.store = store;
        this.libraries = libraries;
        this.textModels =
                new LocalTextModels(this::location, settings.memoryBytes().orElseGet(HouseModels::halfOfMemory));
    }

    /** Loads the models that the configuration wants loaded from the start. */
    void preload() {
        for (String id : settings.preload()) {
            switch (entry(id).map(CatalogEntry::task).orElse(Task.TEXT)) {
                case TEXT -> textModels.preload(List.of(id));
                case EMBEDDING -> embedding(id);
                case RERANKING, OCR, SPEECH_RECOGNITION, SPEECH_SYNTHESIS, SPEAKER_RECOGNITION ->
                    throw new ModelException(
                            ModelException.Category.CATALOG, "model " + id + " is loaded when it is first called");
            }
        }
    }

    /** The model for {@code task} that answers where no other is asked for. */
    Optional<String> preferred(Task task) {
        return installed(task).map(dev.outcrop.engines.models.InstalledModel::id);
    }

    /** The same, and where it lies; of what others serve nothing lies here. */
    Optional<dev.outcrop.engines.models.InstalledModel> installed(Task task) {
        return new DefaultModels(catalog, store).installed(task);
    }

    /** What is loaded now. */
    List<LoadedTextModel> loaded() {
        return textModels.loaded();
    }

    @Override
    public List<InstalledModel> all() {
        Map<String, CatalogEntry> entries = new TreeMap<>();
        store.list().forEach(model -> entries.put(model.id(), model.entry()));
        for (CatalogEntry entry : catalog.entries()) {
            if (entry.origin() instanceof Origin.Endpoint) {
                entries.putIfAbsent(entry.id(), entry);
            }
        }
        return entries.values().stream()
                .flatMap(entry -> describe(entry).stream())
                .toList();
    }

    @Override
    public Optional<InstalledModel> find(String id) {
        return entry(id).flatMap(HouseModels::describe);
    }

    @Override
    public TextModel text(String id) {
        return textModels.get(id);
    }

    @Override
    public EmbeddingModel embedding(String id) {
        return embeddingModels.computeIfAbsent(id, this::open);
    }

    /** What reads a query and a passage together, where a model that does is installed; loaded if need be. */
    Optional<OnnxCrossEncoder> crossEncoder() {
        return installed(Task.RERANKING)
                .map(model -> crossEncoders.computeIfAbsent(
                        model.id(),
                        id -> OnnxCrossEncoder.open(
                                id,
                                model.weights(),
                                model.file("tokenizer.json"),
                                model.entry().contextLength(),
                                RERANKING_TIMEOUT)));
    }

    /** What is known of a model that can be used here: one that is installed, or that an endpoint serves. */
    private Optional<CatalogEntry> entry(String id) {
        return store.find(id)
                .map(dev.outcrop.engines.models.InstalledModel::entry)
                .or(() -> catalog.find(id).filter(entry -> entry.origin() instanceof Origin.Endpoint));
    }

    /** The model as Bedrock knows it; empty of models that are for other services. */
    private static Optional<InstalledModel> describe(CatalogEntry entry) {
        return switch (entry.task()) {
            case TEXT -> Optional.of(describe(entry, InstalledModel.Kind.TEXT));
            case EMBEDDING -> Optional.of(describe(entry, InstalledModel.Kind.EMBEDDING));
            case RERANKING, OCR, SPEECH_RECOGNITION, SPEECH_SYNTHESIS, SPEAKER_RECOGNITION -> Optional.empty();
        };
    }

    private static InstalledModel describe(CatalogEntry entry, InstalledModel.Kind kind) {
        return new InstalledModel(
                entry.id(),
                entry.name(),
                entry.provider(),
                kind,
                entry.inputs().stream()
                        .map(modality -> modality.name().toUpperCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()),
                licence(entry));
    }

    /** An SPDX identifier has no blanks and a page of its own; a licence with conditions of its own says where it stands. */
    private static Licence licence(CatalogEntry entry) {
        boolean identifier = !entry.licence().isEmpty() && !entry.licence().contains(" ");
        String url = !entry.licenceUrl().isEmpty() || !identifier
                ? entry.licenceUrl()
                : "https://spdx.org/licenses/" + entry.licence() + ".html";
        return new Licence(entry.licence(), url, !identifier && !entry.licence().isEmpty());
    }

    @Override
    public int slots() {
        return settings.slots();
    }

    private Optional<TextModelLocation> location(String id) {
        return entry(id).filter(entry -> entry.task() == Task.TEXT).map(entry -> switch (entry.origin()) {
            case Origin.Endpoint endpoint -> new TextModelLocation.Endpoint(openAi(entry, endpoint));
            case Origin.Download download ->
                new TextModelLocation.GgufFile(
                        llama(store.find(id).orElseThrow(), download.adapters()),
                        settings.preload().contains(id));
        });
    }

    private LlamaSettings llama(dev.outcrop.engines.models.InstalledModel model, List<Origin.Adapter> adapters) {
        LlamaSettings llama = LlamaSettings.of(model.id(), model.weights(), libraries)
                .withAdapters(adapters.stream()
                        .map(adapter -> new LlamaSettings.Adapter(model.file(adapter.file()), adapter.scale()))
                        .toList())
                .withQueue(settings.slots(), settings.queue())
                .withThreads(settings.threads().orElseGet(HouseModels::usualThreads))
                .withIdleLimit(settings.idle());
        return settings.context().map(llama::withContextLength).orElse(llama);
    }

    private static long halfOfMemory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize() / 2;
    }

    /** One core stays free for the server itself and for what else the machine does. */
    private static int usualThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    private static OpenAiSettings openAi(CatalogEntry entry, Origin.Endpoint endpoint) {
        Set<Capability> capabilities = EnumSet.of(Capability.CHAT, Capability.CONSTRAINTS);
        if (entry.chat().tools()) {
            capabilities.add(Capability.TOOLS);
        }
        if (entry.chat().reasoning()) {
            capabilities.add(Capability.REASONING);
        }
        return new OpenAiSettings(
                entry.id(),
                endpoint.url(),
                endpoint.remoteModel(),
                endpoint.key().read(System.getenv()),
                Map.of(),
                entry.contextLength(),
                capabilities,
                OpenAiSettings.Dialect.OPENAI,
                ENDPOINT_TIMEOUT);
    }

    private EmbeddingModel open(String id) {
        CatalogEntry entry = entry(id)
                .filter(known -> known.task() == Task.EMBEDDING)
                .orElseThrow(() -> new EmbeddingException(
                        EmbeddingException.Category.NOT_FOUND, "no embedding model is installed under the id " + id));
        return switch (entry.origin()) {
            case Origin.Endpoint endpoint ->
                EndpointEmbeddingModel.open(new EndpointEmbeddingModel.Settings(
                        id,
                        endpoint.url(),
                        endpoint.remoteModel(),
                        endpoint.key().read(System.getenv()).orElse(""),
                        entry.vectors().dimension(),
                        entry.contextLength(),
                        64,
                        ENDPOINT_TIMEOUT));
            case Origin.Download _ -> {
                dev.outcrop.engines.models.InstalledModel model = store.find(id).orElseThrow();
                yield OnnxEmbeddingModel.open(
                        id,
                        model.weights(),
                        model.file("tokenizer.json"),
                        OnnxEmbeddingModel.Settings.usual(
                                switch (entry.vectors().pooling()) {
                                    case MEAN -> Pooling.MEAN;
                                    case CLS -> Pooling.CLS;
                                },
                                entry.contextLength()));
            }
        };
    }

    @Override
    public void close() {
        textModels.close();
        embeddingModels.values().forEach(EmbeddingModel::close);
        crossEncoders.values().forEach(OnnxCrossEncoder::close);
    }
}
