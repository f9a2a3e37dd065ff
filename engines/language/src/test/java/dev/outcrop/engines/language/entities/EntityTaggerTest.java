package dev.outcrop.engines.language.entities;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.language.entities.EntityTagger.Entity;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntityTaggerTest {
    @Test
    void findsPersonsAndPlaces() {
        String text = "My name is Sarah Miller and I live in Germany.";

        List<Entity> found = EntityTagger.shipped().find(text);

        assertThat(found)
                .extracting(Entity::kind, entity -> text.substring(entity.start(), entity.end()))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(EntityKind.PERSON, "Sarah Miller"),
                        org.assertj.core.groups.Tuple.tuple(EntityKind.LOCATION, "Germany"));
    }

    @Test
    void findsNothingInNothing() {
        assertThat(EntityTagger.shipped().find("")).isEmpty();
        assertThat(EntityTagger.shipped().find(" \n\n ")).isEmpty();
    }
}
