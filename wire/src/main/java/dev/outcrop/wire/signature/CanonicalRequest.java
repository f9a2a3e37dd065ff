package dev.outcrop.wire.signature;

import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.PercentEncoding;
import dev.outcrop.wire.http.WireRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The text of a request that its signature covers. Allocates one builder and no regular expression. */
final class CanonicalRequest {
    private static final Comparator<EncodedParameter> ORDER =
            Comparator.comparing(EncodedParameter::name).thenComparing(EncodedParameter::value);

    private CanonicalRequest() {}

    /**
     * The canonical form of {@code request}.
     *
     * @param signedHeaders names in lower case, divided by semicolons
     * @param presigned     whether the signature itself stands in the query string and must be left out
     * @param payloadHash   hash of the body, or the marker in its place
     * @param path          which form of the path is signed
     */
    static String of(WireRequest request, String signedHeaders, boolean presigned, String payloadHash, PathForm path) {
        StringBuilder out = new StringBuilder(512);
        out.append(request.method()).append('\n');
        path.append(request.path(), out);
        out.append('\n');
        appendQuery(request.query(), presigned, out);
        out.append('\n');
        int start = 0;
        while (start < signedHeaders.length()) {
            int end = signedHeaders.indexOf(';', start);
            if (end < 0) {
                end = signedHeaders.length();
            }
            appendHeader(request.headers(), signedHeaders.substring(start, end), out);
            start = end + 1;
        }
        return out.append('\n')
                .append(signedHeaders)
                .append('\n')
                .append(payloadHash)
                .toString();
    }

    private static void appendHeader(HttpHeaders headers, String name, StringBuilder out) {
        out.append(name).append(':');
        boolean first = true;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equals(name)) {
                if (!first) {
                    out.append(',');
                }
                appendTrimmed(headers.value(i), out);
                first = false;
            }
        }
        out.append('\n');
    }

    /** Appends {@code value} without the blanks around it and with one blank in place of several. */
    private static void appendTrimmed(String value, StringBuilder out) {
        boolean pending = false;
        boolean begun = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                pending = begun;
            } else {
                if (pending) {
                    out.append(' ');
                    pending = false;
                }
                out.append(c);
                begun = true;
            }
        }
    }

    private static void appendQuery(String query, boolean presigned, StringBuilder out) {
        if (query.isEmpty()) {
            return;
        }
        List<EncodedParameter> parameters = new ArrayList<>();
        int start = 0;
        while (start < query.length()) {
            int end = query.indexOf('&', start);
            if (end < 0) {
                end = query.length();
            }
            if (end > start) {
                int equals = query.indexOf('=', start);
                boolean valued = equals >= 0 && equals < end;
                String name = recoded(query.substring(start, valued ? equals : end));
                if (!presigned || !name.equals("X-Amz-Signature")) {
                    parameters.add(new EncodedParameter(name, valued ? recoded(query.substring(equals + 1, end)) : ""));
                }
            }
            start = end + 1;
        }
        parameters.sort(ORDER);
        String separator = "";
        for (EncodedParameter parameter : parameters) {
            out.append(separator).append(parameter.name()).append('=').append(parameter.value());
            separator = "&";
        }
    }

    private static String recoded(String raw) {
        return PercentEncoding.encode(PercentEncoding.decode(raw, true));
    }

    private record EncodedParameter(String name, String value) {}

    /** The forms in which a path is signed. */
    enum PathForm {
        /** As S3 signs it: what the path stands for, encoded once, nothing taken away. */
        ONCE {
            @Override
            void append(String path, StringBuilder out) {
                PercentEncoding.encode(PercentEncoding.decode(path, false), true, out);
            }
        },
        /** As other services sign it: without dots and empty segments, what was sent encoded once more. */
        NORMALIZED {
            @Override
            void append(String path, StringBuilder out) {
                PercentEncoding.encode(normalized(path), true, out);
            }
        },
        /** As some clients sign it for those services: what was sent encoded once more, dots and all. */
        TWICE {
            @Override
            void append(String path, StringBuilder out) {
                PercentEncoding.encode(path, true, out);
            }
        };

        abstract void append(String path, StringBuilder out);

        /** {@code path} without empty, {@code .} and {@code ..} segments, as RFC 3986, section 5.2.4, removes them. */
        static String normalized(String path) {
            if (!path.contains("//") && !path.contains("/.")) {
                return path;
            }
            List<String> segments = new ArrayList<>();
            for (String segment : path.split("/", -1)) {
                if (segment.equals("..")) {
                    if (!segments.isEmpty()) {
                        segments.removeLast();
                    }
                } else if (!segment.isEmpty() && !segment.equals(".")) {
                    segments.add(segment);
                }
            }
            String joined = "/" + String.join("/", segments);
            return path.endsWith("/") && joined.length() > 1 ? joined + "/" : joined;
        }
    }
}
