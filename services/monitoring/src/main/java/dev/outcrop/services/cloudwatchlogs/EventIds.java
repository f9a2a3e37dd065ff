package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.engines.logs.Position;
import java.math.BigInteger;
import java.util.Optional;

/** Places of events as the 56 digits that AWS writes them in. */
final class EventIds {
    private static final int DIGITS = 56;
    private static final int SHIFT = 144;
    private static final BigInteger LOW = BigInteger.ONE.shiftLeft(SHIFT).subtract(BigInteger.ONE);

    private EventIds() {}

    static String of(Position position) {
        String digits = BigInteger.valueOf(position.timestamp())
                .shiftLeft(SHIFT)
                .or(BigInteger.valueOf(position.sequence()))
                .toString();
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    /** The place that an id stands for; nothing if it is no id. */
    static Optional<Position> position(String id) {
        if (id.length() != DIGITS || !id.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        BigInteger number = new BigInteger(id);
        BigInteger sequence = number.and(LOW);
        BigInteger timestamp = number.shiftRight(SHIFT);
        return sequence.bitLength() < Long.SIZE && timestamp.bitLength() < Long.SIZE
                ? Optional.of(new Position(timestamp.longValue(), sequence.longValue()))
                : Optional.empty();
    }
}
