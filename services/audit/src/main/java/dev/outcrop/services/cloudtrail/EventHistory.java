package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.RecordQuery.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.EventCategory;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventCategoryException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidLookupAttributesException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;
import software.amazon.awssdk.services.cloudtrail.model.Resource;

/**
 * The management events of an account and region, of the last 90 days, newest first.
 *
 * <p>Source: LookupEvents, AWS CloudTrail API reference; "Working with CloudTrail event history" of the user guide.
 */
final class EventHistory {
    /** How far back it reaches. */
    static final Duration REACH = Duration.ofDays(90);

    private static final int MOST = 50;
    private static final int LONGEST_VALUE = 2000;
    private static final Duration LONGEST_SEARCH = Duration.ofSeconds(10);

    private final EventIndex index;
    private final EventTerms terms;
    private final PageTokens tokens;
    private final InstantSource clock;

    EventHistory(EventIndex index, EventTerms terms, PageTokens tokens, InstantSource clock) {
        this.index = index;
        this.terms = terms;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** An event that fits, and where it stands. */
    private record Found(long time, long sequence, byte[] json, AuditEvent event) {
        static final Comparator<Found> NEWEST_FIRST = Comparator.comparingLong(Found::time)
                .thenComparingLong(Found::sequence)
                .reversed();
    }

    /** What is looked up. */
    private record Search(
            String account, String region, long from, long to, Optional<LookupAttribute> attribute, long term) {}

    LookupEventsResponse lookup(LookupEventsRequest request) {
        check(request);
        Search search = search(request);
        if (request.eventCategory() == EventCategory.INSIGHT) {
            // No trail computes Insights events here, so that there are none to be found.
            return LookupEventsResponse.builder().events(List.of()).build();
        }
        String list =
                "cloudtrail:events " + request.startTime() + " " + request.endTime() + " " + request.lookupAttributes();
        Optional<Cursor> place = Optional.ofNullable(request.nextToken()).map(token -> place(list, token));
        int wanted = request.maxResults() == null ? MOST : request.maxResults();
        Pages pages = new Pages(search, place);
        List<Found> page = pages.next(wanted);
        return LookupEventsResponse.builder()
                .events(page.stream().map(this::told).toList())
                .nextToken(pages.rest().map(rest -> tokens.token(list, rest)).orElse(null))
                .build();
    }

    private static void check(LookupEventsRequest request) {
        if (request.eventCategory() == EventCategory.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidEventCategoryException.builder()
                    .message("Event category is invalid: " + request.eventCategoryAsString())
                    .build();
        }
        if (request.lookupAttributes().size() > 1) {
            throw invalidAttributes("You can only specify one lookup attribute.");
        }
        for (LookupAttribute attribute : request.lookupAttributes()) {
            if (weight(attribute.attributeValue()) > LONGEST_VALUE) {
                throw invalidAttributes("The lookup attribute value must be at most " + LONGEST_VALUE
                        + " characters long, where '_', ' ', ',' and line breaks count twice.");
            }
            boolean insightful = List.of(
                            LookupAttributeKey.EVENT_ID, LookupAttributeKey.EVENT_NAME, LookupAttributeKey.EVENT_SOURCE)
                    .contains(attribute.attributeKey());
            if (request.eventCategory() == EventCategory.INSIGHT && !insightful) {
                throw invalidAttributes(
                        "Insights events cannot be looked up by " + attribute.attributeKeyAsString() + ".");
            }
        }
        if (request.startTime() != null
                && request.endTime() != null
                && request.startTime().isAfter(request.endTime())) {
            throw InvalidTimeRangeException.builder()
                    .message("Start time must be before end time.")
                    .build();
        }
    }

    private static InvalidLookupAttributesException invalidAttributes(String message) {
        return InvalidLookupAttributesException.builder().message(message).build();
    }

    private static long weight(String value) {
        return value.length()
                + value.chars().filter(c -> "_ ,\n".indexOf(c) >= 0).count();
    }

    private Search search(LookupEventsRequest request) {
        CallContext call = CallContext.current();
        long place = EventIndex.place(call.account(), call.region());
        Optional<LookupAttribute> attribute =
                request.lookupAttributes().stream().findFirst();
        long oldest = clock.instant().minus(REACH).getEpochSecond();
        return new Search(
                call.account(),
                call.region(),
                request.startTime() == null ? oldest : Math.max(oldest, ceiling(request.startTime())),
                request.endTime() == null
                        ? Long.MAX_VALUE / 1000 - 1
                        : request.endTime().getEpochSecond(),
                attribute,
                attribute
                        .map(wanted -> EventIndex.term(place, wanted.attributeKey(), EventTerms.value(wanted)))
                        .orElse(place));
    }

    /** Events tell whole seconds. */
    private static long ceiling(Instant time) {
        return time.getNano() == 0 ? time.getEpochSecond() : time.getEpochSecond() + 1;
    }

    private Cursor place(String list, String token) {
        try {
            return tokens.place(list, token);
        } catch (AwsError foreign) {
            throw InvalidNextTokenException.builder()
                    .message("Invalid NextToken. It must be passed in with the same parameters as the original call.")
                    .build();
        }
    }

    /** Merges the stretches that may hold what is looked up, newest first, reading each only when its turn has come. */
    private final class Pages {
        private final Search search;
        private final List<EventIndex.Stretch> stretches;
        private final PriorityQueue<Found> found = new PriorityQueue<>(Found.NEWEST_FIRST);
        private final long beforeTime;
        private final long beforeSequence;
        private int read;

        Pages(Search search, Optional<Cursor> place) {
            this.search = search;
            beforeTime = place.map(cursor -> cursor.createdAt().toEpochMilli()).orElse(Long.MAX_VALUE);
            beforeSequence = place.map(cursor -> Long.parseLong(cursor.id())).orElse(Long.MAX_VALUE);
            stretches = index.all().stream()
                    .filter(stretch -> stretch.earliest() <= Math.min(beforeTime, search.to * 1000 + 999)
                            && stretch.latest() >= search.from * 1000
                            && stretch.mayHold(search.term))
                    .sorted(Comparator.comparingLong(EventIndex.Stretch::latest).reversed())
                    .toList();
        }

        List<Found> next(int wanted) {
            long deadline = System.nanoTime() + LONGEST_SEARCH.toNanos();
            List<Found> page = new ArrayList<>();
            while (page.size() < wanted && settle(deadline) && !found.isEmpty()) {
                page.add(found.poll());
            }
            settle(deadline);
            return page;
        }

        /** Reads stretches until the newest of what was found is the newest of all; false if time ran out. */
        private boolean settle(long deadline) {
            while (read < stretches.size()
                    && (found.isEmpty()
                            || found.peek().time <= stretches.get(read).latest())) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                read(stretches.get(read++));
            }
            return true;
        }

        private void read(EventIndex.Stretch stretch) {
            for (Journal.Place place : index.events(stretch)) {
                long time = place.entry().time().toEpochMilli();
                boolean before = time < beforeTime || (time == beforeTime && place.sequence() < beforeSequence);
                long second = Math.floorDiv(time, 1000L);
                if (before
                        && second >= search.from
                        && second <= search.to
                        && place.entry().account().equals(search.account)) {
                    AuditEvent event = AuditEvent.read(place.entry().body());
                    if (event.isManagement()
                            && event.region().equals(search.region)
                            && search.attribute
                                    .map(wanted -> terms.matches(event, wanted))
                                    .orElse(true)) {
                        found.add(
                                new Found(time, place.sequence(), place.entry().body(), event));
                    }
                }
            }
        }

        /** Where the next page begins; empty if nothing follows. */
        Optional<Cursor> rest() {
            long unread = read < stretches.size() ? stretches.get(read).latest() : Long.MIN_VALUE;
            if (found.isEmpty() && read == stretches.size()) {
                return Optional.empty();
            }
            if (!found.isEmpty() && found.peek().time > unread) {
                return Optional.of(cursor(found.peek().time, found.peek().sequence + 1));
            }
            return Optional.of(cursor(found.isEmpty() ? unread : Math.max(unread, found.peek().time), Long.MAX_VALUE));
        }

        private static Cursor cursor(long time, long sequence) {
            return new Cursor(Instant.ofEpochMilli(time), "", "", Long.toString(sequence));
        }
    }

    private Event told(Found found) {
        AuditEvent event = found.event;
        return Event.builder()
                .eventId(event.id())
                .eventName(event.name())
                .readOnly(Boolean.toString(event.isReadOnly()))
                .accessKeyId(event.accessKeyId().orElse(null))
                .eventTime(event.time())
                .eventSource(event.source())
                .username(event.userName().orElse(null))
                .resources(terms.resources().of(event).stream()
                        .map(resource -> Resource.builder()
                                .resourceType(resource.type())
                                .resourceName(resource.arn())
                                .build())
                        .toList())
                .cloudTrailEvent(new String(found.json, UTF_8))
                .build();
    }
}
