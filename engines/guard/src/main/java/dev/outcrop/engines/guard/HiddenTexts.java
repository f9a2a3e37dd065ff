package dev.outcrop.engines.guard;

import dev.outcrop.engines.language.WordVectors;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a text in another writing: Base64, hexadecimal digits, rot13, backwards. Only what reads like English once
 * it is decoded, and did not before, is a hidden text.
 */
final class HiddenTexts {
    private static final Pattern BASE64 = Pattern.compile("(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,4000}+={0,2}");
    private static final Pattern HEXADECIMAL =
            Pattern.compile("(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2} ?){8,2000}+(?![0-9A-Za-z])");
    private static final int MOST = 4;
    private static final int LONGEST = 4000;

    private HiddenTexts() {}

    static List<String> in(String text) {
        String some = text.substring(0, Math.min(text.length(), 20 * LONGEST));
        List<String> hidden = new ArrayList<>();
        Matcher base64 = BASE64.matcher(some);
        while (hidden.size() < MOST && base64.find()) {
            decoded(base64.group()).flatMap(HiddenTexts::readable).ifPresent(hidden::add);
        }
        Matcher hexadecimal = HEXADECIMAL.matcher(some);
        while (hidden.size() < 2 * MOST && hexadecimal.find()) {
            readable(HexFormat.of().parseHex(hexadecimal.group().replace(" ", "")))
                    .ifPresent(hidden::add);
        }
        if (some.length() <= LONGEST) {
            double plain = known(some);
            for (String turned :
                    List.of(rotated(some), new StringBuilder(some).reverse().toString())) {
                if (known(turned) > Math.max(0.5, plain + 0.3)) {
                    hidden.add(turned);
                }
            }
        }
        return hidden;
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(
                    Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/')));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> readable(byte[] bytes) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return known(decoded) > 0.5 ? Optional.of(decoded) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The share of the letters that stand in words that are known. */
    private static double known(String text) {
        int known = 0;
        int letters = 0;
        for (String word : PlainText.of(text).words()) {
            letters += word.length();
            if (word.length() > 2 && WordVectors.shipped().cluster(word) >= 0) {
                known += word.length();
            }
        }
        return letters == 0 ? 0 : (double) known / letters;
    }

    private static String rotated(String text) {
        StringBuilder rotated = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character >= 'a' && character <= 'z') {
                rotated.append((char) ('a' + (character - 'a' + 13) % 26));
            } else if (character >= 'A' && character <= 'Z') {
                rotated.append((char) ('A' + (character - 'A' + 13) % 26));
            } else {
                rotated.append(character);
            }
        }
        return rotated.toString();
    }
}
