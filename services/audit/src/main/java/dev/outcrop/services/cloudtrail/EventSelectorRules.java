package dev.outcrop.services.cloudtrail;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedFieldSelector;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventSelectorsException;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

/**
 * What selectors may say.
 *
 * <p>Source: PutEventSelectors, AdvancedFieldSelector and InvalidEventSelectorsException of the AWS CloudTrail API
 * reference; "Logging data events" and "Quotas in AWS CloudTrail" of the user guide.
 */
final class EventSelectorRules {
    private static final int MOST_SELECTORS = 5;
    private static final int MOST_VALUES = 500;
    private static final int MOST_DATA_RESOURCES = 250;
    private static final Set<String> BASIC_TYPES =
            Set.of("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table");
    private static final Map<String, String> BASIC_PREFIXES = Map.of(
            "AWS::S3::Object", "arn:aws:s3",
            "AWS::Lambda::Function", "arn:aws:lambda",
            "AWS::DynamoDB::Table", "arn:aws:dynamodb");
    private static final Set<String> EXCLUDED_SOURCES = Set.of("kms.amazonaws.com", "rdsdata.amazonaws.com");
    private static final Set<String> COMMON_FIELDS = Set.of(
            "eventCategory",
            "readOnly",
            "eventSource",
            "eventName",
            "eventType",
            "sessionCredentialFromConsole",
            "userIdentity.arn");
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "Management", COMMON_FIELDS,
            "Data", union(COMMON_FIELDS, "resources.type", "resources.ARN"),
            "NetworkActivity", Set.of("eventCategory", "eventSource", "eventName", "errorCode", "vpcEndpointId"));
    private static final Set<String> EQUALS_ONLY = Set.of("readOnly", "eventCategory", "resources.type");
    private static final Set<String> FLAGS = Set.of("true", "false");

    private EventSelectorRules() {}

    private static Set<String> union(Set<String> some, String... others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(List.of(others));
        return Set.copyOf(all);
    }

    /** Checks the selectors of a trail. */
    static void checkBasic(List<EventSelector> selectors) {
        if (selectors.size() > MOST_SELECTORS) {
            throw invalid("Event selectors may be at most " + MOST_SELECTORS + " for a trail, but are "
                    + selectors.size() + ".");
        }
        int resources = 0;
        for (EventSelector selector : selectors) {
            if (selector.readWriteType() == ReadWriteType.UNKNOWN_TO_SDK_VERSION) {
                throw invalid("Invalid ReadWriteType: " + selector.readWriteTypeAsString());
            }
            for (String source : selector.excludeManagementEventSources()) {
                if (!EXCLUDED_SOURCES.contains(source)) {
                    throw invalid("The event source " + source + " cannot be excluded.");
                }
            }
            if (!selector.excludeManagementEventSources().isEmpty()
                    && Boolean.FALSE.equals(selector.includeManagementEvents())) {
                throw invalid("ExcludeManagementEventSources needs IncludeManagementEvents to be true.");
            }
            if (Boolean.FALSE.equals(selector.includeManagementEvents())
                    && selector.dataResources().isEmpty()) {
                throw invalid("An event selector must include management events or have data resources.");
            }
            for (DataResource resource : selector.dataResources()) {
                check(resource);
                resources += resource.values().size();
            }
        }
        if (resources > MOST_DATA_RESOURCES) {
            throw invalid("Data resources may be at most " + MOST_DATA_RESOURCES + " for a trail, but are " + resources
                    + ".");
        }
    }

    private static void check(DataResource resource) {
        if (!BASIC_TYPES.contains(String.valueOf(resource.type()))) {
            throw invalid("Data resource type " + resource.type() + " is not supported.");
        }
        if (resource.values().isEmpty()) {
            throw invalid("A data resource of type " + resource.type() + " must have values.");
        }
        for (String value : resource.values()) {
            if (!value.startsWith(BASIC_PREFIXES.get(resource.type()))) {
                throw invalid("Value " + value + " for DataResources.Values is invalid.");
            }
        }
    }

    /** Checks the advanced selectors of a trail or an event data store. */
    static void checkAdvanced(List<AdvancedEventSelector> selectors) {
        long values = selectors.stream()
                .flatMap(selector -> selector.fieldSelectors().stream())
                .flatMap(EventSelectorRules::operands)
                .mapToLong(List::size)
                .sum();
        if (values > MOST_VALUES) {
            throw invalid(
                    "Advanced event selectors may have at most " + MOST_VALUES + " values, but have " + values + ".");
        }
        Set<String> names = new HashSet<>();
        for (AdvancedEventSelector selector : selectors) {
            if (selector.name() != null && !selector.name().isEmpty() && !names.add(selector.name())) {
                throw invalid("Advanced event selectors must have different names, but two are called "
                        + selector.name() + ".");
            }
            check(selector);
        }
    }

    private static void check(AdvancedEventSelector selector) {
        String category = null;
        String type = null;
        Set<String> fields = new HashSet<>();
        for (AdvancedFieldSelector field : selector.fieldSelectors()) {
            if (!fields.add(field.field())) {
                throw invalid(
                        "Advanced field selectors for one field must be one, but " + field.field() + " has several.");
            }
            if (operands(field).allMatch(List::isEmpty)) {
                throw invalid("The field selector of " + field.field() + " must have an operator.");
            }
            if (EQUALS_ONLY.contains(field.field())
                    && (field.equalsValue().isEmpty()
                            || operands(field).skip(1).anyMatch(others -> !others.isEmpty()))) {
                throw invalid("The field " + field.field() + " can only be set to Equals.");
            }
            if (field.field().equals("readOnly") && !FLAGS.containsAll(field.equalsValue())) {
                throw invalid("The field readOnly can only be true or false.");
            }
            if (field.field().equals("eventCategory")) {
                category = one(field);
            } else if (field.field().equals("resources.type")) {
                type = one(field);
            }
        }
        if (category == null) {
            throw invalid("An advanced event selector must have the field eventCategory.");
        }
        Set<String> known = FIELDS.get(category);
        if (known == null) {
            throw invalid("Event category " + category + " is not supported.");
        }
        for (String field : fields) {
            if (!known.contains(field)) {
                throw invalid("The field " + field + " is not supported for events of category " + category + ".");
            }
        }
        if (category.equals("Data") && type == null) {
            throw invalid("Selectors of data events must have the field resources.type.");
        }
        if (category.equals("NetworkActivity") && !fields.contains("eventSource")) {
            throw invalid("Selectors of network activity events must have the field eventSource.");
        }
    }

    private static String one(AdvancedFieldSelector field) {
        if (field.equalsValue().size() != 1) {
            throw invalid("The field " + field.field() + " must have one value.");
        }
        return field.equalsValue().getFirst();
    }

    private static Stream<List<String>> operands(AdvancedFieldSelector field) {
        return Stream.<Function<AdvancedFieldSelector, List<String>>>of(
                        AdvancedFieldSelector::equalsValue,
                        AdvancedFieldSelector::startsWith,
                        AdvancedFieldSelector::endsWith,
                        AdvancedFieldSelector::notEquals,
                        AdvancedFieldSelector::notStartsWith,
                        AdvancedFieldSelector::notEndsWith)
                .map(operator -> operator.apply(field));
    }

    /** Whether any selector takes management events. */
    static boolean takeManagement(List<EventSelector> basic, List<AdvancedEventSelector> advanced) {
        return basic.stream().anyMatch(selector -> !Boolean.FALSE.equals(selector.includeManagementEvents()))
                || advanced.stream()
                        .flatMap(selector -> selector.fieldSelectors().stream())
                        .anyMatch(field -> field.field().equals("eventCategory")
                                && field.equalsValue().contains("Management"));
    }

    static InvalidEventSelectorsException invalid(String message) {
        return InvalidEventSelectorsException.builder().message(message).build();
    }
}
