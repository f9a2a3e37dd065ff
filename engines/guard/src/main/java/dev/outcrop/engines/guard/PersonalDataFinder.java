package dev.outcrop.engines.guard;

import java.util.List;
import java.util.Set;

/** Finds personal data in texts. Safe for concurrent use. */
public interface PersonalDataFinder {
    /**
     * The personal data of the given kinds in {@code text}, in the order of their places; spans do not overlap.
     */
    List<Span> find(String text, Set<PersonalDataType> types);

    /**
     * A place in a text.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param score how sure the finding is, above 0 and at most 1
     */
    record Span(int start, int end, PersonalDataType type, double score) {}
}
