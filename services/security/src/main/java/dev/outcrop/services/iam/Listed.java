package dev.outcrop.services.iam;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A page of a list in the order of names, as IAM gives them out by {@code Marker} and {@code MaxItems}.
 *
 * @param marker what asks for those that follow; null, as an SDK response has it, if none do
 */
record Listed<T>(List<T> items, String marker) {
    private static final int DEFAULT = 100;

    /**
     * The page of {@code all} that {@code marker} asks for.
     *
     * @param marker null for the first
     * @param most   null for a hundred
     * @throws AwsError {@code InvalidInput} if the marker was not given for such a list
     */
    static <T> Listed<T> page(List<T> all, Function<T, String> name, String marker, Integer most) {
        String after = marker == null ? null : name(marker);
        int wanted = most == null ? DEFAULT : most;
        List<T> following = all.stream()
                .filter(item -> after == null || name.apply(item).compareTo(after) > 0)
                .sorted(Comparator.comparing(name))
                .limit(wanted + 1L)
                .toList();
        if (following.size() <= wanted) {
            return new Listed<>(following, null);
        }
        List<T> items = following.subList(0, wanted);
        return new Listed<>(List.copyOf(items), marker(name.apply(items.getLast())));
    }

    boolean isTruncated() {
        return marker != null;
    }

    private static String marker(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(String marker) {
        try {
            return new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException foreign) {
            throw IamErrors.invalid("Invalid Marker.");
        }
    }
}
