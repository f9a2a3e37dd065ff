package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a trail's delivery is. What is to be put into the bucket is written down here before it is put there, so that
 * after a crash the same files are put again under the same names.
 *
 * @param ranges  the stretches of the journal that the trail logged, the delivered part of the first one cut off
 * @param planned the delivery that was begun, at most one
 * @param digests the chains of digests, by region
 * @param outcome when what was delivered, and what went wrong, by the names that GetTrailStatus has for it
 */
record DeliveryState(
        List<Range> ranges, List<Plan> planned, Map<String, DigestChain> digests, Map<String, String> outcome) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long OPEN = Long.MAX_VALUE;

    /** Nothing was logged yet. */
    static final DeliveryState EMPTY = new DeliveryState(List.of(), List.of(), Map.of(), Map.of());

    /**
     * A stretch of the journal.
     *
     * @param after the sequence before its first entry
     * @param until the sequence of its last one
     */
    record Range(long after, long until) {
        boolean isEmpty() {
            return after >= until;
        }

        /** Whether nothing can arrive in it any more. */
        boolean isClosed() {
            return until != OPEN;
        }
    }

    /**
     * Files to be delivered.
     *
     * @param until the sequence of the last entry that goes into them
     * @param at    when, in milliseconds since 1970
     * @param trail the trail as it was then, as {@link StoredTrail#write} has it
     * @param names what makes the name of each region's file unique
     */
    record Plan(long until, long at, String trail, Map<String, String> names) {}

    /**
     * The digests of a region.
     *
     * @param start    where the next one begins, as digests tell times
     * @param files    what was delivered since
     * @param previous the one before; empty strings if there is none
     */
    record DigestChain(String start, List<LogFile> files, Digest previous) {}

    /** A digest that was delivered, its hash and signature in hexadecimal. */
    record Digest(String bucket, String key, String hash, String signature) {
        static final Digest NONE = new Digest("", "", "", "");

        boolean isNone() {
            return key.isEmpty();
        }
    }

    /** A file that was delivered, the SHA-256 of its content, and the times of its oldest and newest event. */
    record LogFile(String bucket, String key, String hash, String oldest, String newest) {}

    byte[] write() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static DeliveryState read(byte[] body) {
        try {
            return JSON.readValue(body, DeliveryState.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the state of a delivery cannot be read", damaged);
        }
    }

    /** From here on everything is logged. */
    DeliveryState openedAt(long sequence) {
        List<Range> changed = new ArrayList<>(ranges);
        changed.add(new Range(sequence, OPEN));
        return new DeliveryState(changed, planned, digests, outcome);
    }

    /** What comes from here on is not logged; what came before is still to be delivered. */
    DeliveryState closedAt(long sequence) {
        List<Range> changed = new ArrayList<>();
        for (Range range : ranges) {
            changed.add(range.until == OPEN ? new Range(range.after, Math.max(range.after, sequence)) : range);
        }
        return new DeliveryState(changed, planned, digests, outcome);
    }

    /** Opened or closed at {@code sequence}, if it is not as {@code wanted} already. */
    DeliveryState following(boolean wanted, long sequence) {
        boolean open = ranges.stream().anyMatch(range -> !range.isClosed());
        if (wanted == open) {
            return this;
        }
        return wanted ? openedAt(sequence) : closedAt(sequence);
    }

    DeliveryState planning(Plan plan) {
        return new DeliveryState(ranges, List.of(plan), digests, outcome);
    }

    DeliveryState withoutPlan() {
        return new DeliveryState(ranges, List.of(), digests, outcome);
    }

    /** All up to {@code sequence} has been delivered, or is none of the trail's. */
    DeliveryState deliveredUntil(long sequence) {
        List<Range> changed = new ArrayList<>();
        for (Range range : ranges) {
            Range left = new Range(Math.max(range.after, sequence), range.until);
            if (!left.isEmpty()) {
                changed.add(left);
            }
        }
        return new DeliveryState(changed, List.of(), digests, outcome);
    }

    DeliveryState withDigests(Map<String, DigestChain> changed) {
        return new DeliveryState(ranges, planned, changed, outcome);
    }

    DeliveryState with(String region, DigestChain chain) {
        Map<String, DigestChain> changed = new HashMap<>(digests);
        changed.put(region, chain);
        return withDigests(changed);
    }

    /** Says what came of it; the empty text takes back what was said. */
    DeliveryState telling(String name, String value) {
        Map<String, String> changed = new HashMap<>(outcome);
        if (value.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new DeliveryState(ranges, planned, digests, changed);
    }
}
