package dev.outcrop.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What one call used. Services add to it; the record step writes it down with its price. Safe for concurrent use. */
public final class Metering {
    /** The unit of tokens read from a prompt. */
    public static final String INPUT_TOKENS = "InputTokens";
    /** The unit of tokens written by a model. */
    public static final String OUTPUT_TOKENS = "OutputTokens";
    /** The unit of prompt tokens that a cache held. */
    public static final String CACHE_READ_INPUT_TOKENS = "CacheReadInputTokens";
    /** The unit of prompt tokens that went into a cache. */
    public static final String CACHE_WRITE_INPUT_TOKENS = "CacheWriteInputTokens";
    /** The unit of calls of models that their provider has declared legacy. */
    public static final String LEGACY_MODEL_INVOCATIONS = "LegacyModelInvocations";
    /** The unit of hours for which a model unit was kept without a term; with one, a slash and the term follow. */
    public static final String MODEL_UNIT_HOURS = "ModelUnitHours";

    /** How a call is paid for. */
    public enum Billing {
        /** By what it uses. */
        ON_DEMAND,
        /** By what it uses, at half the price. */
        BATCH,
        /** By the hours of the model units that served it, so that the call itself costs nothing. */
        PROVISIONED
    }

    private final Map<String, Double> amounts = new LinkedHashMap<>(4);
    private List<Measured> measured = List.of();
    private String model;
    private String answeredBy;
    private long askedNanos;
    private long usedNanos;
    private long firstOutputNanos;
    private Billing billing = Billing.ON_DEMAND;

    Metering() {}

    /**
     * Says which model was asked and which answered; the later call wins.
     *
     * @param model      the AWS model id that the caller named
     * @param answeredBy the id of the installed model that really answers
     */
    public synchronized void model(String model, String answeredBy) {
        this.model = model;
        this.answeredBy = answeredBy;
        askedNanos = System.nanoTime();
    }

    /** Adds {@code count} tokens read from the prompt. */
    public void inputTokens(long count) {
        add(INPUT_TOKENS, (double) count);
    }

    /** Adds {@code count} tokens written by the model. */
    public void outputTokens(long count) {
        add(OUTPUT_TOKENS, (double) count);
    }

    /** Adds {@code count} prompt tokens that a cache held. */
    public void cacheReadInputTokens(long count) {
        add(CACHE_READ_INPUT_TOKENS, (double) count);
    }

    /** Adds {@code count} prompt tokens that went into a cache. */
    public void cacheWriteInputTokens(long count) {
        add(CACHE_WRITE_INPUT_TOKENS, (double) count);
    }

    /** Adds {@code amount} of {@code unit}, such as {@code Characters} or {@code Seconds}. */
    public synchronized void add(String unit, double amount) {
        amounts.merge(unit, amount, Double::sum);
        usedNanos = System.nanoTime();
    }

    /** Adds what CloudWatch is to be told of the call. */
    public synchronized void measured(Measured more) {
        if (measured.isEmpty()) {
            measured = new ArrayList<>(2);
        }
        measured.add(more);
    }

    /** What CloudWatch is to be told of the call. */
    public synchronized List<Measured> measured() {
        return List.copyOf(measured);
    }

    /** Says how the call is paid for, if not by what it uses. */
    public synchronized void billing(Billing billing) {
        this.billing = billing;
    }

    /** How the call is paid for. */
    public synchronized Billing billing() {
        return billing;
    }

    /** Says that the first of an answer that is streamed has left; later calls change nothing. */
    public synchronized void firstOutput() {
        if (firstOutputNanos == 0) {
            firstOutputNanos = System.nanoTime();
        }
    }

    /** When the first of a streamed answer left, in nanoseconds of the monotonic clock; empty if none has. */
    public synchronized OptionalLong firstOutputNanos() {
        return firstOutputNanos == 0 ? OptionalLong.empty() : OptionalLong.of(firstOutputNanos);
    }

    /** The AWS model id that the caller named, if the call was one to a model. */
    public synchronized Optional<String> model() {
        return Optional.ofNullable(model);
    }

    /** The installed model that answered, if one did. */
    public synchronized Optional<String> answeredBy() {
        return Optional.ofNullable(answeredBy);
    }

    /** How long the model took, from when it was chosen until it said what it used; empty if it has not. */
    public synchronized Optional<Duration> modelTime() {
        return model == null || usedNanos == 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(usedNanos - askedNanos));
    }

    /** When the model was chosen, in nanoseconds of the monotonic clock. */
    public synchronized long modelAskedNanos() {
        return askedNanos;
    }

    /** Whether nothing was used or measured and no model asked. */
    public synchronized boolean isEmpty() {
        return model == null && amounts.isEmpty() && measured.isEmpty();
    }

    /** What was used, by unit. */
    public synchronized Map<String, Double> amounts() {
        return Map.copyOf(amounts);
    }
}
