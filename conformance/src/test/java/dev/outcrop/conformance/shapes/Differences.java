package dev.outcrop.conformance.shapes;

/** Says where two shapes differ, for people. */
final class Differences {
    private static final int CONTEXT = 120;

    private Differences() {}

    static String between(Object sent, Object received) {
        String one = String.valueOf(sent);
        String other = String.valueOf(received);
        int at = 0;
        while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return "sent …" + around(one, at) + "… but received …" + around(other, at) + "…";
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - CONTEXT), Math.min(text.length(), at + CONTEXT));
    }
}
