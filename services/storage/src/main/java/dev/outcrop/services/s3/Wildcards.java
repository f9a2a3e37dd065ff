package dev.outcrop.services.s3;

/** Texts in which {@code *} stands for any characters and {@code ?} for one. */
final class Wildcards {
    private Wildcards() {}

    /** Whether {@code pattern} fits {@code text}, in the time of the product of their lengths at most. */
    static boolean matches(String pattern, String text) {
        int star = -1;
        int resumed = 0;
        int inPattern = 0;
        int inText = 0;
        while (inText < text.length()) {
            char wanted = inPattern < pattern.length() ? pattern.charAt(inPattern) : 0;
            if (inPattern < pattern.length() && wanted == '*') {
                star = inPattern++;
                resumed = inText;
            } else if (inPattern < pattern.length() && (wanted == '?' || wanted == text.charAt(inText))) {
                inPattern++;
                inText++;
            } else if (star >= 0) {
                inPattern = star + 1;
                inText = ++resumed;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
            inPattern++;
        }
        return inPattern == pattern.length();
    }
}
