package dev.outcrop.engines.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What models there are to be had. The entries that come with the program are in {@code catalog.yaml} beside this
 * class; an entry of the user's own file replaces the one with the same id.
 */
public final class Catalog {
    private static final long LARGEST_FILE = 4 << 20;

    private final Map<String, CatalogEntry> entries;
    private final Map<Task, Defaults> defaults;

    private Catalog(Map<String, CatalogEntry> entries, Map<Task, Defaults> defaults) {
        this.entries = entries;
        this.defaults = defaults;
        defaults.forEach((task, ids) -> {
            check(task, ids.recommended());
            check(task, ids.packaged());
        });
    }

    /** The catalog that comes with the program. */
    public static Catalog builtIn() {
        Map<String, CatalogEntry> entries = new LinkedHashMap<>();
        Map<Task, Defaults> defaults = new EnumMap<>(Task.class);
        try (InputStream yaml = Catalog.class.getResourceAsStream("catalog.yaml")) {
            read("catalog.yaml", yaml.readAllBytes(), entries, defaults);
        } catch (IOException e) {
            throw new ModelException(ModelException.Category.CATALOG, "the built-in catalog cannot be read", e);
        }
        return new Catalog(entries, defaults);
    }

    /**
     * The catalog that comes with the program, with the user's file over it.
     *
     * @param userFile the user's file; where there is none the built-in catalog stands alone
     * @throws ModelException {@code CATALOG} if the file is malformed; the message names the entry and the key
     */
    public static Catalog load(Path userFile) {
        Catalog builtIn = builtIn();
        if (!Files.exists(userFile)) {
            return builtIn;
        }
        Map<String, CatalogEntry> entries = new LinkedHashMap<>(builtIn.entries);
        Map<Task, Defaults> defaults = new EnumMap<>(builtIn.defaults);
        try {
            if (Files.size(userFile) > LARGEST_FILE) {
                throw new ModelException(
                        ModelException.Category.CATALOG,
                        userFile + " is longer than " + LARGEST_FILE + " bytes, which no catalog should be");
            }
            read(userFile.toString(), Files.readAllBytes(userFile), entries, defaults);
        } catch (IOException e) {
            throw new ModelException(ModelException.Category.CATALOG, userFile + " cannot be read", e);
        }
        return new Catalog(entries, defaults);
    }

    private static void read(
            String name, byte[] yaml, Map<String, CatalogEntry> entries, Map<Task, Defaults> defaults) {
        JsonNode root = CatalogFormat.parse(name, yaml);
        if (root.isMissingNode()) {
            return;
        }
        CatalogFormat.Reader reader = new CatalogFormat.Reader(name, root);
        reader.onlyKnow("models", "defaults");
        Map<String, CatalogEntry> own = new LinkedHashMap<>();
        for (CatalogFormat.Reader model : reader.children("models")) {
            CatalogEntry entry = CatalogFormat.entry(model);
            if (own.put(entry.id(), entry) != null) {
                throw new ModelException(
                        ModelException.Category.CATALOG, name + ": model " + entry.id() + " is there twice");
            }
        }
        entries.putAll(own);
        reader.optionalChild("defaults").ifPresent(all -> {
            all.onlyKnow(Task.USUAL.stream().map(CatalogFormat::lowerCase).toArray(String[]::new));
            for (Task task : Task.USUAL) {
                all.optionalChild(CatalogFormat.lowerCase(task)).ifPresent(ids -> {
                    ids.onlyKnow("recommended", "packaged");
                    defaults.put(task, new Defaults(ids.text("recommended"), ids.text("packaged")));
                });
            }
        });
    }

    private void check(Task task, String id) {
        CatalogEntry entry = entries.get(id);
        if (entry == null || entry.task() != task) {
            throw new ModelException(
                    ModelException.Category.CATALOG,
                    "the default " + CatalogFormat.lowerCase(task) + " model " + id + " is "
                            + (entry == null ? "not in the catalog" : "for another task"));
        }
    }

    /** All entries, the built-in ones first, in the order of their files. */
    public Collection<CatalogEntry> entries() {
        return List.copyOf(entries.values());
    }

    /** The entry with this id. */
    public Optional<CatalogEntry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /**
     * The entry with this id.
     *
     * @throws ModelException {@code UNKNOWN_MODEL} naming the ids that are most alike
     */
    public CatalogEntry get(String id) {
        return find(id).orElseThrow(() -> {
            List<String> alike = alike(id);
            return new ModelException(
                    ModelException.Category.UNKNOWN_MODEL,
                    "there is no model " + id + " in the catalog"
                            + (alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?"));
        });
    }

    /** The model that a {@linkplain Task#USUAL usual} task gets where a hub answers. */
    public CatalogEntry recommended(Task task) {
        return entries.get(defaults.get(task).recommended());
    }

    /** The model that a {@linkplain Task#USUAL usual} task gets where no hub answers: package registries have it. */
    public CatalogEntry packaged(Task task) {
        return entries.get(defaults.get(task).packaged());
    }

    /** The recommended model where {@code sources} can fetch it from a hub, or need none for it; else the packaged one. */
    public CatalogEntry defaultFor(Task task, ModelSources sources) {
        CatalogEntry recommended = recommended(task);
        CatalogEntry packaged = packaged(task);
        return recommended.equals(packaged) || sources.hubAnswers(recommended) ? recommended : packaged;
    }

    private List<String> alike(String id) {
        List<String> alike = new ArrayList<>();
        for (String known : entries.keySet()) {
            if (known.contains(id) || id.contains(known) || distance(known, id) <= 3) {
                alike.add(known);
            }
        }
        return alike.subList(0, Math.min(3, alike.size()));
    }

    /** Levenshtein's distance: the fewest characters to insert, delete or replace. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }

    private record Defaults(String recommended, String packaged) {}
}
