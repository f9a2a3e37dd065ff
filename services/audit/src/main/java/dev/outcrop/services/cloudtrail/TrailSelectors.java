package dev.outcrop.services.cloudtrail;

import java.util.List;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.InsightNotEnabledException;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

/**
 * Which events trails take.
 *
 * <p>Source: PutEventSelectors and GetInsightSelectors of the AWS CloudTrail API reference.
 */
final class TrailSelectors {
    private final Trails trails;
    private final TrailStore store;

    TrailSelectors(Trails trails, TrailStore store) {
        this.trails = trails;
        this.store = store;
    }

    GetEventSelectorsResponse get(String name) {
        return trails.seen(name).trail().selectors();
    }

    PutEventSelectorsResponse put(PutEventSelectorsRequest request) {
        TrailStore.Located trail = trails.changeable(request.trailName());
        boolean basic = !request.eventSelectors().isEmpty();
        boolean advanced = !request.advancedEventSelectors().isEmpty();
        if (basic == advanced) {
            throw EventSelectorRules.invalid(
                    "Either event selectors or advanced event selectors must be given, and not both.");
        }
        EventSelectorRules.checkBasic(request.eventSelectors());
        EventSelectorRules.checkAdvanced(request.advancedEventSelectors());
        GetEventSelectorsResponse.Builder selectors =
                GetEventSelectorsResponse.builder().trailARN(trail.place().arn());
        if (advanced) {
            selectors.advancedEventSelectors(request.advancedEventSelectors());
        } else {
            selectors.eventSelectors(
                    request.eventSelectors().stream().map(TrailSelectors::whole).toList());
        }
        GetEventSelectorsResponse changed = selectors.build();
        store.update(
                trail.place(),
                stored -> stored.with(changed)
                        .with(stored.trail().toBuilder()
                                .hasCustomEventSelectors(true)
                                .build()));
        PutEventSelectorsResponse.Builder response =
                PutEventSelectorsResponse.builder().trailARN(changed.trailARN());
        return advanced
                ? response.advancedEventSelectors(changed.advancedEventSelectors())
                        .build()
                : response.eventSelectors(changed.eventSelectors()).build();
    }

    /** With what is usual where the request does not say. */
    private static EventSelector whole(EventSelector selector) {
        return EventSelector.builder()
                .readWriteType(selector.readWriteType() == null ? ReadWriteType.ALL : selector.readWriteType())
                .includeManagementEvents(!Boolean.FALSE.equals(selector.includeManagementEvents()))
                .dataResources(selector.dataResources())
                .excludeManagementEventSources(List.copyOf(selector.excludeManagementEventSources()))
                .build();
    }

    /** What a trail says of Insights, which none computes here. */
    InsightNotEnabledException noInsights(String name) {
        return InsightNotEnabledException.builder()
                .message("Trail " + trails.seen(name).place().arn() + " does not have Insights enabled.")
                .build();
    }
}
