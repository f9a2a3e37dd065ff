package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.AuthorizationDecision;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.batch.BatchJobs;
import dev.outcrop.services.bedrock.BedrockService;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeService;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeStreams;
import dev.outcrop.services.bedrockruntime.ModelRouting;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import dev.outcrop.services.bedrockruntime.SomeModels;
import dev.outcrop.services.bedrockruntime.WordsEmbeddingModel;
import dev.outcrop.services.invocationlogs.InvocationLogs;
import dev.outcrop.services.modelunits.ModelUnits;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailRequest;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;

/**
 * Bedrock and its runtime behind the corridor, in a folder, over a scripted model and filters by keywords. What is denied to
 * everybody but the root can be said; calls are remembered.
 */
public final class GuardrailHouse implements AutoCloseable {
    static final String KEY =
            "arn:aws:kms:us-east-1:" + SomeModels.ACCOUNT + ":key/11111111-2222-3333-4444-555555555555";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final Records records;
    private final Journal journal;
    private final InvocationLogs logs;
    private final KeywordFilters filters = new KeywordFilters();
    private final Clients clients;
    private final List<CallRecord> calls = new CopyOnWriteArrayList<>();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final AtomicReference<ScriptedTextModel> model =
            new AtomicReference<>(ScriptedTextModel.saying("Hello", " there."));

    public GuardrailHouse(Path path) {
        folder = DataFolder.open(path);
        records = folder.records();
        journal = folder.journal();
        PageTokens pageTokens = new PageTokens(folder.secrets());
        ResourceStore store = new ResourceStore(records, pageTokens, clock);
        Ids ids = new Ids(new Random(1));
        ServedServices services = new ServedServices(new ServiceTables());
        Authorization authorization = question -> question.accesses().stream()
                .filter(access ->
                        denied.contains(access.action()) || denied.contains(access.action() + " " + access.resource()))
                .findFirst()
                .<AuthorizationDecision>map(
                        access -> new AuthorizationDecision.Denied(access, "because no policy allows it"))
                .orElse(AuthorizationDecision.ALLOWED);
        clients = new Clients(services, new Corridor(authorization, Throttle.unlimited(), calls::add));
        SomeModels installed = SomeModels.of(new Latest(model), new WordsEmbeddingModel(256));
        ModelRouting routing = installed.routing();
        Guardrails guardrails = new Guardrails(records, pageTokens, store, () -> clients, ids, clock);
        AppliedGuardrails applied = new AppliedGuardrails(records, () -> clients, filters);
        logs = new InvocationLogs(
                journal,
                records,
                folder.objects(folder.secrets()),
                folder.secrets(),
                store,
                _ -> false,
                () -> clients,
                ids,
                clock);
        BatchJobs batches = new BatchJobs(
                store,
                new ServiceEvents(records, clock),
                () -> {
                    throw new IllegalStateException("no batch runs here");
                },
                ids,
                clock);
        services.serve(
                        "bedrock",
                        BedrockClient.class,
                        () -> new BedrockService(
                                SomeModels.PUBLISHED,
                                installed,
                                (_, _) -> Optional.of("scripted"),
                                guardrails,
                                ModelUnits.none(),
                                logs,
                                batches,
                                new UsageEntries(Prices.free()),
                                records,
                                journal,
                                store,
                                ids,
                                clock))
                .serve(
                        "bedrock-runtime",
                        BedrockRuntimeClient.class,
                        () -> new BedrockRuntimeService(routing, SomeModels.FAMILIES, applied, new Random(1)),
                        BedrockRuntimeAsyncClient.class,
                        () -> new BedrockRuntimeStreams(routing, SomeModels.FAMILIES, applied, new Random(1)))
                .serve("kms", KmsClient.class, Keys::new);
    }

    /** One key, which only this process knows, and which tells contexts apart. */
    private static final class Keys implements KmsClient {
        private static final ConcurrentMap<String, SdkBytes> WRAPPED = new ConcurrentHashMap<>();

        @Override
        public GenerateDataKeyResponse generateDataKey(GenerateDataKeyRequest request) {
            byte[] key = new byte[32];
            new Random(WRAPPED.size()).nextBytes(key);
            String name = WRAPPED.size() + " " + request.encryptionContext();
            WRAPPED.put(name, SdkBytes.fromByteArray(key));
            return GenerateDataKeyResponse.builder()
                    .keyId(KEY)
                    .plaintext(SdkBytes.fromByteArray(key))
                    .ciphertextBlob(SdkBytes.fromUtf8String(name))
                    .build();
        }

        @Override
        public DecryptResponse decrypt(DecryptRequest request) {
            String name = request.ciphertextBlob().asUtf8String();
            if (!name.endsWith(request.encryptionContext().toString())) {
                throw InvalidCiphertextException.builder()
                        .message("other context")
                        .build();
            }
            return DecryptResponse.builder().plaintext(WRAPPED.get(name)).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** Has {@code scripted} answer from now on. */
    public void answering(ScriptedTextModel scripted) {
        model.set(scripted);
    }

    ScriptedTextModel model() {
        return model.get();
    }

    KeywordFilters filters() {
        return filters;
    }

    Records records() {
        return records;
    }

    /** Denies an action from now on, or with a blank and an ARN behind it, the action on that. */
    void deny(String action) {
        denied.add(action);
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private CallContext context(String account) {
        return CallContext.builder()
                .requestId("11111111-2222-3333-4444-555555555555")
                .principal(Principal.root(account, Optional.of("test")))
                .build();
    }

    <T> T bedrock(Function<BedrockClient, T> call) {
        return as(SomeModels.ACCOUNT, call);
    }

    <T> T as(String account, Function<BedrockClient, T> call) {
        return context(account).call(() -> call.apply(clients.of(BedrockClient.class)));
    }

    public <T> T runtime(Function<BedrockRuntimeClient, T> call) {
        return context(SomeModels.ACCOUNT).call(() -> call.apply(clients.of(BedrockRuntimeClient.class)));
    }

    public <T> T streams(Function<BedrockRuntimeAsyncClient, T> call) {
        return context(SomeModels.ACCOUNT).call(() -> call.apply(clients.of(BedrockRuntimeAsyncClient.class)));
    }

    /** Makes a guardrail that says "No question." and "No answer.", and gives its id. */
    public String guardrail(Consumer<CreateGuardrailRequest.Builder> definition) {
        CreateGuardrailRequest request = CreateGuardrailRequest.builder()
                .name("guardrail-" + calls.size())
                .blockedInputMessaging("No question.")
                .blockedOutputsMessaging("No answer.")
                .applyMutation(definition)
                .build();
        return bedrock(client -> client.createGuardrail(request)).guardrailId();
    }

    /** What CloudWatch is to be told of the calls so far. */
    List<Measured> measured() {
        List<Measured> measured = new ArrayList<>();
        calls.forEach(call -> measured.addAll(call.context().metering().measured()));
        return measured;
    }

    @Override
    public void close() {
        logs.close();
        journal.close();
        records.close();
        folder.close();
    }
}
