package dev.outcrop.services.eventbridge;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * An event that goes from one bus to another as it is: with its id, its account and its time. It walks the corridor as a
 * call of PutEvents, so that the policy of the other bus decides, and comes along beside the call.
 *
 * @param event  as JSON
 * @param sender the account whose rule sends it
 * @param hops   how many buses it has been sent on from, this time included
 */
record Forwarding(String event, String sender, int hops) {
    private static final ScopedValue<Forwarding> CURRENT = ScopedValue.newInstance();

    /** The event that the call on this thread forwards. */
    static Optional<Forwarding> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** What {@code call} gives. */
    <T> T during(Supplier<T> call) {
        return ScopedValue.where(CURRENT, this).call(call::get);
    }
}
