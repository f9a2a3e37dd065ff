package dev.outcrop.services.eventbridge;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DisableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.EnableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsRequest;

/**
 * The ARNs of what requests are about, where a rule is named by itself and a bus by name or ARN.
 *
 * <p>Source: "Resource types defined by Amazon EventBridge" of the Service Authorization Reference.
 */
final class NamedResources {
    private NamedResources() {}

    /** The ARNs that a request is about; empty if it says so itself. */
    static Optional<List<String>> of(SdkRequest request) {
        return switch (request) {
            case PutEventsRequest put ->
                Optional.of(put.entries().stream()
                        .map(entry -> BusName.of(entry.eventBusName()).arn())
                        .distinct()
                        .toList());
            case PutRuleRequest put -> Optional.of(rule(put.eventBusName(), put.name()));
            case DeleteRuleRequest delete -> Optional.of(rule(delete.eventBusName(), delete.name()));
            case DescribeRuleRequest describe -> Optional.of(rule(describe.eventBusName(), describe.name()));
            case EnableRuleRequest enable -> Optional.of(rule(enable.eventBusName(), enable.name()));
            case DisableRuleRequest disable -> Optional.of(rule(disable.eventBusName(), disable.name()));
            case PutTargetsRequest put -> Optional.of(rule(put.eventBusName(), put.rule()));
            case RemoveTargetsRequest remove -> Optional.of(rule(remove.eventBusName(), remove.rule()));
            case ListTargetsByRuleRequest list -> Optional.of(rule(list.eventBusName(), list.rule()));
            default -> Optional.empty();
        };
    }

    private static List<String> rule(String bus, String name) {
        return List.of(new RuleName(BusName.of(bus), name).arn());
    }
}
