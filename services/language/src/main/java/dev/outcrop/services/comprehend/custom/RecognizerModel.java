package dev.outcrop.services.comprehend.custom;

import dev.outcrop.engines.learning.EntityRecognizer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.comprehend.model.Entity;

/** A recogniser, in Comprehend's shapes; offsets are code points. */
public record RecognizerModel(EntityRecognizer recognizer) {
    /** What a text names, in the order of places. */
    public List<Entity> find(String text) {
        List<Entity> entities = new ArrayList<>();
        int at = 0;
        int points = 0;
        for (EntityRecognizer.Entity found : recognizer.find(text)) {
            int begin = points + text.codePointCount(at, found.start());
            int end = begin + text.codePointCount(found.start(), found.end());
            entities.add(Entity.builder()
                    .beginOffset(begin)
                    .endOffset(end)
                    .text(text.substring(found.start(), found.end()))
                    .type(found.type())
                    .score((float) found.score())
                    .build());
            at = found.end();
            points = end;
        }
        return entities;
    }
}
