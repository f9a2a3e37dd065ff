package dev.outcrop.engines.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.guard.WordFilter.Match;
import dev.outcrop.engines.guard.WordFilter.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordFilterTest {
    @Test
    void findsWordsWhateverTheirCaseButNotInsideOthers() {
        WordFilter filter = new WordFilter(List.of("Falcon"), false);

        List<Match> found = filter.find("FALCON and falconry, falcon's and Falcon.");

        assertThat(found).extracting(Match::start).containsExactly(0, 34);
    }

    @Test
    void findsPhrasesOverAnyWhiteSpaceAndTheLongestWhereSeveralBegin() {
        WordFilter filter = new WordFilter(List.of("project", "project falcon"), false);

        List<Match> found = filter.find("The project\n  falcon is a project.");

        assertThat(found)
                .containsExactly(
                        new Match(4, 20, "project falcon", Origin.CUSTOM), new Match(26, 33, "project", Origin.CUSTOM));
    }

    @Test
    void findsProfanitiesOnlyWhenAskedTo() {
        String text = "What a shitty day.";

        assertThat(new WordFilter(List.of(), true).find(text))
                .containsExactly(new Match(7, 13, "shitty", Origin.PROFANITY));
        assertThat(new WordFilter(List.of(), false).find(text)).isEmpty();
    }

    @Test
    void saysThatAWordWasGivenWhereItIsAlsoAProfanity() {
        WordFilter filter = new WordFilter(List.of("damn"), true);

        assertThat(filter.find("damn it")).extracting(Match::origin).containsExactly(Origin.CUSTOM);
    }

    @Test
    void findsWordsBesideSurrogates() {
        WordFilter filter = new WordFilter(List.of("😀", "secret"), false);

        assertThat(filter.find("a😀 secret\uD83D")).extracting(Match::start).containsExactly(1, 4);
    }

    @Test
    void leavesPlacesOfEverydayAlone() {
        WordFilter filter = new WordFilter(List.of(), true);

        assertThat(filter.find("Scunthorpe, Essex, a cockpit, assessments, and Dickens' classic passage."))
                .isEmpty();
    }
}
