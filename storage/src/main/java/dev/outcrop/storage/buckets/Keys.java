package dev.outcrop.storage.buckets;

/**
 * Keys as ids of records: in the order of their UTF-8, each followed by a character that no key has, so that what belongs
 * to a key stands right behind it. The three lowest characters are written as two.
 */
final class Keys {
    private static final char END = '\u0001';
    private static final char ESCAPE = '\u0002';
    /** Behind every id that begins with what is before it. */
    private static final String HIGHEST = Character.toString(Character.MAX_CODE_POINT);

    private Keys() {}

    /** The beginning of the ids of {@code prefix} and of keys that begin with it. */
    static String beginning(String prefix) {
        int i = 0;
        while (i < prefix.length() && prefix.charAt(i) > ESCAPE) {
            i++;
        }
        if (i == prefix.length()) {
            return prefix;
        }
        StringBuilder id = new StringBuilder(prefix.length() + 8);
        for (int place = 0; place < prefix.length(); place++) {
            char character = prefix.charAt(place);
            if (character > ESCAPE) {
                id.append(character);
            } else {
                id.append(ESCAPE).append((char) (character + ESCAPE));
            }
        }
        return id.toString();
    }

    /** The id of {@code key} itself. */
    static String id(String key) {
        return beginning(key) + END;
    }

    /** The id of something of {@code key}. */
    static String id(String key, String suffix) {
        return id(key) + suffix;
    }

    /** A place behind all ids of {@code key}. */
    static String behind(String key) {
        return id(key) + HIGHEST;
    }

    /** A place behind all keys that begin with {@code prefix}. */
    static String behindAll(String prefix) {
        return beginning(prefix) + HIGHEST;
    }

    /** The key of an id. */
    static String key(String id) {
        String escaped = id.substring(0, id.indexOf(END));
        if (escaped.indexOf(ESCAPE) < 0) {
            return escaped;
        }
        StringBuilder key = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char character = escaped.charAt(i);
            key.append(character == ESCAPE ? (char) (escaped.charAt(++i) - ESCAPE) : character);
        }
        return key.toString();
    }

    /** What stands behind the key in an id. */
    static String suffix(String id) {
        return id.substring(id.indexOf(END) + 1);
    }

    /** Compares in the order of UTF-8, which UTF-16 leaves where surrogates meet the characters behind them. */
    static int compare(String first, String second) {
        int common = Math.min(first.length(), second.length());
        for (int i = 0; i < common; i++) {
            char a = first.charAt(i);
            char b = second.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(first.length(), second.length());
    }
}
