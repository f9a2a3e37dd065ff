package dev.outcrop.bench;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that writes as fast as it can until it is killed, and prints a line for each thing once it has been
 * acknowledged: {@code record ID}, {@code counter ID VALUE}, {@code object ID MD5}, {@code job ID}.
 */
public final class WritingProcess {
    /** The kind of job that it submits. */
    static final String JOB_KIND = "bench:count";

    private static final int WRITERS = 4;
    private static final int JOB_STEPS = 20;

    private WritingProcess() {}

    /** @param arguments the data folder, and a name that no earlier process had */
    public static void main(String[] arguments) throws InterruptedException {
        String name = arguments[1];
        DataFolder folder = DataFolder.open(Path.of(arguments[0]));
        Records records = folder.records();
        Objects objects = folder.objects(folder.secrets());
        Jobs jobs = jobs(folder, records);
        jobs.start();
        PrintStream acknowledged =
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        context().run(() -> jobs.submit(JOB_KIND, name, new byte[0]));
        acknowledged.print("job " + name + "\n");
        for (int i = 0; i < WRITERS; i++) {
            String writer = name + "-" + i;
            Thread.ofPlatform().start(() -> write(writer, records, objects, acknowledged));
        }
        TimeUnit.MINUTES.sleep(10); // The one who kills is long done by then.
    }

    /** Jobs that count to {@value #JOB_STEPS}, writing down each step. */
    static Jobs jobs(DataFolder folder, Records records) {
        Work counting = new Work() {
            @Override
            public void run(JobRun run) throws InterruptedException {
                int first = run.checkpoint().map(step -> (int) step[0]).orElse(0);
                for (int step = first; step < JOB_STEPS; step++) {
                    TimeUnit.MILLISECONDS.sleep(10);
                    run.progress((step + 1.0) / JOB_STEPS, new byte[] {(byte) (step + 1)});
                }
            }
        };
        return new Jobs(
                records,
                folder.scheduler(),
                () -> new Background(Map.of(JOB_KIND, counting), List.of()),
                Jobs.Settings.DEFAULT,
                InstantSource.system());
    }

    static CallContext context() {
        return CallContext.builder()
                .principal(Principal.root("000000000000", Optional.empty()))
                .requestId("kill")
                .build();
    }

    static RecordKey key(String id) {
        return new RecordKey("bench:kill", "000000000000", "us-east-1", id);
    }

    private static void write(String writer, Records records, Objects objects, PrintStream acknowledged) {
        for (int i = 0; ; i++) {
            String id = writer + "-" + i;
            byte[] body = id.repeat(10).getBytes(StandardCharsets.UTF_8);
            records.write(transaction -> {
                transaction.insert(key(id), "", Optional.of(id), Instant.now(), body);
                Optional<StoredRecord> counter = transaction.get(key(writer));
                if (counter.isEmpty()) {
                    transaction.insert(key(writer), "", Optional.empty(), Instant.now(), body);
                } else {
                    transaction.update(key(writer), counter.get().version(), Optional.empty(), Instant.now(), body);
                }
                return null;
            });
            // One write of less than a pipe's buffer, so that no line is ever cut.
            acknowledged.print("record " + id + "\ncounter " + writer + " " + (i + 1) + "\n");
            if (i % 10 == 0) {
                try {
                    Objects.StoredObject stored = objects.write(new ByteArrayInputStream(body), body.length);
                    acknowledged.print(
                            "object " + stored.id() + " " + HexFormat.of().formatHex(stored.md5()) + "\n");
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }
        }
    }
}
