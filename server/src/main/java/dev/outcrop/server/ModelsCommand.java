package dev.outcrop.server;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.CatalogEntry;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelException;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Origin;
import dev.outcrop.engines.models.Task;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outcrop models}: what models there are, and fetching, showing and removing them. */
@Command(
        name = "models",
        description = "Lists, fetches, shows and removes models.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ModelsCommand.ListModels.class,
            ModelsCommand.Pull.class,
            ModelsCommand.Show.class,
            ModelsCommand.Remove.class
        })
final class ModelsCommand implements Runnable {
    @Spec
    private CommandSpec specification;

    @Override
    public void run() {
        specification.commandLine().usage(specification.commandLine().getOut());
    }

    /** Where models are kept, as the server's configuration says. */
    static final class Store {
        @Option(names = "--config", paramLabel = "FILE", description = "the server's configuration file")
        private Optional<Path> file;

        Configuration configuration() {
            return file.map(Configuration::of).orElseGet(Configuration::defaults);
        }

        Catalog catalog() {
            return Assembly.catalog(configuration());
        }

        ModelStore open() {
            return Assembly.modelStore(configuration());
        }
    }

    private static StartException failed(ModelException failure) {
        int code = switch (failure.category()) {
            case UNKNOWN_MODEL -> ExitCode.NOT_FOUND;
            case NOT_FETCHED -> ExitCode.UNAVAILABLE;
            case BUSY -> ExitCode.IN_USE;
            case CATALOG -> ExitCode.CONFIGURATION;
            case CANCELLED, STORE -> ExitCode.FAILED;
        };
        return new StartException(code, failure.getMessage());
    }

    /** {@code outcrop models list}. */
    @Command(
            name = "list",
            description = "Lists installed models, then those that can be fetched.",
            mixinStandardHelpOptions = true)
    static final class ListModels implements Runnable {
        @Mixin
        private Store store;

        @Option(names = "--installed", description = "installed models only")
        private boolean installedOnly;

        @Spec
        private CommandSpec specification;

        @Override
        public void run() {
            PrintWriter out = specification.commandLine().getOut();
            ModelStore models = store.open();
            out.printf("%-32s %-11s %-10s %9s %9s  %s%n", "ID", "STATE", "TASK", "SIZE", "CONTEXT", "LICENCE");
            for (InstalledModel model : models.list()) {
                row(out, model.entry(), "installed", model.size());
            }
            if (!installedOnly) {
                for (CatalogEntry entry : store.catalog().entries()) {
                    if (models.find(entry.id()).isEmpty()) {
                        row(out, entry, entry.origin() instanceof Origin.Download ? "available" : "endpoint", 0);
                    }
                }
            }
        }

        private static void row(PrintWriter out, CatalogEntry entry, String state, long size) {
            out.printf(
                    "%-32s %-11s %-18s %9s %9s  %s%n",
                    entry.id(),
                    state,
                    entry.task().name().toLowerCase(Locale.ROOT),
                    size == 0 ? "" : Amount.ofBytes(size),
                    entry.contextLength() == 0 ? "" : entry.contextLength(),
                    entry.licence());
        }
    }

    /** {@code outcrop models pull}. */
    @Command(
            name = "pull",
            description = "Fetches a model, checks it, installs it, and rewrites it if that makes it faster.",
            mixinStandardHelpOptions = true)
    static final class Pull implements Runnable {
        @Parameters(
                paramLabel = "ID",
                arity = "0..1",
                description = "as 'outcrop models list' has it; without it, the models that 'outcrop up' would fetch")
        private Optional<String> id;

        @Mixin
        private Store store;

        @Spec
        private CommandSpec specification;

        @Override
        public void run() {
            PrintWriter notes = specification.commandLine().getErr();
            Catalog catalog = store.catalog();
            DefaultModels models = new DefaultModels(catalog, store.open());
            try {
                if (id.isEmpty()) {
                    for (Task task : Task.USUAL) {
                        models.provide(task, notes);
                    }
                    return;
                }
                InstalledModel model = models.install(catalog.get(id.get()), notes);
                PrintWriter out = specification.commandLine().getOut();
                out.println(model.id() + " is installed (" + Amount.ofBytes(model.size()) + "). "
                        + model.entry().quality());
                if (!model.requantization().isEmpty()) {
                    out.println(model.requantization());
                }
            } catch (ModelException failure) {
                throw failed(failure);
            }
        }
    }

    /** {@code outcrop models show}. */
    @Command(name = "show", description = "Says what is known of a model.", mixinStandardHelpOptions = true)
    static final class Show implements Runnable {
        @Parameters(paramLabel = "ID")
        private String id;

        @Mixin
        private Store store;

        @Spec
        private CommandSpec specification;

        @Override
        public void run() {
            PrintWriter out = specification.commandLine().getOut();
            Optional<InstalledModel> installed = store.open().find(id);
            CatalogEntry entry;
            try {
                entry = installed
                        .map(InstalledModel::entry)
                        .orElseGet(() -> store.catalog().get(id));
            } catch (ModelException failure) {
                throw failed(failure);
            }
            line(out, "id", entry.id());
            line(out, "name", entry.name());
            line(out, "provider", entry.provider());
            line(
                    out,
                    "licence",
                    entry.licenceUrl().isEmpty() ? entry.licence() : entry.licence() + ", " + entry.licenceUrl());
            line(out, "parameters", entry.parameters() == 0 ? "unknown" : String.format("%,d", entry.parameters()));
            line(out, "context", entry.contextLength() + " tokens");
            line(out, "memory", entry.memoryBytes() == 0 ? "none here" : Amount.ofBytes(entry.memoryBytes()));
            line(out, "quality", entry.quality());
            if (!entry.chat().notes().isEmpty()) {
                line(out, "notes", entry.chat().notes());
            }
            line(out, "installed", installed.isPresent() ? "yes" : "no: outcrop models pull " + id);
            installed.ifPresent(model -> model.files()
                    .forEach(file -> line(
                            out,
                            "file",
                            file.name() + ", " + Amount.ofBytes(file.size()) + ", SHA-256 " + file.sha256() + ", from "
                                    + file.source())));
        }

        private static void line(PrintWriter out, String name, String value) {
            out.printf("%-12s%s%n", name, value);
        }
    }

    /** {@code outcrop models remove}. */
    @Command(name = "remove", description = "Removes an installed model.", mixinStandardHelpOptions = true)
    static final class Remove implements Runnable {
        @Parameters(paramLabel = "ID")
        private String id;

        @Mixin
        private Store store;

        @Spec
        private CommandSpec specification;

        @Override
        public void run() {
            try {
                store.open().remove(id);
            } catch (ModelException failure) {
                throw failed(failure);
            }
            specification.commandLine().getOut().println(id + " is removed");
        }
    }
}
