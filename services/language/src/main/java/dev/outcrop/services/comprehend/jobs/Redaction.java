package dev.outcrop.services.comprehend.jobs;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionMaskMode;
import software.amazon.awssdk.services.comprehend.model.PiiEntity;
import software.amazon.awssdk.services.comprehend.model.PiiEntityType;
import software.amazon.awssdk.services.comprehend.model.RedactionConfig;

/** Replaces personal data by a character for each of its own, except spaces, or by the name of its type. */
final class Redaction {
    private static final String USUAL_MASK = "*";

    private final Set<PiiEntityType> types;
    private final boolean byType;
    private final String mask;

    Redaction(RedactionConfig configuration) {
        types = Set.copyOf(configuration.piiEntityTypes());
        byType = configuration.maskMode() == PiiEntitiesDetectionMaskMode.REPLACE_WITH_PII_ENTITY_TYPE;
        mask = configuration.maskCharacter() == null ? USUAL_MASK : configuration.maskCharacter();
    }

    /** @param found what the text has, with offsets in code points */
    String of(String text, List<PiiEntity> found) {
        List<PiiEntity> redacted = found.stream()
                .filter(entity -> types.contains(PiiEntityType.ALL) || types.contains(entity.type()))
                .sorted(Comparator.comparing(PiiEntity::beginOffset))
                .toList();
        StringBuilder result = new StringBuilder();
        int at = 0;
        int points = 0;
        for (PiiEntity entity : redacted) {
            // Of two that overlap, the second is masked from where the first ends.
            if (entity.endOffset() <= points) {
                continue;
            }
            boolean overlaps = entity.beginOffset() < points;
            int begin = overlaps ? at : text.offsetByCodePoints(at, entity.beginOffset() - points);
            int end = text.offsetByCodePoints(at, entity.endOffset() - points);
            result.append(text, at, begin);
            if (!byType) {
                masked(text.substring(begin, end), result);
            } else if (!overlaps) {
                result.append('[').append(entity.typeAsString()).append(']');
            }
            at = end;
            points = entity.endOffset();
        }
        return result.append(text, at, text.length()).toString();
    }

    private void masked(String secret, StringBuilder into) {
        secret.codePoints().forEach(character -> {
            if (Character.isWhitespace(character)) {
                into.appendCodePoint(character);
            } else {
                into.append(mask);
            }
        });
    }
}
