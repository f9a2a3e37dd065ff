package dev.outcrop.engines.language.european;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Known first names, family names and places of all the languages together, since people and places are spoken of everywhere:
 * Faker's lists ({@code training.GazetteerRecipe}), our own of large places and organizations, and the names of countries,
 * which the JDK has from the Unicode CLDR.
 */
final class Gazetteer {
    private final Set<String> firstNames = new HashSet<>();
    private final Set<String> familyNames = new HashSet<>();
    private final Set<String> places = new HashSet<>();
    private final Set<String> organizations = new HashSet<>();

    private static final class Holder {
        private static final Gazetteer SHIPPED = new Gazetteer();
    }

    /** The lists that ship; read when they are first asked for. */
    static Gazetteer shipped() {
        return Holder.SHIPPED;
    }

    private Gazetteer() {
        try (BufferedReader names = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Gazetteer.class.getResourceAsStream("names.txt.gz")), UTF_8));
                BufferedReader known = lines("places.txt");
                BufferedReader organized = lines("organizations.txt")) {
            names.lines().forEach(line -> {
                String name = line.substring(1);
                switch (line.charAt(0)) {
                    case 'F' -> firstNames.add(name);
                    case 'L' -> familyNames.add(name);
                    default -> places.add(name);
                }
            });
            list(known, places);
            list(organized, organizations);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Language language : Language.values()) {
            for (String country : Locale.getISOCountries()) {
                places.add(Locale.of("", country).getDisplayCountry(language.locale()));
            }
        }
    }

    private static BufferedReader lines(String resource) {
        return new BufferedReader(new InputStreamReader(Gazetteer.class.getResourceAsStream(resource), UTF_8));
    }

    private static void list(BufferedReader lines, Set<String> names) {
        lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.addAll(List.of(line.split(", "))));
    }

    boolean isFirstName(String word) {
        return firstNames.contains(word);
    }

    boolean isFamilyName(String word) {
        return familyNames.contains(word);
    }

    boolean isOrganization(String name) {
        return organizations.contains(name);
    }

    boolean isPlace(String name) {
        return places.contains(name);
    }
}
