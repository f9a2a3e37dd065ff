package dev.outcrop.services.cloudtrail;

/** What {@link DeliveryState#outcome} tells, by name. */
final class DeliveryOutcome {
    static final String DELIVERED = "delivered";
    static final String ATTEMPTED = "attempted";
    static final String DELIVERY_ERROR = "deliveryError";
    static final String DIGEST_DELIVERED = "digestDelivered";
    static final String DIGEST_ERROR = "digestError";
    static final String NOTIFIED = "notified";
    static final String NOTIFICATION_ATTEMPTED = "notificationAttempted";
    static final String NOTIFICATION_ERROR = "notificationError";
    static final String LOGGED = "logged";
    static final String LOGS_ERROR = "logsError";

    private DeliveryOutcome() {}
}
