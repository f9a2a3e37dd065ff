package dev.outcrop.kernel;

/**
 * Whether somebody still waits for the answer to a call. Safe for concurrent use.
 *
 * <p>A client is known to have gone when its connection has ended in the direction towards the server; over HTTP/1.1
 * that takes some tenths of a second to notice, and only calls that ask are looked after.
 */
public interface ClientPresence {
    /** Of calls behind which there is no connection. */
    ClientPresence ALWAYS = new ClientPresence() {
        @Override
        public boolean isGone() {
            return false;
        }

        @Override
        public Watch onGone(Runnable action) {
            return () -> {};
        }
    };

    /** Whether it is known that nobody waits any more; once something was registered, it becomes known soon. */
    boolean isGone();

    /**
     * Runs {@code action} once when nobody waits for the answer any more; at once if that is so already. It runs on
     * another thread, must not block, and is forgotten when the call ends.
     *
     * @return forgets the action when it is closed; an action that has begun goes on
     */
    Watch onGone(Runnable action);

    /** One registered action. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
