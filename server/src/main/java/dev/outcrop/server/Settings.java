package dev.outcrop.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping of the configuration file, read setting by setting. {@link #close} refuses what nobody asked for, so that
 * a misspelt setting is an error and not silence.
 */
final class Settings implements AutoCloseable {
    private final String place;
    private final Map<String, Object> values;
    private final Set<String> known = new TreeSet<>();

    Settings(String place, Map<?, ?> values) {
        this.place = place;
        this.values = new LinkedHashMap<>();
        values.forEach((key, value) -> this.values.put(String.valueOf(key), value));
    }

    Optional<String> text(String name) {
        return value(name).map(value -> {
            if (value instanceof Map || value instanceof List) {
                throw wrong(name, "must be a text", value);
            }
            return String.valueOf(value);
        });
    }

    Optional<Path> path(String name) {
        return text(name).map(Settings::expand);
    }

    /** A path as people write it: {@code ~} is the home folder. */
    static Path expand(String text) {
        if (text.equals("~") || text.startsWith("~/")) {
            return Path.of(System.getProperty("user.home") + text.substring(1));
        }
        return Path.of(text);
    }

    Optional<Integer> integer(String name, int minimum, int maximum) {
        return value(name).map(value -> {
            if (value instanceof Number number
                    && number.longValue() == number.doubleValue()
                    && number.longValue() >= minimum
                    && number.longValue() <= maximum) {
                return number.intValue();
            }
            throw wrong(name, "must be a whole number between " + minimum + " and " + maximum, value);
        });
    }

    Optional<Boolean> flag(String name) {
        return value(name).map(value -> {
            if (value instanceof Boolean flag) {
                return flag;
            }
            throw wrong(name, "must be true or false", value);
        });
    }

    Optional<URI> url(String name) {
        return text(name).map(text -> {
            try {
                URI url = new URI(text);
                if (url.getHost() != null) {
                    return url;
                }
            } catch (URISyntaxException _) {
                // Said below, together with what is no address of a host.
            }
            throw wrong(name, "must be a URL such as http://localhost:4318", text);
        });
    }

    /** A duration as ISO 8601 has it, such as {@code PT10M}, or as people write it: {@code 10m}, {@code 90s}, {@code 7d}. */
    Optional<Duration> duration(String name) {
        return text(name).map(text -> {
            try {
                String prefix = text.startsWith("P") ? "" : text.endsWith("d") ? "P" : "PT";
                return Duration.parse(prefix + text);
            } catch (DateTimeParseException _) {
                throw wrong(name, "must be a duration such as 10m, 90s or PT10M", text);
            }
        });
    }

    /** An amount of memory such as {@code 4GiB} or {@code 500MB}, in bytes. */
    Optional<Long> bytes(String name) {
        return text(name).map(text -> {
            String[] units = {"KiB", "MiB", "GiB", "TiB"};
            for (int power = 0; power < units.length; power++) {
                if (text.endsWith(units[power])) {
                    try {
                        double amount = Double.parseDouble(text.substring(0, text.length() - units[power].length())
                                .strip());
                        if (amount > 0) {
                            return (long) (amount * Math.pow(1024, power + 1));
                        }
                    } catch (NumberFormatException _) {
                        break;
                    }
                }
            }
            throw wrong(name, "must be an amount of memory such as 512MiB or 4GiB", text);
        });
    }

    List<String> texts(String name) {
        return value(name)
                .map(value -> {
                    if (!(value instanceof List<?> list)) {
                        throw wrong(name, "must be a list", value);
                    }
                    List<String> texts = new ArrayList<>();
                    list.forEach(element -> texts.add(String.valueOf(element)));
                    return List.copyOf(texts);
                })
                .orElse(List.of());
    }

    Map<String, String> table(String name) {
        Map<String, String> table = new LinkedHashMap<>();
        value(name).ifPresent(value -> {
            if (!(value instanceof Map<?, ?> map)) {
                throw wrong(name, "must be a mapping", value);
            }
            map.forEach((key, element) -> table.put(String.valueOf(key), String.valueOf(element)));
        });
        return table;
    }

    /** The mapping called {@code name}, empty if it is not there. */
    Settings section(String name) {
        Object value = value(name).orElse(Map.of());
        if (value instanceof Map<?, ?> map) {
            return new Settings(place + name + ".", map);
        }
        throw wrong(name, "must be a mapping", value);
    }

    /** The names of the settings that are there, each of which is known from now on. */
    List<String> names() {
        known.addAll(values.keySet());
        return List.copyOf(values.keySet());
    }

    ConfigurationException missing(String name) {
        return new ConfigurationException(place + name + " must be given");
    }

    ConfigurationException wrong(String name, String rule, Object value) {
        return new ConfigurationException(place + name + " " + rule + ", but is \"" + value + "\"");
    }

    private Optional<Object> value(String name) {
        known.add(name);
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public void close() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new ConfigurationException(
                        "there is no setting " + place + name + "; there are " + String.join(", ", known));
            }
        }
    }
}
