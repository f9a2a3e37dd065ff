package dev.outcrop.conformance.shapes;

import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/** Says where two shapes differ, for people. */
final class Differences {
    private static final int CONTEXT = 120;

    private Differences() {}

    /** The members that differ; those that clients fill themselves need not be in {@code sent}. */
    static List<String> between(SdkPojo sent, SdkPojo received) {
        List<String> differences = new ArrayList<>();
        for (ShapeMember member : ShapeFields.of(sent).members()) {
            Optional<Object> one = member.get(sent);
            Optional<Object> other = member.get(received);
            if (!one.equals(other) && (one.isPresent() || !SampleShapes.isClients(member))) {
                differences.add(
                        member + " sent as " + difference(one, other) + " received as " + difference(other, one));
            }
        }
        return differences;
    }

    private static String difference(Optional<Object> value, Optional<Object> from) {
        String one = value.map(Object::toString).orElse("nothing");
        String other = from.map(Object::toString).orElse("nothing");
        int at = 0;
        while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return "…" + one.substring(Math.max(0, at - CONTEXT), Math.min(one.length(), at + CONTEXT)) + "…";
    }
}
