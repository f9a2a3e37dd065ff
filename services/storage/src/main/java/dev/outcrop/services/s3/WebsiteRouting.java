package dev.outcrop.services.s3;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.Condition;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.Redirect;
import software.amazon.awssdk.services.s3.model.RedirectAllRequestsTo;
import software.amazon.awssdk.services.s3.model.RoutingRule;

/**
 * Where the requests to a bucket that is a web site lead.
 *
 * <p>Source: "Website configuration", "Redirect requests" and "Index document", Amazon S3 user guide.
 *
 * @param configuration the bucket's
 * @param protocol      {@code http} or {@code https}, as the request came
 * @param host          as the request named it
 */
record WebsiteRouting(GetBucketWebsiteResponse configuration, String protocol, String host) {
    /** Another place, and the status that tells of it. */
    record Redirection(int status, String location) {}

    /** Where all requests go that have {@code key}, before it is looked for. */
    Optional<Redirection> before(String key) {
        RedirectAllRequestsTo all = configuration.redirectAllRequestsTo();
        if (all != null) {
            String scheme = all.protocol() == null ? protocol : all.protocolAsString();
            return Optional.of(new Redirection(301, scheme + "://" + all.hostName() + "/" + encoded(key)));
        }
        return rule(key, Optional.empty());
    }

    /** Where requests go that {@code status} would be the answer of. */
    Optional<Redirection> after(String key, int status) {
        return rule(key, Optional.of(String.valueOf(status)));
    }

    private Optional<Redirection> rule(String key, Optional<String> status) {
        for (RoutingRule rule : configuration.routingRules()) {
            Condition condition = rule.condition();
            String wanted = condition == null ? null : condition.httpErrorCodeReturnedEquals();
            String prefix = condition == null || condition.keyPrefixEquals() == null ? "" : condition.keyPrefixEquals();
            boolean timely = status.isEmpty() ? wanted == null : status.get().equals(wanted);
            if (timely && key.startsWith(prefix)) {
                return Optional.of(redirection(rule.redirect(), key, prefix));
            }
        }
        return Optional.empty();
    }

    private Redirection redirection(Redirect redirect, String key, String prefix) {
        String target = redirect.replaceKeyWith() != null
                ? redirect.replaceKeyWith()
                : redirect.replaceKeyPrefixWith() != null
                        ? redirect.replaceKeyPrefixWith() + key.substring(prefix.length())
                        : key;
        String scheme = redirect.protocol() == null ? protocol : redirect.protocolAsString();
        String name = redirect.hostName() == null ? host : redirect.hostName();
        int status = redirect.httpRedirectCode() == null ? 301 : Integer.parseInt(redirect.httpRedirectCode());
        return new Redirection(status, scheme + "://" + name + "/" + encoded(target));
    }

    /** The key that is read where {@code key} is asked for. */
    String document(String key) {
        return key.isEmpty() || key.endsWith("/")
                ? key + configuration.indexDocument().suffix()
                : key;
    }

    Optional<String> errorDocument() {
        return Optional.ofNullable(configuration.errorDocument()).map(document -> document.key());
    }

    /** The key as it stands in a URL (RFC 3986, section 2.3); slashes stay. */
    static String encoded(String key) {
        StringBuilder encoded = new StringBuilder(key.length() + 16);
        for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xff);
            boolean plain =
                    (character < 0x80 && Character.isLetterOrDigit(character)) || "-._~/".indexOf(character) >= 0;
            if (plain) {
                encoded.append(character);
            } else {
                encoded.append('%').append(HexFormat.of().toHexDigits(octet).toUpperCase(Locale.ROOT));
            }
        }
        return encoded.toString();
    }
}
