package dev.outcrop.engines.guard;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How one kind of personal data is written.
 *
 * @param pattern what it looks like; its group 1, where it has one, is the data, else the whole match
 * @param valid   whether what was matched can be such data
 * @param context words of which one must stand near, lowered; none if the form alone says enough
 * @param score   how sure a finding is
 */
record PersonalDataRule(
        PersonalDataType type, Pattern pattern, Predicate<String> valid, List<String> context, double score) {
    static PersonalDataRule of(PersonalDataType type, double score, String pattern) {
        return new PersonalDataRule(type, Pattern.compile(pattern), text -> true, List.of(), score);
    }

    PersonalDataRule where(Predicate<String> condition) {
        return new PersonalDataRule(type, pattern, condition, context, score);
    }

    PersonalDataRule near(String... words) {
        return new PersonalDataRule(type, pattern, valid, List.copyOf(Arrays.asList(words)), score);
    }
}
