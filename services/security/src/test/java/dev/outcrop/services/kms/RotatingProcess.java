package dev.outcrop.services.kms;

import dev.outcrop.kernel.KilledProcess;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantOperation;

/**
 * A process that makes, rotates, replicates and deletes keys until it is killed, and prints a line for each thing once it
 * has been acknowledged: {@code text KEY CIPHERTEXT}, {@code rotated KEY MATERIAL}, {@code replica KEY}, {@code doomed KEY},
 * {@code deleted KEY}.
 */
final class RotatingProcess {
    static final String HOME = "us-east-1";
    static final String AWAY = "eu-west-1";
    static final Principal ROOT = Principal.root("000000000000", Optional.empty());

    private static final int ROTATIONS = 20;

    private final ServedSecurity house;

    private RotatingProcess(ServedSecurity house) {
        this.house = house;
    }

    /** @param arguments the data folder */
    public static void main(String[] arguments) throws InterruptedException {
        RotatingProcess process = new RotatingProcess(new ServedSecurity(Path.of(arguments[0])));
        Thread.ofPlatform().start(() -> process.forever(process::rotate));
        Thread.ofPlatform().start(() -> process.forever(process::replicate));
        Thread.ofPlatform().start(() -> process.forever(process::delete));
        TimeUnit.MINUTES.sleep(5); // The one who kills is long done by then.
    }

    private void forever(Runnable body) {
        while (!Thread.currentThread().isInterrupted()) {
            body.run();
        }
    }

    private <T> T kms(Function<KmsClient, T> call) {
        return house.in(HOME, ROOT, KmsClient.class, call);
    }

    private static void acknowledge(String... words) {
        KilledProcess.say(String.join(" ", words));
    }

    private void rotate() {
        String key = kms(KmsClient::createKey).keyMetadata().keyId();
        for (int i = 0; i < ROTATIONS; i++) {
            encrypt(key);
            rotate(key);
        }
    }

    private void encrypt(String key) {
        SdkBytes blob = kms(client ->
                        client.encrypt(request -> request.keyId(key).plaintext(SdkBytes.fromUtf8String(key))))
                .ciphertextBlob();
        acknowledge("text", key, Base64.getEncoder().encodeToString(blob.asByteArray()));
    }

    private void rotate(String key) {
        kms(client -> client.rotateKeyOnDemand(request -> request.keyId(key)));
        String material = kms(client -> client.describeKey(request -> request.keyId(key)))
                .keyMetadata()
                .currentKeyMaterialId();
        acknowledge("rotated", key, material);
    }

    private void replicate() {
        String key = kms(client -> client.createKey(request -> request.multiRegion(true)))
                .keyMetadata()
                .keyId();
        encrypt(key);
        kms(client -> client.replicateKey(request -> request.keyId(key).replicaRegion(AWAY)));
        acknowledge("replica", key);
        rotate(key);
        encrypt(key);
    }

    private void delete() {
        String key = kms(KmsClient::createKey).keyMetadata().keyId();
        kms(client ->
                client.createAlias(request -> request.aliasName("alias/" + key).targetKeyId(key)));
        kms(client -> client.createGrant(
                request -> request.keyId(key).granteePrincipal(ROOT.arn()).operations(GrantOperation.DECRYPT)));
        kms(client -> client.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7)));
        acknowledge("doomed", key);
        house.pass(Duration.ofDays(8));
        house.kmsService().chore().body().run(() -> false);
        acknowledge("deleted", key);
    }
}
