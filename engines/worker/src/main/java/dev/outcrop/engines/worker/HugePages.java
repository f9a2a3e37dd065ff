package dev.outcrop.engines.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Pages of 2 MiB for what native code allocates. A step of a model reads all of its weights, and finding each page of
 * 4 KiB costs more than reading it where other processes use the same caches: one stream of a model of 135 million
 * parameters took a quarter less CPU with them on a busy machine.
 */
public final class HugePages {
    private static final Path POLICY = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final String VARIABLE = "GLIBC_TUNABLES";
    private static final String TUNABLE = "glibc.malloc.hugetlb";

    private HugePages() {}

    /** Whether the system gives them to memory that asks: Linux does as its administrator sets, others never. */
    public static boolean areToBeHad() {
        try {
            return Files.isReadable(POLICY) && !Files.readString(POLICY).contains("[never]");
        } catch (IOException unreadable) {
            return false;
        }
    }

    /**
     * Has the allocator of a process to be started ask for them (GNU C library 2.35 and newer, which others ignore).
     *
     * @param environment of that process; a setting of the user's own stays
     */
    static void askFor(Map<String, String> environment) {
        environment.merge(VARIABLE, TUNABLE + "=1", (own, ours) -> own.contains(TUNABLE) ? own : own + ":" + ours);
    }
}
