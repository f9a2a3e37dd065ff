package dev.outcrop.services.secretsmanager;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.secretsmanager.model.CancelRotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CancelRotateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * Rotates secrets: a Lambda function is called four times, and makes a new version the current one.
 *
 * <p>Source: "Lambda rotation functions" and "Rotation schedules" of the AWS Secrets Manager user guide.
 */
final class SecretRotation implements Work {
    /** The name of its jobs. */
    static final String KIND = "secretsmanager:rotation";

    private static final List<String> STEPS = List.of("createSecret", "setSecret", "testSecret", "finishSecret");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StoredSecrets secrets;
    private final Replication replication;
    private final RotationEvents events;
    private final Supplier<Clients> clients;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    SecretRotation(
            StoredSecrets secrets,
            Replication replication,
            RotationEvents events,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        this.secrets = secrets;
        this.replication = replication;
        this.events = events;
        this.clients = clients;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    RotateSecretResponse rotate(RotateSecretRequest request) {
        Secret secret = secrets.primary(request.secretId());
        if (request.externalSecretRotationRoleArn() != null || request.hasExternalSecretRotationMetadata()) {
            throw AwsError.notImplemented("secretsmanager", "RotateSecret of a partner's secret");
        }
        Secret.Rotation rotation = settings(request, secret.rotation());
        if (rotation.lambdaArn().isEmpty()) {
            throw StoredSecrets.invalidRequest("No Lambda rotation function ARN is associated with this secret.");
        }
        if (pending(secret).isPresent()) {
            throw StoredSecrets.invalidRequest(
                    "A previous rotation isn't complete. That rotation will be reattempted.");
        }
        lambda();
        boolean now = !Boolean.FALSE.equals(request.rotateImmediately());
        String token = Optional.ofNullable(request.clientRequestToken()).orElseGet(ids::uuid);
        Secret changed = secrets.update(secret, present -> present.rotated(rotation));
        if (now) {
            begin(changed, token);
        }
        RotateSecretResponse.Builder response =
                RotateSecretResponse.builder().arn(secret.arn()).name(secret.name());
        return (now ? response.versionId(token) : response).build();
    }

    private Secret.Rotation settings(RotateSecretRequest request, Secret.Rotation before) {
        RotationRulesType rules = request.rotationRules();
        String lambda = Optional.ofNullable(request.rotationLambdaARN()).orElse(before.lambdaArn());
        if (rules == null) {
            return restarted(
                    new Secret.Rotation(
                            true,
                            lambda,
                            before.afterDays(),
                            before.expression(),
                            before.duration(),
                            before.lastAt(),
                            0),
                    clock.instant());
        }
        if (rules.automaticallyAfterDays() != null && rules.scheduleExpression() != null) {
            throw SecretRequests.invalidParameter(
                    "You can't specify both AutomaticallyAfterDays and ScheduleExpression.");
        }
        return restarted(
                new Secret.Rotation(
                        true,
                        lambda,
                        Optional.ofNullable(rules.automaticallyAfterDays()).orElse(0L),
                        Optional.ofNullable(rules.scheduleExpression()).orElse(""),
                        Optional.ofNullable(rules.duration()).orElse(""),
                        before.lastAt(),
                        0),
                clock.instant());
    }

    /** A schedule that begins at {@code now}. */
    private static Secret.Rotation restarted(Secret.Rotation rotation, Instant now) {
        return rotation.next(RotationSchedule.of(rotation)
                .map(schedule -> schedule.first(now).toEpochMilli())
                .orElse(0L));
    }

    /** A secret whose value was changed by hand, which counts as a rotation where those are so many days apart. */
    static Secret restarted(Secret secret, Instant now) {
        Secret.Rotation rotation = secret.rotation();
        return rotation.enabled() && rotation.afterDays() > 0 ? secret.rotated(restarted(rotation, now)) : secret;
    }

    /** When the next rotation happens at the latest: its window closes then. */
    static Optional<Instant> latest(Secret.Rotation rotation) {
        return rotation.enabled() && rotation.nextAt() > 0
                ? RotationSchedule.of(rotation)
                        .map(schedule -> schedule.closes(Instant.ofEpochMilli(rotation.nextAt())))
                : Optional.empty();
    }

    private LambdaClient lambda() {
        try {
            return clients.get().of(LambdaClient.class);
        } catch (IllegalArgumentException notServed) {
            throw AwsError.accessDenied("Secrets Manager cannot invoke the specified Lambda function. Ensure that the"
                    + " function policy grants access to the principal secretsmanager.amazonaws.com.");
        }
    }

    /** The version is there, without a value, before the function is called. */
    private void begin(Secret secret, String token) {
        long now = clock.millis();
        replication.update(
                secret,
                present -> {
                    Secret with = present.version(token).isPresent()
                            ? present
                            : present.adding(
                                    new Secret.Version(token, List.of(), now, 0, present.kmsKeyId(), false), now);
                    return with.moving(List.of(Secret.PENDING), token, now);
                },
                Map.of());
        jobs.get().submit(KIND, token, (secret.arn() + "\n" + token).getBytes(StandardCharsets.UTF_8));
        events.tell(secret, RotationEvents.STARTED);
    }

    @Override
    public void run(JobRun run) throws Exception {
        String[] input = input(run.job());
        Secret secret = secrets.live(input[0]);
        int done = run.checkpoint().map(step -> (int) step[0]).orElse(0);
        for (int step = done; step < STEPS.size(); step++) {
            invoke(secret, STEPS.get(step), input[1]);
            run.progress((step + 1.0) / STEPS.size(), new byte[] {(byte) (step + 1)});
        }
        Instant now = clock.instant();
        replication.update(
                secret,
                present -> {
                    if (!present.staged(Secret.CURRENT)
                            .map(current -> current.id().equals(input[1]))
                            .orElse(false)) {
                        throw StoredSecrets.invalidRequest(
                                "The rotation function did not make version " + input[1] + " the current one.");
                    }
                    return present.without(Secret.PENDING, now.toEpochMilli())
                            .rotated(present.rotation().done(now.toEpochMilli()));
                },
                Map.of());
        events.tell(secret, RotationEvents.SUCCEEDED);
    }

    /** The secret's ARN, and the id of the version that is to be its current one. */
    private static String[] input(Job job) {
        return new String(job.input(), StandardCharsets.UTF_8).split("\n", 2);
    }

    @Override
    public void ended(Job job) {
        if (job.status() == Job.Status.FAILED) {
            secrets.find(input(job)[0]).ifPresent(secret -> events.tell(secret, RotationEvents.FAILED));
        }
    }

    private void invoke(Secret secret, String step, String token) throws IOException {
        byte[] event =
                JSON.writeValueAsBytes(Map.of("Step", step, "SecretId", secret.arn(), "ClientRequestToken", token));
        InvokeResponse response = lambda().invoke(InvokeRequest.builder()
                .functionName(secret.rotation().lambdaArn())
                .payload(SdkBytes.fromByteArray(event))
                .build());
        if (response.functionError() != null) {
            throw StoredSecrets.invalidRequest("The rotation function failed in step " + step + ".");
        }
    }

    CancelRotateSecretResponse cancel(CancelRotateSecretRequest request) {
        Secret secret = secrets.primary(request.secretId());
        secrets.update(secret, present -> present.rotated(present.rotation().cancelled()));
        pending(secret).ifPresent(version -> jobs.get().stop(version.id()));
        return CancelRotateSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(secret.staged(Secret.PENDING).map(Secret.Version::id).orElse(null))
                .build();
    }

    /** Begins the rotation of a secret whose window has opened; one that was not finished is tried again. */
    void rotateIfDue(Secret secret) {
        Secret.Rotation rotation = secret.rotation();
        Instant now = clock.instant();
        boolean due = rotation.enabled() && rotation.nextAt() > 0 && rotation.nextAt() <= now.toEpochMilli();
        if (!due || secret.awaitsDeletion()) {
            return;
        }
        Secret changed = secrets.update(
                secret,
                present -> present.rotated(present.rotation()
                        .next(RotationSchedule.of(present.rotation())
                                .map(schedule -> schedule.following(
                                                Instant.ofEpochMilli(
                                                        present.rotation().nextAt()),
                                                now)
                                        .toEpochMilli())
                                .orElse(0L))));
        begin(changed, pending(changed).map(Secret.Version::id).orElseGet(ids::uuid));
    }

    /** The version that a rotation has begun with and not ended. */
    private static Optional<Secret.Version> pending(Secret secret) {
        return secret.staged(Secret.PENDING).filter(version -> !version.stages().contains(Secret.CURRENT));
    }
}
