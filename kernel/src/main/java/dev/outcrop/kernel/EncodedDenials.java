package dev.outcrop.kernel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.storage.Secrets;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * What some services say of a denial to nobody but those who may decode it: encrypted, and bound to the caller's account.
 *
 * <p>Source: "DecodeAuthorizationMessage" of the AWS STS API reference.
 */
public final class EncodedDenials {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST = 10_240;

    private final Secrets secrets;

    public EncodedDenials(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The message about a denial, as the error carries it. */
    String encoded(Principal principal, AuthorizationDecision.Denied denied) {
        byte[] text = written(principal, denied).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(secrets.encrypt(text, scope(principal.account())));
    }

    /**
     * The JSON in a message that was given to a principal of the call's account.
     *
     * @throws AwsError {@code InvalidAuthorizationMessageException} if it was not
     */
    public String decoded(String message) {
        try {
            if (message.length() > LONGEST) {
                throw invalid();
            }
            byte[] encrypted = Base64.getUrlDecoder().decode(message);
            return new String(
                    secrets.decrypt(encrypted, scope(CallContext.current().account())), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | GeneralSecurityException foreign) {
            throw invalid();
        }
    }

    private static AwsError invalid() {
        return new AwsError("InvalidAuthorizationMessageException", 400, "Message is not valid");
    }

    private static String scope(String account) {
        return "authorization message " + account;
    }

    private static String written(Principal principal, AuthorizationDecision.Denied denied) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeBooleanField("allowed", false);
            json.writeBooleanField("explicitDeny", denied.reason().startsWith("with an explicit deny"));
            json.writeObjectFieldStart("context");
            json.writeObjectFieldStart("principal");
            json.writeStringField("id", principal.id());
            json.writeStringField(
                    "name", principal.arn().substring(principal.arn().lastIndexOf('/') + 1));
            json.writeStringField("arn", principal.arn());
            json.writeEndObject();
            json.writeStringField("action", denied.access().action());
            json.writeStringField("resource", denied.access().resource());
            json.writeStringField("reason", denied.reason());
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
