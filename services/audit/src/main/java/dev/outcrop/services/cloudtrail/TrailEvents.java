package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudtrail.model.Trail;

/** What of the journal a trail takes. */
final class TrailEvents {
    private static final int MOST = 5000;

    private final Journal journal;

    TrailEvents(Journal journal) {
        this.journal = journal;
    }

    /** The oldest events of all accounts in a stretch of the journal. */
    List<Journal.Place> in(DeliveryState.Range range) {
        return journal.arrivals(AuditEvents.KIND, range.after(), MOST).stream()
                .filter(event -> event.sequence() <= range.until())
                .toList();
    }

    /** Those that a trail takes, by the region that they happened in. */
    static Map<String, List<JournalEntry>> byRegion(
            TrailStore.Place place, StoredTrail trail, List<Journal.Place> events) {
        Map<String, List<JournalEntry>> byRegion = new TreeMap<>();
        for (Journal.Place entry : events) {
            if (entry.entry().account().equals(place.account())) {
                AuditEvent event = AuditEvent.read(entry.entry().body());
                if (isSeen(event, trail.trail()) && EventSelection.takes(trail.selectors(), event)) {
                    byRegion.computeIfAbsent(event.region(), _ -> new ArrayList<>())
                            .add(entry.entry());
                }
            }
        }
        return byRegion;
    }

    private static boolean isSeen(AuditEvent event, Trail trail) {
        boolean here = Boolean.TRUE.equals(trail.isMultiRegionTrail())
                || event.region().equals(trail.homeRegion());
        boolean global = GlobalServices.SOURCES.contains(event.source());
        return here && (!global || Boolean.TRUE.equals(trail.includeGlobalServiceEvents()));
    }
}
