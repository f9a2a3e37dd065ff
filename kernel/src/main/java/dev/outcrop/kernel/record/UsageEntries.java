package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.Metering;
import dev.outcrop.storage.JournalEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Who used how much of what, at what price. Prices are those of the table, half of them in batches, and nothing where the
 * hours of model units are paid for. A call that metered something has an entry of its own; the others of one
 * batch (half a second) share one by account, principal, service and operation, with their number.
 */
public final class UsageEntries {
    /** The kind of the journal's entries. */
    public static final String KIND = "usage";

    private static final JsonFactory JSON = new JsonFactory();
    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final Prices prices;

    public UsageEntries(Prices prices) {
        this.prices = prices;
    }

    /**
     * An entry of something that no call used, such as the hours of a model unit.
     *
     * @param principal whom it is for
     * @param operation what it is
     * @param amounts   by unit
     */
    public JournalEntry charge(
            String account,
            String region,
            String principal,
            String service,
            String operation,
            String model,
            Map<String, Double> amounts,
            Instant time) {
        return entry(
                new Caller(account, principal, region, service, operation),
                time,
                0,
                0,
                Optional.of(model),
                Optional.empty(),
                amounts,
                Optional.empty());
    }

    /** An entry of what a service has counted or measured that is no call's. */
    public static JournalEntry measurement(String account, String region, Measured measured, Instant time) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator entry = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            entry.writeStartObject();
            entry.writeStringField("account", account);
            entry.writeStringField("region", region);
            entry.writeNumberField("calls", 0);
            writeMeasured(entry, List.of(measured));
            entry.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JournalEntry(KIND, account, time, bytes.toByteArray());
    }

    List<JournalEntry> entries(List<CallRecord> batch) {
        List<JournalEntry> entries = new ArrayList<>();
        Map<Caller, Count> counts = new LinkedHashMap<>();
        for (CallRecord call : batch) {
            Metering metering = call.context().metering();
            if (metering.isEmpty()) {
                counts.computeIfAbsent(
                                Caller.of(call),
                                caller -> new Count(call.context().startedAt()))
                        .add(call);
            } else {
                entries.add(metered(call, metering));
            }
        }
        counts.forEach((caller, count) -> entries.add(entry(
                caller,
                count.first,
                count.calls,
                count.failed,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty())));
        return entries;
    }

    private JournalEntry metered(CallRecord call, Metering metering) {
        CallContext context = call.context();
        return entry(
                Caller.of(call),
                context.startedAt(),
                1,
                call.failure().isPresent() ? 1 : 0,
                metering.model(),
                metering.answeredBy(),
                metering.amounts(),
                Optional.of(call));
    }

    private JournalEntry entry(
            Caller caller,
            Instant time,
            long calls,
            long failed,
            Optional<String> model,
            Optional<String> answeredBy,
            Map<String, Double> amounts,
            Optional<CallRecord> call) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator entry = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            entry.writeStartObject();
            entry.writeStringField("account", caller.account);
            entry.writeStringField("principal", caller.principal);
            entry.writeStringField("service", caller.service);
            entry.writeStringField("operation", caller.operation);
            entry.writeStringField("region", caller.region);
            entry.writeNumberField("calls", calls);
            entry.writeNumberField("failed", failed);
            Metering.Billing billing =
                    call.map(made -> made.context().metering().billing()).orElse(Metering.Billing.ON_DEMAND);
            if (call.isPresent()) {
                entry.writeStringField("requestId", call.get().context().requestId());
                entry.writeNumberField("durationMillis", call.get().durationNanos() / 1e6);
                if (call.get().failure().isPresent()) {
                    entry.writeStringField(
                            "errorCode", call.get().failure().get().code());
                }
                if (billing != Metering.Billing.ON_DEMAND) {
                    entry.writeStringField("billing", billing.name());
                }
                OptionalLong firstOutput = call.get().context().metering().firstOutputNanos();
                if (firstOutput.isPresent()) {
                    CallContext context = call.get().context();
                    Duration waited = Duration.between(context.startedAt(), context.at(firstOutput.getAsLong()));
                    entry.writeNumberField("firstOutputMillis", waited.toNanos() / 1e6);
                }
            }
            if (model.isPresent()) {
                entry.writeStringField("model", model.get());
            }
            if (answeredBy.isPresent()) {
                entry.writeStringField("answeredBy", answeredBy.get());
            }
            entry.writeObjectFieldStart("amounts");
            BigDecimal price = BigDecimal.ZERO;
            for (Map.Entry<String, Double> amount : amounts.entrySet()) {
                entry.writeNumberField(amount.getKey(), amount.getValue());
                price = price.add(prices.of(model.orElse(""), amount.getKey(), amount.getValue()));
            }
            entry.writeEndObject();
            if (call.isPresent()) {
                writeMeasured(entry, call.get().context().metering().measured());
            }
            price = price.multiply(share(billing));
            entry.writeStringField("price", price.stripTrailingZeros().toPlainString());
            entry.writeStringField("currency", prices.currency());
            entry.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JournalEntry(KIND, caller.account, time, bytes.toByteArray());
    }

    private static void writeMeasured(JsonGenerator entry, List<Measured> measured) throws IOException {
        if (measured.isEmpty()) {
            return;
        }
        entry.writeArrayFieldStart("measured");
        for (Measured one : measured) {
            entry.writeStartObject();
            entry.writeStringField("namespace", one.namespace());
            entry.writeObjectFieldStart("dimensions");
            for (Map.Entry<String, String> dimension : one.dimensions().entrySet()) {
                entry.writeStringField(dimension.getKey(), dimension.getValue());
            }
            entry.writeEndObject();
            entry.writeArrayFieldStart("sets");
            for (Set<String> set : one.sets()) {
                entry.writeStartArray();
                for (String name : set) {
                    entry.writeString(name);
                }
                entry.writeEndArray();
            }
            entry.writeEndArray();
            entry.writeArrayFieldStart("values");
            for (Measured.Measurement value : one.values()) {
                entry.writeStartObject();
                entry.writeStringField("metric", value.metric());
                entry.writeStringField("unit", value.unit());
                entry.writeNumberField("value", value.value());
                if (value.count() != 1) {
                    entry.writeNumberField("count", value.count());
                }
                entry.writeEndObject();
            }
            entry.writeEndArray();
            entry.writeEndObject();
        }
        entry.writeEndArray();
    }

    private static BigDecimal share(Metering.Billing billing) {
        return switch (billing) {
            case ON_DEMAND -> BigDecimal.ONE;
            case BATCH -> HALF;
            case PROVISIONED -> BigDecimal.ZERO;
        };
    }

    private record Caller(String account, String principal, String region, String service, String operation) {
        static Caller of(CallRecord call) {
            CallContext context = call.context();
            return new Caller(
                    context.account(), context.principal().arn(), context.region(), call.service(), call.operation());
        }
    }

    private static final class Count {
        private final Instant first;
        private long calls;
        private long failed;

        Count(Instant first) {
            this.first = first;
        }

        void add(CallRecord call) {
            calls++;
            failed += call.failure().isPresent() ? 1 : 0;
        }
    }
}
