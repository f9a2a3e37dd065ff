package dev.outcrop.services.invocationlogs;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Metering;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.JournalWriter;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationLoggingConfigurationResponse;
import software.amazon.awssdk.services.bedrock.model.LoggingConfig;

/**
 * Logs the invocations of accounts that want it. A call only hands over its request and its answer; what was handed over is
 * in the journal half a second later at the latest, and all of it once this is closed. From there it is delivered.
 */
public final class InvocationLogs implements CallRecorder, AutoCloseable {
    static final String KIND = "bedrock-invocation";

    private static final Logger LOG = LoggerFactory.getLogger(InvocationLogs.class);
    private static final Set<String> OPERATIONS =
            Set.of("Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream");
    private static final int QUEUE_LENGTH = 8192;
    private static final int LARGEST_BATCH = 256;
    /** How much may wait for the disk. */
    private static final int WAITING_KILOBYTES = 128 << 10;

    private final LoggingSettings settings;
    private final InvocationDelivery delivery;
    private final Secrets secrets;
    private final Objects objects;
    private final Predicate<String> embeds;
    private final InstantSource clock;
    private final ConcurrentMap<CallContext, StreamedAnswer> streams = new ConcurrentHashMap<>();
    private final Semaphore room = new Semaphore(WAITING_KILOBYTES);
    private final JournalWriter<Logged> writer;

    /**
     * Logs.
     *
     * @param embeds whether the model of an id makes embeddings
     */
    public InvocationLogs(
            Journal journal,
            Records records,
            Objects objects,
            Secrets secrets,
            ResourceStore store,
            Predicate<String> embeds,
            Supplier<Clients> clients,
            Ids ids,
            InstantSource clock) {
        this.secrets = secrets;
        this.objects = objects;
        this.embeds = embeds;
        this.clock = clock;
        settings = new LoggingSettings(store, records, clients);
        delivery = new InvocationDelivery(journal, records, objects, this::opened, clients, ids, clock);
        writer = new JournalWriter<>(
                "outcrop-invocation-logs",
                journal,
                QUEUE_LENGTH,
                LARGEST_BATCH,
                this::entries,
                logged -> "the invocation " + logged.call.context().requestId());
    }

    private record Logged(
            CallRecord call, LoggingConfig configuration, Optional<StreamedAnswer> streamed, int weight) {}

    /** Logs from now on as the account of the call wants it. */
    public void configure(LoggingConfig configuration) {
        CallContext call = CallContext.current();
        delivery.follow(call.account(), call.region());
        settings.put(configuration);
    }

    /** What the account of the call wants logged. */
    public GetModelInvocationLoggingConfigurationResponse configuration() {
        return settings.get();
    }

    /** Logs no more for the account of the call; what was logged is delivered. */
    public void stop() {
        settings.delete();
    }

    /** Where the events of the present call's stream are to be told; empty if nobody wants it logged. */
    public Optional<StreamedAnswer> stream() {
        CallContext call = CallContext.current();
        if (settings.of(call.account(), call.region()).isEmpty()) {
            return Optional.empty();
        }
        StreamedAnswer answer = new StreamedAnswer();
        streams.put(call, answer);
        return Optional.of(answer);
    }

    @Override
    public void record(CallRecord call) {
        if (!call.service().equals("bedrock-runtime")
                || !OPERATIONS.contains(call.operation())
                || call.request().isEmpty()
                || call.context().metering().billing() == Metering.Billing.BATCH) {
            return;
        }
        Optional<StreamedAnswer> streamed = Optional.ofNullable(streams.remove(call.context()));
        Optional<LoggingConfig> configuration;
        try {
            configuration = settings.of(call.context().account(), call.context().region());
        } catch (StorageException unreadable) {
            LOG.error("no log is kept of the invocation {}", call.context().requestId(), unreadable);
            return;
        }
        if (configuration.isEmpty()) {
            return;
        }
        Logged logged = new Logged(
                call, configuration.get(), streamed, weight(call.request().get()));
        if (!takeRoom(logged.weight) || !writer.write(logged)) {
            LOG.error("no log is kept of the invocation {}", call.context().requestId());
        }
    }

    /** Waits for room as the journal's writer does, so that bodies that wait for a slow disk do not fill the memory. */
    private boolean takeRoom(int kilobytes) {
        try {
            return room.tryAcquire(kilobytes, JournalWriter.LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** About how much memory a request holds, in kilobytes. */
    private static int weight(SdkRequest request) {
        long bytes = request.getValueForField("body", SdkBytes.class)
                .map(body -> (long) body.asByteArrayUnsafe().length)
                .orElse(16L << 10);
        return (int) Math.min(WAITING_KILOBYTES, 1 + (bytes >> 10));
    }

    private List<JournalEntry> entries(List<Logged> batch) {
        List<JournalEntry> entries = new ArrayList<>(batch.size());
        for (Logged logged : batch) {
            CallContext context = logged.call.context();
            try {
                String model = context.metering().model().orElse("");
                byte[] written = new InvocationEntry(
                                logged.call,
                                logged.configuration,
                                logged.streamed.map(StreamedAnswer::body),
                                embeds.test(model),
                                objects)
                        .write();
                entries.add(new JournalEntry(KIND, context.account(), clock.instant(), sealed(context, written)));
            } catch (IOException | RuntimeException untold) {
                // One that cannot be told must not cost the others.
                LOG.error("no log is kept of the invocation {}", context.requestId(), untold);
            } finally {
                room.release(logged.weight);
            }
        }
        return entries;
    }

    private byte[] sealed(CallContext context, byte[] entry) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(entry);
        }
        return secrets.encrypt(compressed.toByteArray(), scope(context.account()));
    }

    private byte[] opened(JournalEntry entry) {
        try (GZIPInputStream gzip =
                new GZIPInputStream(new ByteArrayInputStream(secrets.decrypt(entry.body(), scope(entry.account()))))) {
            return gzip.readAllBytes();
        } catch (IOException damaged) {
            throw new UncheckedIOException("an entry of an invocation cannot be read", damaged);
        } catch (GeneralSecurityException foreign) {
            throw new StorageException("an entry of an invocation cannot be decrypted", foreign);
        }
    }

    private static String scope(String account) {
        return "bedrock invocation " + account;
    }

    /** Delivers what was logged. */
    public Chore chore() {
        return delivery.chore();
    }

    /** Delivers what is in the journal now. */
    void deliver(BooleanSupplier ending) {
        delivery.run(ending);
    }

    /** Writes all that was handed over, and ends. */
    @Override
    public void close() {
        writer.close();
    }
}
