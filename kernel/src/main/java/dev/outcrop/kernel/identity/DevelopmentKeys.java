package dev.outcrop.kernel.identity;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.BearerKeys;
import dev.outcrop.kernel.Principal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys that everyone who runs a local AWS knows: access key {@code test} for account 000000000000, or an account's
 * twelve digits for that account, secret {@code test}. They are the root of their account. Only for servers that listen on
 * the loopback address: see {@link ListeningRules}.
 */
public final class DevelopmentKeys implements AccessKeys {
    private static final String WELL_KNOWN = "test";
    private static final String DEFAULT_ACCOUNT = "000000000000";
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        return account(accessKeyId)
                .map(account -> new AccessKey(
                        accessKeyId,
                        WELL_KNOWN,
                        Principal.root(account, Optional.of(accessKeyId)),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** The same names, as bearer tokens. */
    public BearerKeys bearerKeys() {
        return token -> account(token).map(account -> Principal.root(account, Optional.empty()));
    }

    private static Optional<String> account(String key) {
        if (key.equals(WELL_KNOWN)) {
            return Optional.of(DEFAULT_ACCOUNT);
        }
        return ACCOUNT.matcher(key).matches() ? Optional.of(key) : Optional.empty();
    }
}
