import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Turns the folder of libraries into a distribution: launcher, class path, JVM flags, licences, native libraries, the
 * ahead-of-time cache (JEP 514) trained by a real start with real calls, and the archive of it all.
 *
 * <p>Run by the build as a source file, so that it needs no module of its own.
 */
public final class Distribution {
    private static final long TRAINING_MINUTES = 5;

    public static void main(String[] arguments) throws Exception {
        Path source = Path.of(arguments[0]).toRealPath();
        Path jar = Path.of(arguments[1]);
        Path distribution = Path.of(arguments[2]);
        List<String> jvmFlags = List.of(arguments[3].split(" "));
        String version = arguments[4];
        Path libraries = distribution.resolve("lib");
        Files.createDirectories(libraries);
        Files.copy(
                jar,
                libraries.resolve(jar.getFileName()),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        for (String file : List.of("outcrop", "LICENSE", "NOTICE", "README.md")) {
            Files.copy(
                    source.resolve(file),
                    distribution.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        copyNativeLibraries(source.resolve("engines/text/target/native"), libraries.resolve("native"));

        List<String> flags = new ArrayList<>(jvmFlags);
        // A server at rest should be small: the serial collector keeps no helper threads and gives memory back.
        flags.addAll(List.of("-XX:+UseSerialGC", "-XX:MaxRAMPercentage=25"));
        // A cache that does not fit the machine, or fits in part, costs start-up time and is no news to the user.
        flags.add("-Xlog:disable");
        flags.add("-Xlog:all=error:stderr");
        Files.writeString(libraries.resolve("outcrop.jvm"), String.join("\n", flags) + "\n");
        List<String> classPath;
        try (Stream<Path> files = Files.list(libraries)) {
            classPath = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        Files.writeString(libraries.resolve("outcrop.classpath"), String.join("\n", classPath) + "\n");
        for (String name : classPath) {
            if (name.startsWith("picocli-")) {
                renew(libraries.resolve(name));
            }
        }
        train(libraries, flags, classPath);
        archive(distribution, version);
    }

    private static void copyNativeLibraries(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(
                            file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /**
     * Gives the classes of a jar that were compiled for Java 5 the stack maps and the class file version of Java 8. An
     * ahead-of-time cache takes no older ones in, and to load, check and link picocli's is a seventh of a start.
     */
    private static void renew(Path jar) throws IOException {
        Path renewed = jar.resolveSibling(jar.getFileName() + ".renewed");
        try (JarFile old = new JarFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                ZipOutputStream target = new ZipOutputStream(Files.newOutputStream(renewed))) {
            ClassFile format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (JarEntry entry : Collections.list(old.entries())) {
                byte[] bytes = old.getInputStream(entry).readAllBytes();
                target.putNextEntry(new ZipEntry(entry.getName()));
                target.write(entry.getName().endsWith(".class") ? renewed(format, bytes) : bytes);
                target.closeEntry();
            }
        }
        Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] renewed(ClassFile format, byte[] bytes) {
        ClassModel old = format.parse(bytes);
        if (old.majorVersion() >= ClassFile.JAVA_6_VERSION) {
            return bytes;
        }
        return format.transformClass(
                old,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL).andThen((target, element) -> {
                    if (element instanceof ClassFileVersion) {
                        target.withVersion(ClassFile.JAVA_8_VERSION, 0);
                    } else {
                        target.with(element);
                    }
                }));
    }

    /** Starts the server once with everything that a first call needs, so that the cache holds it. */
    private static void train(Path libraries, List<String> flags, List<String> classPath) throws Exception {
        Path cache = libraries.resolve("outcrop.aot");
        Files.deleteIfExists(cache);
        Path data = Files.createTempDirectory("outcrop-training");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(flags);
        command.add("-Doutcrop.home=" + libraries.getParent());
        command.add("-cp");
        command.add(String.join(
                System.getProperty("path.separator"),
                classPath.stream().map(name -> libraries.resolve(name).toString()).toList()));
        command.addAll(List.of("dev.outcrop.server.Outcrop", "warm-up", "--data", data.toString()));
        Path log = libraries.getParent().resolveSibling("training.log");
        Process training = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = training.waitFor(TRAINING_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            training.destroyForcibly();
        }
        if (!ended || training.exitValue() != 0 || !Files.exists(cache)) {
            throw new IllegalStateException("training the ahead-of-time cache "
                    + (ended ? "failed" : "took more than " + TRAINING_MINUTES + " minutes") + ":\n"
                    + Files.readString(log));
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted((left, right) -> right.compareTo(left)).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void archive(Path distribution, String version) throws Exception {
        String name = "outcrop-" + version;
        Path archive = distribution.resolveSibling(name + ".tar.gz");
        Process tar = new ProcessBuilder(
                        "tar",
                        "--use-compress-program=gzip -1",
                        "--transform=s,^outcrop," + name + ",",
                        "-cf",
                        archive.toString(),
                        "-C",
                        distribution.getParent().toString(),
                        distribution.getFileName().toString())
                .inheritIO()
                .start();
        if (!tar.waitFor(TRAINING_MINUTES, TimeUnit.MINUTES) || tar.exitValue() != 0) {
            throw new IllegalStateException("tar could not write " + archive);
        }
    }
}
