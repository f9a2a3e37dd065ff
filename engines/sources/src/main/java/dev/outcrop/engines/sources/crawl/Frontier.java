package dev.outcrop.engines.sources.crawl;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is still to be fetched: each host's addresses in the order of their discovery, and when the host may be asked again.
 * An address is taken in once.
 */
final class Frontier {
    private final Duration interval;
    private final int most;
    private final Set<URI> seen = new HashSet<>();
    private final Map<String, Host> hosts = new HashMap<>();
    private boolean overflowed;

    /**
     * Makes an empty one.
     *
     * @param interval between two requests of one host
     * @param most     how many addresses it takes in all
     */
    Frontier(Duration interval, int most) {
        this.interval = interval;
        this.most = most;
    }

    /**
     * An address to be fetched.
     *
     * @param depth    how many links it is away from a seed
     * @param document whether it is wanted only as a document, since it is outside of the scope
     * @param attempts how often it was tried before
     */
    record Entry(URI page, int depth, boolean document, int attempts) {
        /** The same, at the address that it was redirected to. */
        Entry at(URI other) {
            return new Entry(other, depth, document, attempts);
        }
    }

    /** One to be fetched, at its time. */
    record Due(Entry entry, Instant time) {}

    private static final class Host {
        private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
        private Instant next = Instant.MIN;
        private Duration delay = Duration.ZERO;
    }

    /** Takes an address in, unless that has happened before. */
    void add(URI page, int depth, boolean document) {
        if (seen.contains(page)) {
            return;
        }
        if (seen.size() >= most) {
            overflowed = true;
            return;
        }
        seen.add(page);
        host(page).waiting.add(new Entry(page, depth, document, 0));
    }

    /** Notes an address as known, as that which another one turned out to be; false if it was before. */
    boolean note(URI page) {
        return seen.add(page);
    }

    /** Puts one back to be tried again, and leaves its host alone until then. */
    void again(Entry entry, Instant time) {
        Host host = host(entry.page());
        host.waiting.addFirst(new Entry(entry.page(), entry.depth(), entry.document(), entry.attempts() + 1));
        host.next = host.next.isAfter(time) ? host.next : time;
    }

    /** Takes out the address that may be fetched first. */
    Optional<Due> next() {
        return hosts.values().stream()
                .filter(host -> !host.waiting.isEmpty())
                .min(Comparator.comparing(host -> host.next))
                .map(host -> new Due(host.waiting.poll(), host.next));
    }

    /** Notes that a host was asked. */
    void asked(URI page, Instant time) {
        Host host = host(page);
        host.next = time.plus(interval.compareTo(host.delay) > 0 ? interval : host.delay);
    }

    /** When a host may be asked. */
    Instant due(URI page) {
        return host(page).next;
    }

    /** Slows requests of a host down. */
    void slow(URI page, Duration delay) {
        host(page).delay = delay;
    }

    /** Gives a host up. */
    int drop(URI page) {
        Host host = host(page);
        int dropped = host.waiting.size();
        host.waiting.clear();
        return dropped;
    }

    /** Whether there were more addresses than it takes. */
    boolean overflowed() {
        return overflowed;
    }

    private Host host(URI page) {
        return hosts.computeIfAbsent(page.getHost() + ":" + page.getPort(), name -> new Host());
    }
}
