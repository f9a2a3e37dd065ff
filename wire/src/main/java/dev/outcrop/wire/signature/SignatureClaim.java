package dev.outcrop.wire.signature;

import java.time.Instant;
import java.util.Optional;

/**
 * The parts of a signature as the request has them, not checked; a part that is missing is empty.
 *
 * @param presigned     whether they stood in the query string
 * @param credential    access key id and scope: {@code AKID/20150830/us-east-1/service/aws4_request}
 * @param signedHeaders names of the signed headers, in lower case, divided by semicolons
 * @param signature     64 hexadecimal digits
 * @param time          {@code X-Amz-Date}, or the {@code Date} header
 * @param expires       {@code X-Amz-Expires}, seconds, only of presigned requests
 * @param sessionToken  {@code X-Amz-Security-Token}
 * @param authorization the whole {@code Authorization} header
 */
public record SignatureClaim(
        boolean presigned,
        String credential,
        String signedHeaders,
        String signature,
        String time,
        String expires,
        Optional<String> sessionToken,
        String authorization) {
    /** The access key id. */
    public String accessKeyId() {
        int slash = credential.indexOf('/');
        return slash < 0 ? credential : credential.substring(0, slash);
    }

    /** The date of the scope, {@code YYYYMMDD}. */
    public String date() {
        return part(1);
    }

    /** The region of the scope. */
    public String region() {
        return part(2);
    }

    /** The signing name of the service of the scope. */
    public String service() {
        return part(3);
    }

    /** The last part of the scope, {@code aws4_request}. */
    String terminator() {
        return part(4);
    }

    /** What stands behind the access key id. */
    String scope() {
        int slash = credential.indexOf('/');
        return slash < 0 ? "" : credential.substring(slash + 1);
    }

    /** Whether the credential has its five parts. */
    boolean complete() {
        int parts = 1;
        for (int i = 0; i < credential.length(); i++) {
            if (credential.charAt(i) == '/') {
                parts++;
            }
        }
        return parts == 5;
    }

    private String part(int index) {
        int start = 0;
        for (int i = 0; i < index; i++) {
            start = credential.indexOf('/', start) + 1;
            if (start == 0) {
                return "";
            }
        }
        int end = credential.indexOf('/', start);
        return credential.substring(start, end < 0 ? credential.length() : end);
    }

    /** When the request says that it was signed, where that can be read. */
    public Optional<Instant> signedAt() {
        return SignatureTime.parse(time).map(SignatureTime::instant);
    }
}
