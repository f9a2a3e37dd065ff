package dev.outcrop.kernel.policy;

/** Texts in which one character stands for any others, and another for one. */
public final class Wildcards {
    private Wildcards() {}

    /**
     * Whether {@code pattern}, in which {@code *} stands for any characters and {@code ?} for one, fits {@code text}, in the
     * time of the product of their lengths at most.
     */
    public static boolean matches(String pattern, String text) {
        return matches(pattern, '*', '?', text);
    }

    /** The same, where {@code many} stands for any characters and {@code one} for one. */
    static boolean matches(String pattern, char many, char one, String text) {
        int inPattern = 0;
        int inText = 0;
        int afterMany = -1;
        int retryFrom = 0;
        while (inText < text.length()) {
            char expected = inPattern < pattern.length() ? pattern.charAt(inPattern) : 0;
            if (inPattern < pattern.length() && expected == many) {
                afterMany = ++inPattern;
                retryFrom = inText;
                if (inPattern == pattern.length()) {
                    return true;
                }
            } else if (inPattern < pattern.length() && (expected == one || expected == text.charAt(inText))) {
                inPattern++;
                inText++;
            } else if (afterMany >= 0) {
                inPattern = afterMany;
                inText = ++retryFrom;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == many) {
            inPattern++;
        }
        return inPattern == pattern.length();
    }
}
