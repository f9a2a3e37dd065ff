package dev.outcrop.kernel.identity;

import java.net.InetAddress;

/** When a server must not be reachable from other machines. */
public final class ListeningRules {
    private ListeningRules() {}

    /**
     * Checks that the configuration is fit for where the server listens.
     *
     * @param address         where it listens
     * @param developmentKeys whether the well-known keys are accepted
     * @param tls             whether it speaks TLS
     * @param insecure        whether the user said that TLS is not wanted
     * @throws IllegalArgumentException saying what to change
     */
    public static void check(InetAddress address, boolean developmentKeys, boolean tls, boolean insecure) {
        if (address.isLoopbackAddress()) {
            return;
        }
        String where = "Listening on " + address.getHostAddress() + ", which other machines can reach, needs ";
        if (developmentKeys) {
            throw new IllegalArgumentException(
                    where + "the development keys switched off: anyone knows them (development-keys: false)");
        }
        if (!tls && !insecure) {
            throw new IllegalArgumentException(
                    where + "TLS: without it, everything said can be read on the way (or --insecure, to accept that)");
        }
    }
}
