package dev.outcrop.engines.text.llama.binding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where llama.cpp's libraries are: a folder with {@code libllama} and {@code libggml} in it, or one with such a folder
 * for each platform in it ({@code linux-x64}, {@code mac-arm64-metal}…).
 */
public final class NativeLibraries {
    /** The system property that names the folder. */
    public static final String PROPERTY = "outcrop.llama.libraries";

    private final Path folder;

    private NativeLibraries(Path folder) {
        this.folder = folder;
    }

    /**
     * The libraries in {@code folder}, or in the folder for this platform inside it.
     *
     * @throws LlamaException if there are none
     */
    public static NativeLibraries in(Path folder) {
        for (Path candidate : List.of(folder, folder.resolve(platform()))) {
            NativeLibraries libraries = new NativeLibraries(candidate);
            if (Files.isDirectory(candidate) && libraries.find("llama").isPresent()) {
                return libraries;
            }
        }
        throw new LlamaException("no llama.cpp libraries for " + platform() + " in " + folder.toAbsolutePath());
    }

    /** The folder that holds them. */
    public Path folder() {
        return folder;
    }

    /** The libraries to load, those that others need first. */
    List<Path> inOrderOfLoading() {
        return Stream.of("ggml-base", "ggml", "llama")
                .map(name -> find(name)
                        .orElseThrow(() -> new LlamaException("no library " + name + " in " + folder.toAbsolutePath())))
                .toList();
    }

    /** {@code libNAME.so}, {@code NAME.dll}, {@code libNAME.dylib}, with a version or a kind of device between. */
    private Optional<Path> find(String name) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .matches("(lib)?" + name + "(\\.[a-z0-9.]+)?\\.(so|dylib|dll)"))
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new LlamaException("cannot read " + folder.toAbsolutePath(), e);
        }
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        if (system.startsWith("mac")) {
            return machine.equals("arm64") ? "mac-arm64-metal" : "mac-x64";
        }
        return (system.startsWith("win") ? "win-" : "linux-") + machine;
    }
}
