package dev.outcrop.kernel.authorization;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Something about a request on which a line of the table depends: a member that must be there, or must not, or must or
 * must not have one of some values.
 *
 * @param patterns values in which {@code *} stands for anything; empty for any value at all
 */
record Requirement(boolean wanted, MemberPath member, List<String> patterns) {
    Requirement {
        patterns = List.copyOf(patterns);
    }

    /** Reads {@code when A unless B=x|y*} and so on, from the field {@code from} on. */
    static List<Requirement> parse(String[] fields, int from) {
        List<Requirement> requirements = new ArrayList<>();
        for (int i = from; i < fields.length; i += 2) {
            boolean wanted = fields[i].equals("when");
            if (i + 1 == fields.length || !(wanted || fields[i].equals("unless"))) {
                throw new IllegalArgumentException("\"when MEMBER\" or \"unless MEMBER\" is needed at " + fields[i]);
            }
            String[] parts = fields[i + 1].split("=", 2);
            requirements.add(new Requirement(
                    wanted,
                    MemberPath.parse(parts[0]),
                    parts.length == 1 ? List.of() : List.of(parts[1].split("\\|"))));
        }
        return List.copyOf(requirements);
    }

    static boolean allHold(List<Requirement> requirements, SdkPojo request) {
        for (Requirement requirement : requirements) {
            if (!requirement.holds(request)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(SdkPojo request) {
        boolean found = patterns.isEmpty()
                ? !member.values(request).isEmpty()
                : member.texts(request).stream()
                        .anyMatch(text -> patterns.stream().anyMatch(p -> matches(p, text)));
        return found == wanted;
    }

    /** Whether {@code text} is {@code pattern}, in which each {@code *} stands for any text. */
    private static boolean matches(String pattern, String text) {
        String[] pieces = pattern.split("\\*", -1);
        if (pieces.length == 1) {
            return pattern.equals(text);
        }
        String last = pieces[pieces.length - 1];
        if (!text.startsWith(pieces[0])) {
            return false;
        }
        int at = pieces[0].length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int next = text.indexOf(pieces[i], at);
            if (next < 0) {
                return false;
            }
            at = next + pieces[i].length();
        }
        return text.length() - at >= last.length() && text.endsWith(last);
    }
}
