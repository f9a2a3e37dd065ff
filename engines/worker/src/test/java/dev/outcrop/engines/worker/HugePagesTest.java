package dev.outcrop.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HugePagesTest {
    @Test
    void areAskedForBesideWhatTheUserHasSet() {
        Map<String, String> empty = new HashMap<>();
        Map<String, String> other = new HashMap<>(Map.of("GLIBC_TUNABLES", "glibc.malloc.arena_max=2"));
        Map<String, String> refused = new HashMap<>(Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=0"));

        HugePages.askFor(empty);
        HugePages.askFor(other);
        HugePages.askFor(refused);

        assertThat(empty).containsEntry("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
        assertThat(other).containsEntry("GLIBC_TUNABLES", "glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1");
        assertThat(refused).containsEntry("GLIBC_TUNABLES", "glibc.malloc.hugetlb=0");
    }
}
