package dev.outcrop.services.s3;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A process that puts objects and completes uploads until it is killed, and prints a line for each thing that has been
 * acknowledged: {@code object KEY TAG}, {@code gone KEY}; and {@code deleting KEY} before it asks for that.
 */
final class WritingStore {
    static final String BUCKET = "written";
    private static final int SMALLEST_PART = 5 << 20;
    private static final int WRITERS = 3;
    /** One in so many has a part of the smallest size that is not the last. */
    private static final int LONG_UPLOADS = 8;

    private WritingStore() {}

    /** @param arguments the data folder, and a name that no earlier process had */
    public static void main(String[] arguments) throws InterruptedException {
        TestStore store = new TestStore(Path.of(arguments[0]), Instant.now());
        store.createBucket(BUCKET);
        PrintStream acknowledged =
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (int i = 0; i < WRITERS; i++) {
            String writer = arguments[1] + "-" + i;
            Thread.ofPlatform().start(() -> put(store.s3, writer, acknowledged));
        }
        Thread.ofPlatform().start(() -> upload(store.s3, arguments[1], acknowledged));
        TimeUnit.MINUTES.sleep(5); // The one who kills is long done by then.
    }

    /** Every byte of an object tells which it is. */
    private static RequestBody content(int seed, int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) seed);
        return RequestBody.fromBytes(content);
    }

    private static void put(S3Client s3, String writer, PrintStream acknowledged) {
        int[] lengths = {100, 4096, 4097, 70_000};
        for (int i = 0; ; i++) {
            String key = writer + "-" + i;
            RequestBody content = content(i, lengths[i % lengths.length]);
            String tag = s3.putObject(request -> request.bucket(BUCKET).key(key), content)
                    .eTag();
            acknowledged.print("object " + key + " " + tag + "\n");
            if (i % 5 == 4) {
                // Whoever is killed from here on may have deleted it, or not.
                acknowledged.print("deleting " + key + "\n");
                s3.deleteObject(request -> request.bucket(BUCKET).key(key));
                acknowledged.print("gone " + key + "\n");
            }
        }
    }

    /** Most uploads are short, so that there are many completions to be killed in. */
    private static void upload(S3Client s3, String writer, PrintStream acknowledged) {
        for (int i = 0; ; i++) {
            int content = i;
            String key = writer + "-upload-" + i;
            String upload = s3.createMultipartUpload(
                            request -> request.bucket(BUCKET).key(key))
                    .uploadId();
            int parts = i % LONG_UPLOADS == 0 ? 2 : 1;
            List<CompletedPart> uploaded = IntStream.rangeClosed(1, parts)
                    .mapToObj(number ->
                            part(s3, key, upload, number, content(content, number < parts ? SMALLEST_PART : 1000)))
                    .toList();
            String tag = s3.completeMultipartUpload(request -> request.bucket(BUCKET)
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(completed -> completed.parts(uploaded)))
                    .eTag();
            acknowledged.print("object " + key + " " + tag + "\n");
        }
    }

    private static CompletedPart part(S3Client s3, String key, String upload, int number, RequestBody content) {
        String tag = s3.uploadPart(
                        request ->
                                request.bucket(BUCKET).key(key).uploadId(upload).partNumber(number),
                        content)
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }
}
