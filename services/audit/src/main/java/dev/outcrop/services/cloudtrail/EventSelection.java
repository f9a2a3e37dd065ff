package dev.outcrop.services.cloudtrail;

import java.util.List;
import java.util.function.BiPredicate;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedFieldSelector;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

/**
 * Which events a trail or an event data store takes: those that any of its selectors fits.
 *
 * <p>Source: EventSelector, DataResource and AdvancedFieldSelector of the AWS CloudTrail API reference.
 */
final class EventSelection {
    private EventSelection() {}

    static boolean takes(GetEventSelectorsResponse selectors, AuditEvent event) {
        return selectors.hasAdvancedEventSelectors()
                ? takes(selectors.advancedEventSelectors(), event)
                : selectors.eventSelectors().stream().anyMatch(selector -> fits(selector, event));
    }

    static boolean takes(List<AdvancedEventSelector> selectors, AuditEvent event) {
        return selectors.stream()
                .anyMatch(selector -> selector.fieldSelectors().stream().allMatch(field -> fits(field, event)));
    }

    private static boolean fits(EventSelector selector, AuditEvent event) {
        ReadWriteType type = selector.readWriteType() == null ? ReadWriteType.ALL : selector.readWriteType();
        boolean wanted = type == ReadWriteType.ALL || event.isReadOnly() == (type == ReadWriteType.READ_ONLY);
        if (!wanted) {
            return false;
        }
        if (event.isManagement()) {
            return !Boolean.FALSE.equals(selector.includeManagementEvents())
                    && !selector.excludeManagementEventSources().contains(event.source());
        }
        return selector.dataResources().stream().anyMatch(resource -> fits(resource, event));
    }

    private static boolean fits(DataResource wanted, AuditEvent event) {
        return event.resources().stream()
                .filter(resource -> resource.type().equals(wanted.type()))
                .anyMatch(resource -> wanted.values().stream().anyMatch(value -> fits(wanted.type(), value, resource)));
    }

    /** The ARN of all of a service is the beginning of its ARNs; objects go by prefixes, the others are exact. */
    private static boolean fits(String type, String value, AuditEvent.Resource resource) {
        boolean prefix = type.equals("AWS::S3::Object") || value.split(":", -1).length <= 3;
        return prefix ? resource.arn().startsWith(value) : resource.arn().equals(value);
    }

    private static boolean fits(AdvancedFieldSelector selector, AuditEvent event) {
        return values(selector.field(), event).stream().anyMatch(value -> fits(selector, value));
    }

    /** All positive operators that are there must have a value that fits, and no negative one may. */
    private static boolean fits(AdvancedFieldSelector selector, String value) {
        return any(selector.equalsValue(), value, String::equals)
                && any(selector.startsWith(), value, String::startsWith)
                && any(selector.endsWith(), value, String::endsWith)
                && none(selector.notEquals(), value, String::equals)
                && none(selector.notStartsWith(), value, String::startsWith)
                && none(selector.notEndsWith(), value, String::endsWith);
    }

    private static boolean any(List<String> operands, String value, BiPredicate<String, String> operator) {
        return operands.isEmpty() || operands.stream().anyMatch(operand -> operator.test(value, operand));
    }

    private static boolean none(List<String> operands, String value, BiPredicate<String, String> operator) {
        return operands.stream().noneMatch(operand -> operator.test(value, operand));
    }

    /** The values of a field, one at least; an event without the field has the empty text there. */
    private static List<String> values(String field, AuditEvent event) {
        List<String> values = switch (field) {
            case "resources.type" ->
                event.resources().stream().map(AuditEvent.Resource::type).toList();
            // AWS compares the resource that the selector's type names; it is the first.
            case "resources.ARN" ->
                event.resources().stream()
                        .map(AuditEvent.Resource::arn)
                        .limit(1)
                        .toList();
            case "userIdentity.arn" -> List.of(event.identity().getOrDefault("arn", ""));
            default -> List.of(event.field(field));
        };
        return values.isEmpty() ? List.of("") : values;
    }
}
