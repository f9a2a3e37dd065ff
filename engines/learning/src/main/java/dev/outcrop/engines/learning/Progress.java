package dev.outcrop.engines.learning;

/** Hears how far a training is. What it throws ends the training, which is how one is cancelled. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress UNHEARD = fraction -> {};

    /** @param fraction of the work that is done, from 0 to 1 */
    void at(double fraction);
}
