package dev.outcrop.kernel;

import dev.outcrop.storage.RecordQuery.Cursor;
import dev.outcrop.storage.Secrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;

/**
 * Turns places in a list to tokens that callers can neither read nor make: encrypted, and bound to the account, region
 * and list that they were given for. They stay good while things come and go, and across restarts.
 */
public final class PageTokens {
    private static final int LONGEST = 4096;

    private final Secrets secrets;

    public PageTokens(Secrets secrets) {
        this.secrets = secrets;
    }

    /**
     * The token for a place.
     *
     * @param list what is listed, such as {@code bedrock:guardrail}
     */
    public String token(String list, Cursor place) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeLong(place.createdAt().toEpochMilli());
            data.writeUTF(place.account());
            data.writeUTF(place.region());
            data.writeUTF(place.id());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(secrets.encrypt(bytes.toByteArray(), scope(list)));
    }

    /**
     * The place that {@code token} stands for.
     *
     * @throws AwsError {@code ValidationException} if it was not given for this list to this account
     */
    public Cursor place(String list, String token) {
        if (token.length() > LONGEST) {
            throw invalid();
        }
        try {
            byte[] bytes = secrets.decrypt(Base64.getUrlDecoder().decode(token), scope(list));
            DataInputStream data = new DataInputStream(new ByteArrayInputStream(bytes));
            return new Cursor(Instant.ofEpochMilli(data.readLong()), data.readUTF(), data.readUTF(), data.readUTF());
        } catch (IllegalArgumentException | GeneralSecurityException | IOException foreign) {
            throw invalid();
        }
    }

    private static AwsError invalid() {
        return AwsError.validation("The provided pagination token is invalid");
    }

    private static String scope(String list) {
        CallContext context = CallContext.current();
        return "page " + list + " " + context.account() + " " + context.region();
    }
}
