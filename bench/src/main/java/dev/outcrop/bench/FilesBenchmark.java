package dev.outcrop.bench;

import dev.outcrop.engines.audio.AudioDecoder;
import dev.outcrop.engines.audio.AudioLimits;
import dev.outcrop.engines.audio.UnreadableAudioException;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.ModelFiles;
import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.engines.ocr.UnreadableDocumentException;
import dev.outcrop.engines.pages.PageStructure;
import dev.outcrop.engines.pages.generated.Canvas;
import dev.outcrop.engines.pages.generated.KnownDocument;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Files of every kind that Textract and Transcribe take, changed at random, cut off and named wrongly: each is read or refused
 * by the engine's own refusal, in bounded time, and none leaves memory behind.
 *
 * <p>10,000 files, or as many as {@code OUTCROP_BENCH_FILES} says.
 */
final class FilesBenchmark implements Benchmark {
    private static final int FILES = 10_000;
    private static final int POINTS = 20;
    private static final Path SOUNDS =
            Path.of("engines", "audio", "src", "test", "resources", "dev", "outcrop", "engines", "audio");
    private static final List<String> SOUND_FILES = List.of(
            "tones.mulaw.wav",
            "tones.flac",
            "tones.flac.ogg",
            "tones.opus.ogg",
            "tones.vorbis.ogg",
            "tones.webm",
            "tones.vorbis.webm",
            "tones.mp3",
            "plain.m4a",
            "tones.m4a");
    private static final AudioLimits SOUND_LIMITS = new AudioLimits(1 << 20, Duration.ofSeconds(30), 8);
    private static final ReadingLimits PAGE_LIMITS = new ReadingLimits(4 << 20, 10, 3_000, 40, Duration.ofSeconds(60));

    @Override
    public String name() {
        return "files";
    }

    @Override
    public String description() {
        return FILES + " damaged images, PDFs and sounds of every kind: refused or read, memory flat";
    }

    /** How files of a kind fared. */
    private static final class Fates {
        private int read;
        private int refused;
        private int failed;
        private double longest;
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        int files = Optional.ofNullable(System.getenv("OUTCROP_BENCH_FILES"))
                .map(Integer::parseInt)
                .orElse(FILES);
        long seed = System.nanoTime();
        report.note("seed " + seed);
        Random random = new Random(seed);
        Map<String, byte[]> wholes = wholes(workplace);
        List<String> kinds = List.copyOf(wholes.keySet());
        Map<String, Fates> fates = new LinkedHashMap<>();
        kinds.forEach(kind -> fates.put(kind, new Fates()));
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("pp-ocr-v4"), Progress.NONE);
        ModelFiles networks = new ModelFiles(
                model.file("detection.onnx"),
                model.file("recognition.onnx"),
                model.file("orientation.onnx"),
                model.file("characters.txt"));
        List<Trend.Point> heap = new ArrayList<>();
        try (DocumentReader reader = new DocumentReader(() -> networks)) {
            for (int i = 0; i < files; i++) {
                String kind = kinds.get(i % kinds.size());
                // One of ten is taken for a file of the other sort.
                boolean sound = SOUND_FILES.contains(kind) != (random.nextInt(10) == 0);
                judge(fates.get(kind), sound, mutated(wholes.get(kind), random), reader, report);
                if ((i + 1) % Math.max(1, files / POINTS) == 0) {
                    heap.add(new Trend.Point(i + 1, liveHeap()));
                }
            }
        }
        fates.forEach((kind, fate) -> report.note(String.format(
                "%s: %d read, %d refused, the longest took %.2f s", kind, fate.read, fate.refused, fate.longest)));
        report.atMost(
                "files that were neither read nor refused",
                fates.values().stream().mapToInt(fate -> fate.failed).sum(),
                0,
                "files");
        report.atMost(
                "the longest",
                fates.values().stream().mapToDouble(fate -> fate.longest).max().orElse(0),
                60,
                "s");
        // The first points are those of code that is compiled and tables that are filled.
        Trend trend = Trend.of(heap.subList(heap.size() / 4, heap.size()));
        report.figure("growth of the live heap a file", trend.slope(), "bytes");
        report.atMost("the same, upper end at 95 % confidence", trend.upperBound(), 512, "bytes");
    }

    private static double liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void judge(Fates fate, boolean sound, byte[] file, DocumentReader reader, Report report) {
        long began = System.nanoTime();
        try {
            if (sound) {
                AudioDecoder.decode(new ByteArrayInputStream(file), SOUND_LIMITS);
            } else {
                reader.read(file, PAGE_LIMITS, page -> PageStructure.of(page));
            }
            fate.read++;
        } catch (UnreadableAudioException | UnreadableDocumentException refusal) {
            fate.refused++;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError failure) {
            if (fate.failed++ < 3) {
                report.note("failed: " + failure + " at "
                        + Arrays.stream(failure.getStackTrace()).limit(6).toList());
            }
        }
        fate.longest = Math.max(fate.longest, (System.nanoTime() - began) / 1e9);
    }

    private static Map<String, byte[]> wholes(Workplace workplace) throws IOException {
        Map<String, byte[]> wholes = new LinkedHashMap<>();
        BufferedImage image = new BufferedImage(220, 70, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 220, 70);
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 22));
        graphics.drawString("Total $41.00", 20, 45);
        graphics.dispose();
        for (String format : List.of("png", "jpeg", "tiff")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(image, format, bytes);
            wholes.put(format, bytes.toByteArray());
        }
        wholes.put("pdf", KnownDocument.form(1).pdf());
        try (Canvas canvas = new Canvas()) {
            canvas.text(60, 70, 12, "Page one").page().text(60, 70, 12, "Page two");
            wholes.put("pages.pdf", canvas.pdf());
        }
        for (String name : SOUND_FILES) {
            wholes.put(
                    name, Files.readAllBytes(workplace.source().resolve(SOUNDS).resolve(name)));
        }
        return wholes;
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] file = random.nextInt(5) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        int changes = file.length == 0 ? 0 : random.nextInt(random.nextInt(3) == 0 ? 200 : 6);
        for (int i = 0; i < changes; i++) {
            // The heads of files hold the numbers that can mislead most.
            int at = random.nextBoolean() ? random.nextInt(Math.min(file.length, 600)) : random.nextInt(file.length);
            switch (random.nextInt(5)) {
                case 0 -> file[at] = (byte) 0xFF;
                case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> file[at] = (byte) "0123456789<>[]()/R".charAt(random.nextInt(18));
                case 3 -> {
                    int length = Math.min(random.nextInt(64), file.length - at);
                    System.arraycopy(file, random.nextInt(file.length - length + 1), file, at, length);
                }
                default -> file[at] = (byte) random.nextInt(256);
            }
        }
        return file;
    }
}
