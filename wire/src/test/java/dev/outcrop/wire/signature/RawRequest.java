package dev.outcrop.wire.signature;

import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import java.nio.charset.StandardCharsets;

/** A request as it is written in the files of AWS's test suite, line by line. */
record RawRequest(WireRequest head, byte[] body) {
    static RawRequest parse(String text) {
        int blank = text.indexOf("\n\n");
        String[] lines = (blank < 0 ? text : text.substring(0, blank)).split("\n", -1);
        String body = blank < 0 ? "" : text.substring(blank + 2);
        String target = lines[0].substring(lines[0].indexOf(' ') + 1, lines[0].lastIndexOf(' '));
        int question = target.indexOf('?');
        HttpHeaders.Builder headers = HttpHeaders.builder();
        String name = "";
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].startsWith(" ")) {
                value.append(' ').append(lines[i].strip());
                continue;
            }
            if (!name.isEmpty()) {
                headers.add(name, value.toString());
            }
            int colon = lines[i].indexOf(':');
            name = lines[i].substring(0, colon);
            value = new StringBuilder(lines[i].substring(colon + 1));
        }
        headers.add(name, value.toString());
        return new RawRequest(
                new WireRequest(
                        lines[0].substring(0, lines[0].indexOf(' ')),
                        question < 0 ? target : target.substring(0, question),
                        question < 0 ? "" : target.substring(question + 1),
                        headers.build()),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
