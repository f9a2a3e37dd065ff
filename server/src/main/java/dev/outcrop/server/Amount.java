package dev.outcrop.server;

import java.util.Locale;

/** Amounts as people read them. */
final class Amount {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Amount() {}

    /** Such as {@code 93.8 MiB}. */
    static String ofBytes(long bytes) {
        int unit = 0;
        double amount = (double) bytes;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
    }
}
