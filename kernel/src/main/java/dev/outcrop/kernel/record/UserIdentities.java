package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.shapes.codec.ShapeFields;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The field {@code userIdentity} of events.
 *
 * <p>Source: "CloudTrail userIdentity element" of the AWS CloudTrail user guide.
 */
final class UserIdentities {
    private final UnaryOperator<String> sources;

    /** @param sources what the services are called in events, by their ids */
    UserIdentities(UnaryOperator<String> sources) {
        this.sources = sources;
    }

    /** Writes the field for the account {@code recipient}, which learns little of callers of other accounts. */
    void write(JsonGenerator event, CallRecord call, String recipient) throws IOException {
        CallContext context = call.context();
        Principal principal = context.principal();
        event.writeObjectFieldStart("userIdentity");
        switch (principal.kind()) {
            case SERVICE -> {
                event.writeStringField("type", "AWSService");
                event.writeStringField("invokedBy", principal.arn());
            }
            case ANONYMOUS -> writeUnsigned(event, call);
            case ROOT, USER, ASSUMED_ROLE, FEDERATED -> {
                if (principal.account().equals(recipient)) {
                    writeKnown(event, principal);
                } else {
                    event.writeStringField("type", "AWSAccount");
                    event.writeStringField("principalId", principal.id());
                    event.writeStringField("accountId", principal.account());
                }
                if (context.callingService().isPresent()) {
                    event.writeStringField(
                            "invokedBy", sources.apply(context.callingService().get()));
                }
            }
        }
        event.writeEndObject();
    }

    private static void writeKnown(JsonGenerator event, Principal principal) throws IOException {
        event.writeStringField("type", principal.kind().auditName());
        event.writeStringField("principalId", principal.id());
        event.writeStringField("arn", principal.arn());
        event.writeStringField("accountId", principal.account());
        if (principal.accessKeyId().isPresent()) {
            event.writeStringField("accessKeyId", principal.accessKeyId().get());
        }
        if (principal.kind() == Principal.Kind.USER) {
            event.writeStringField("userName", lastPart(principal.arn()));
        }
        if (principal.session().isPresent()) {
            writeSession(event, principal, principal.session().get());
        }
    }

    private static void writeSession(JsonGenerator event, Principal principal, Session session) throws IOException {
        event.writeObjectFieldStart("sessionContext");
        if (principal.kind() != Principal.Kind.USER) {
            event.writeObjectFieldStart("sessionIssuer");
            event.writeStringField("type", issuerType(session.issuer()));
            event.writeStringField("principalId", principal.id().split(":", 2)[0]);
            event.writeStringField("arn", session.issuer());
            event.writeStringField("accountId", principal.account());
            if (!session.issuer().endsWith(":root")) {
                event.writeStringField("userName", lastPart(session.issuer()));
            }
            event.writeEndObject();
        }
        if (session.federatedProvider().isPresent()) {
            event.writeObjectFieldStart("webIdFederationData");
            event.writeStringField(
                    "federatedProvider", session.federatedProvider().get());
            event.writeObjectFieldStart("attributes");
            event.writeEndObject();
            event.writeEndObject();
        }
        event.writeObjectFieldStart("attributes");
        event.writeStringField("creationDate", AuditEvents.seconds(session.issuedAt()));
        event.writeStringField(
                "mfaAuthenticated", Boolean.toString(session.authenticatedAt().isPresent()));
        event.writeEndObject();
        if (session.sourceIdentity().isPresent()) {
            event.writeStringField("sourceIdentity", session.sourceIdentity().get());
        }
        event.writeEndObject();
    }

    private static String issuerType(String issuer) {
        if (issuer.contains(":role/")) {
            return "Role";
        }
        return issuer.endsWith(":root") ? "Root" : "IAMUser";
    }

    /** Whoever did not sign: somebody that an identity provider vouched for, or nobody in particular. */
    private static void writeUnsigned(JsonGenerator event, CallRecord call) throws IOException {
        Optional<String> subject = answered(call, "SubjectFromWebIdentityToken");
        Optional<String> samlSubject = answered(call, "Subject");
        if (call.service().equals("sts") && subject.isPresent()) {
            String provider = answered(call, "Provider").orElse("");
            event.writeStringField("type", "WebIdentityUser");
            event.writeStringField(
                    "principalId", provider + ":" + answered(call, "Audience").orElse("") + ":" + subject.get());
            event.writeStringField("userName", subject.get());
            event.writeStringField("identityProvider", provider);
        } else if (call.service().equals("sts") && samlSubject.isPresent()) {
            String provider = answered(call, "Issuer").orElse("");
            event.writeStringField("type", "SAMLUser");
            event.writeStringField(
                    "principalId", answered(call, "NameQualifier").orElse("") + ":" + samlSubject.get());
            event.writeStringField("userName", samlSubject.get());
            event.writeStringField("identityProvider", provider);
        } else {
            event.writeStringField("type", "AWSAccount");
            event.writeStringField("principalId", "");
            event.writeStringField("accountId", "ANONYMOUS_PRINCIPAL");
        }
    }

    /** A text that the call was answered. */
    private static Optional<String> answered(CallRecord call, String member) {
        if (call.response().isEmpty()) {
            return Optional.empty();
        }
        SdkPojo response = call.response().get();
        return ShapeFields.of(response)
                .member(member)
                .flatMap(known -> known.get(response))
                .map(Object::toString);
    }

    private static String lastPart(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
