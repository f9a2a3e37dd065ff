package dev.outcrop.services.cloudtrail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;

/** By what an event is found in the history: the attributes of LookupEvents with their values. */
final class EventTerms {
    private final ReferencedResources resources;

    EventTerms(ReferencedResources resources) {
        this.resources = resources;
    }

    /** Calls {@code consumer} with each attribute of {@code event} and its value. */
    void forEach(AuditEvent event, BiConsumer<LookupAttributeKey, String> consumer) {
        consumer.accept(LookupAttributeKey.EVENT_ID, event.id());
        consumer.accept(LookupAttributeKey.EVENT_NAME, event.name());
        consumer.accept(LookupAttributeKey.EVENT_SOURCE, event.source());
        consumer.accept(LookupAttributeKey.READ_ONLY, Boolean.toString(event.isReadOnly()));
        event.userName().ifPresent(name -> consumer.accept(LookupAttributeKey.USERNAME, name));
        event.accessKeyId().ifPresent(id -> consumer.accept(LookupAttributeKey.ACCESS_KEY_ID, id));
        for (AuditEvent.Resource resource : resources.of(event)) {
            consumer.accept(LookupAttributeKey.RESOURCE_TYPE, resource.type());
            consumer.accept(LookupAttributeKey.RESOURCE_NAME, resource.arn());
        }
    }

    /** Whether {@code event} has the attribute with the value that is looked up. */
    boolean matches(AuditEvent event, LookupAttribute wanted) {
        List<String> found = new ArrayList<>(1);
        String value = value(wanted);
        forEach(event, (key, present) -> {
            if (key == wanted.attributeKey() && present.equals(value)) {
                found.add(present);
            }
        });
        return !found.isEmpty();
    }

    /** The value that is looked up, as events have it. */
    static String value(LookupAttribute wanted) {
        return wanted.attributeKey() == LookupAttributeKey.READ_ONLY
                ? wanted.attributeValue().toLowerCase(Locale.ROOT)
                : wanted.attributeValue();
    }

    ReferencedResources resources() {
        return resources;
    }
}
