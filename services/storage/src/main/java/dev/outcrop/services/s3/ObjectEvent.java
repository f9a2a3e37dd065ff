package dev.outcrop.services.s3;

/**
 * What can happen to an object, as event notifications and EventBridge name it.
 *
 * <p>Source: "Supported event types for SQS, SNS, and Lambda" and "Using EventBridge", Amazon S3 user guide.
 */
enum ObjectEvent {
    PUT("ObjectCreated:Put", "2.1", "Object Created", "PutObject"),
    POSTED("ObjectCreated:Post", "2.1", "Object Created", "POST Object"),
    COPIED("ObjectCreated:Copy", "2.1", "Object Created", "CopyObject"),
    COMPLETED("ObjectCreated:CompleteMultipartUpload", "2.1", "Object Created", "CompleteMultipartUpload"),
    REMOVED("ObjectRemoved:Delete", "2.1", "Object Deleted", "DeleteObject"),
    MARKED("ObjectRemoved:DeleteMarkerCreated", "2.1", "Object Deleted", "DeleteObject"),
    EXPIRED("LifecycleExpiration:Delete", "2.3", "Object Deleted", "Lifecycle Expiration"),
    EXPIRED_MARKED("LifecycleExpiration:DeleteMarkerCreated", "2.3", "Object Deleted", "Lifecycle Expiration"),
    MOVED("LifecycleTransition", "2.3", "Object Storage Class Changed", ""),
    RESTORE_BEGUN("ObjectRestore:Post", "2.1", "Object Restore Initiated", ""),
    RESTORED("ObjectRestore:Completed", "2.1", "Object Restore Completed", ""),
    TAGGED("ObjectTagging:Put", "2.3", "Object Tags Added", ""),
    UNTAGGED("ObjectTagging:Delete", "2.3", "Object Tags Deleted", ""),
    LISTED("ObjectAcl:Put", "2.3", "Object ACL Updated", ""),
    /** EventBridge is not told of it. */
    NOT_REPLICATED("Replication:OperationFailedReplication", "2.2", "", "");

    private final String notification;
    private final String schema;
    private final String detailType;
    private final String reason;

    ObjectEvent(String notification, String schema, String detailType, String reason) {
        this.notification = notification;
        this.schema = schema;
        this.detailType = detailType;
        this.reason = reason;
    }

    /** Its name in a notification; a configuration writes {@code s3:} before it. */
    String notification() {
        return notification;
    }

    /** The version of the notification's form. */
    String schema() {
        return schema;
    }

    /** EventBridge's name of it; empty if it is not told. */
    String detailType() {
        return detailType;
    }

    /** What EventBridge is told of its cause; empty for nothing. */
    String reason() {
        return reason;
    }

    boolean creates() {
        return notification.startsWith("ObjectCreated:");
    }

    /** What EventBridge is told of how something was deleted; empty if it was not. */
    String deletion() {
        return switch (this) {
            case REMOVED, EXPIRED -> "Permanently Deleted";
            case MARKED, EXPIRED_MARKED -> "Delete Marker Created";
            default -> "";
        };
    }
}
