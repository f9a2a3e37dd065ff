package dev.outcrop.engines.sources.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** URLs of pages in one form each (RFC 3986, section 6.2.2), without what tells places within a page. */
final class PageAddress {
    private static final int LONGEST = 2048;
    private static final int MOST_REPETITIONS = 4;
    private static final String UNRESERVED = "-._~";
    private static final String HEX = "0123456789ABCDEF";

    private PageAddress() {}

    /** The address that a URL is for, unless it is none of the web, or one that only a trap makes. */
    static Optional<URI> of(String url) {
        String text = url.strip();
        int fragment = text.indexOf('#');
        if (fragment >= 0) {
            text = text.substring(0, fragment);
        }
        String normal = text.length() > LONGEST ? "" : normalized(text);
        if (normal.isEmpty() || normal.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            URI raw = new URI(normal).normalize();
            String scheme = String.valueOf(raw.getScheme()).toLowerCase(Locale.ROOT);
            if (!Set.of("http", "https").contains(scheme) || raw.getHost() == null || raw.getUserInfo() != null) {
                return Optional.empty();
            }
            int port = raw.getPort() == (scheme.equals("https") ? 443 : 80) ? -1 : raw.getPort();
            String path = raw.getRawPath().isEmpty() ? "/" : raw.getRawPath();
            while (path.startsWith("/../")) {
                path = path.substring(3);
            }
            if (repeats(path)) {
                return Optional.empty();
            }
            return Optional.of(new URI(scheme + "://" + raw.getHost().toLowerCase(Locale.ROOT)
                    + (port < 0 ? "" : ":" + port) + path
                    + (raw.getRawQuery() == null || raw.getRawQuery().isEmpty() ? "" : "?" + raw.getRawQuery())));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    /** Path and query. */
    static String target(URI page) {
        return page.getRawPath() + (page.getRawQuery() == null ? "" : "?" + page.getRawQuery());
    }

    /** The end of the path behind its last dot, in small letters, or nothing. */
    static String ending(URI page) {
        String path = page.getRawPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** A text in which what need not be encoded is not, and all else is, in capitals. */
    static String normalized(String text) {
        StringBuilder normal = new StringBuilder(text.length());
        byte[] bytes = text.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int value = bytes[i] & 0xff;
            if (value == '%' && i + 2 < bytes.length && hex(bytes[i + 1]) >= 0 && hex(bytes[i + 2]) >= 0) {
                int decoded = hex(bytes[i + 1]) * 16 + hex(bytes[i + 2]);
                if (isUnreserved(decoded)) {
                    normal.append((char) decoded);
                } else {
                    encode(normal, decoded);
                }
                i += 2;
            } else if (value <= ' ' || value >= 0x7f || "\"<>\\^`{|}".indexOf(value) >= 0 || value == '%') {
                encode(normal, value);
            } else {
                normal.append((char) value);
            }
        }
        return normal.toString();
    }

    private static boolean isUnreserved(int value) {
        return (value >= 'a' && value <= 'z')
                || (value >= 'A' && value <= 'Z')
                || (value >= '0' && value <= '9')
                || UNRESERVED.indexOf(value) >= 0;
    }

    private static void encode(StringBuilder text, int value) {
        text.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 15));
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }

    /** Whether a path has one segment over and over, as relative links that lead ever deeper make it. */
    private static boolean repeats(String path) {
        String[] segments = path.split("/");
        for (int i = 0; i < segments.length; i++) {
            int same = 0;
            for (String segment : segments) {
                same += !segment.isEmpty() && segment.equals(segments[i]) ? 1 : 0;
            }
            if (same > MOST_REPETITIONS) {
                return true;
            }
        }
        return false;
    }
}
