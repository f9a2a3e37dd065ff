package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import java.util.Map;
import software.amazon.awssdk.services.eventbridge.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.eventbridge.model.TagResourceRequest;
import software.amazon.awssdk.services.eventbridge.model.UntagResourceRequest;

/**
 * The tags of rules and buses, found by their ARNs.
 *
 * <p>Source: TagResource of the API reference: rules and event buses can be tagged.
 */
final class TaggedResources {
    private final EventBuses buses;
    private final RuleStore rules;
    private final ResourceTags tags;

    TaggedResources(EventBuses buses, RuleStore rules, ResourceTags tags) {
        this.buses = buses;
        this.rules = rules;
        this.tags = tags;
    }

    private String existing(String arn) {
        CallContext call = CallContext.current();
        boolean mine = arn.startsWith("arn:aws:events:" + call.region() + ":" + call.account() + ":");
        boolean there = mine
                && (arn.contains(":event-bus/")
                        ? buses.exists(BusName.ofArn(arn))
                        : arn.contains(":rule/")
                                && rules.find(RuleName.ofArn(arn)).isPresent());
        if (!there) {
            throw Errors.missing("Resource " + arn + " does not exist.");
        }
        return arn;
    }

    void tag(TagResourceRequest request) {
        tags.set(existing(request.resourceARN()), ResourceTags.checked(request.tags()));
    }

    void untag(UntagResourceRequest request) {
        tags.remove(existing(request.resourceARN()), request.tagKeys());
    }

    ListTagsForResourceResponse list(String arn) {
        return tags.list(existing(arn));
    }

    /** The tags of whatever has an ARN. */
    Map<String, String> of(String arn) {
        return tags.of(arn);
    }
}
