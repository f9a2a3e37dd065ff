package dev.outcrop.engines.language.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes the lists of {@code european.Gazetteer} from those that the Python package Faker (MIT) carries for the countries where
 * the languages are spoken: first names, family names, and places.
 *
 * <p>{@code GazetteerRecipe FAKER_WHEEL OUTPUT}
 */
public final class GazetteerRecipe {
    private static final List<String> COUNTRIES = List.of(
            "de_DE", "de_AT", "de_CH", "es_ES", "es_MX", "es_AR", "es_CL", "es_CO", "fr_FR", "fr_CH", "fr_BE", "fr_CA",
            "it_IT", "pt_PT", "pt_BR");
    private static final Pattern OPENS = Pattern.compile("    ([a-z_]+)(?:: [^=]+)? = .*[(\\[{]");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"\\\\]+)\"");

    private GazetteerRecipe() {}

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        Set<String> lines = new TreeSet<>();
        try (ZipFile wheel = new ZipFile(arguments[0])) {
            for (String country : COUNTRIES) {
                for (String provider : List.of("person", "address")) {
                    ZipEntry entry = wheel.getEntry("faker/providers/" + provider + "/" + country + "/__init__.py");
                    if (entry != null) {
                        try (InputStream in = wheel.getInputStream(entry)) {
                            add(new String(in.readAllBytes(), UTF_8), lines);
                        }
                    }
                }
            }
        }
        try (Writer out =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[1]))), UTF_8)) {
            for (String line : lines) {
                out.write(line + "\n");
            }
        }
        System.out.println(lines.size() + " names, " + Files.size(Path.of(arguments[1])) + " bytes");
    }

    private static void add(String source, Set<String> lines) {
        String kind = "";
        for (String line : source.lines().toList()) {
            Matcher opens = OPENS.matcher(line);
            if (opens.matches()) {
                kind = kind(opens.group(1));
            } else if (line.matches(" {0,4}\\S.*")) {
                kind = "";
            }
            if (!kind.isEmpty()) {
                Matcher quoted = QUOTED.matcher(line);
                while (quoted.find()) {
                    if (quoted.group(1).matches("\\p{Lu}[\\p{L}'’. -]*\\p{Ll}[\\p{L}'’. -]*")) {
                        lines.add(kind + quoted.group(1));
                    }
                }
            }
        }
    }

    private static String kind(String list) {
        if (list.startsWith("first_names")) {
            return "F";
        }
        if (list.startsWith("last_names")) {
            return "L";
        }
        return List.of(
                                "cities",
                                "cap_city_province",
                                "states",
                                "regions",
                                "departments",
                                "countries",
                                "distritos",
                                "estados")
                        .contains(list)
                ? "P"
                : "";
    }
}
