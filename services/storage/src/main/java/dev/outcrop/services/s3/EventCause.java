package dev.outcrop.services.s3;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.HostId;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.RequestSignature;
import java.util.UUID;

/**
 * Who caused an event.
 *
 * @param principal as notifications name it
 * @param requester as EventBridge names it: an account, or a service
 * @param form      whether it came by a browser's form
 */
record EventCause(String principal, String requester, String sourceAddress, String requestId, boolean form) {
    private static final String S3 = "s3.amazonaws.com";

    /** The present call. */
    static EventCause call() {
        CallContext context = CallContext.current();
        Principal caller = context.principal();
        String principal = caller.kind() == Principal.Kind.ANONYMOUS ? "Anonymous" : "AWS:" + caller.id();
        boolean form = context.signature()
                .filter(signature -> signature.carrier() == RequestSignature.Carrier.FORM)
                .isPresent();
        return new EventCause(principal, caller.account(), context.sourceAddress(), context.requestId(), form);
    }

    /** S3 itself, such as by a lifecycle rule. */
    static EventCause own() {
        return new EventCause(S3, S3, S3, UUID.randomUUID().toString(), false);
    }

    String hostId() {
        return HostId.of(requestId);
    }
}
