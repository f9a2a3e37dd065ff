package dev.outcrop.engines.models;

import java.nio.file.Path;
import java.util.List;

/** One place that has the bytes of a model's file. {@link Object#toString()} names it for people. */
public sealed interface Source {
    /**
     * A file of a repository of the Hugging Face hub.
     *
     * @param repository owner and name, as {@code Qwen/Qwen2.5-1.5B-Instruct-GGUF}
     * @param revision   a branch, tag or commit
     * @param path       the file's path in the repository; each {@code *} stands for any characters but a slash, and
     *                   every file that matches is meant, as with weights split over several files
     */
    record Hub(String repository, String revision, String path) implements Source {
        /** Whether the path is a pattern that only the hub's listing turns into files. */
        public boolean pattern() {
            return path.contains("*");
        }

        @Override
        public String toString() {
            return "hub " + repository + " " + path + (revision.equals("main") ? "" : " at " + revision);
        }
    }

    /**
     * A member of a Maven artifact of type jar.
     *
     * @param classifier the artifact's classifier, empty for none
     */
    record Maven(String group, String artifact, String version, String classifier, String member) implements Source {
        @Override
        public String toString() {
            return "Maven " + group + ":" + artifact + ":" + version + (classifier.isEmpty() ? "" : ":" + classifier);
        }
    }

    /** A member of an npm package's archive; npm puts every member below {@code package/}. */
    record Npm(String name, String version, String member) implements Source {
        @Override
        public String toString() {
            return "npm " + name + "@" + version;
        }
    }

    /** A member of a wheel from a Python package index. Source distributions are not taken: they run code. */
    record Pypi(String project, String version, String member) implements Source {
        @Override
        public String toString() {
            return "PyPI " + project + " " + version;
        }
    }

    /** A file of this machine. */
    record LocalFile(Path path) implements Source {
        @Override
        public String toString() {
            return "file " + path;
        }
    }

    /** The file cut into parts, which follow one another; no part is itself in parts or a pattern. */
    record Parts(List<Source> parts) implements Source {
        public Parts {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return parts.size() + " parts from " + parts.getFirst() + " on";
        }
    }
}
