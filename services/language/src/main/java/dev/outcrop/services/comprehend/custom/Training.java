package dev.outcrop.services.comprehend.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.learning.Progress;
import dev.outcrop.engines.learning.UntrainableException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Trains a model as its role. A training that was killed begins anew, and gives the same model. */
final class Training<B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> implements Work {
    private final ModelRecords<B, P> models;
    private final Supplier<Clients> clients;
    private final Trainer<P> trainer;

    /** What is special about a kind of model. */
    interface Trainer<P> {
        /** Reads, learns, evaluates and keeps; the model's record with what was found out. */
        P train(P model, RoleBuckets buckets, Progress progress) throws IOException;
    }

    Training(ModelRecords<B, P> models, Supplier<Clients> clients, Trainer<P> trainer) {
        this.models = models;
        this.clients = clients;
        this.trainer = trainer;
    }

    private static String arn(Job job) {
        return new String(job.input(), UTF_8);
    }

    @Override
    public void run(JobRun run) throws Exception {
        String arn = arn(run.job());
        models.change(arn, ModelStatus.TRAINING, Optional.empty());
        EntityRecognizerProperties common = models.common(arn);
        RoleBuckets buckets = new RoleBuckets(clients, common.dataAccessRoleArn(), arn);
        CallContext.current().toBuilder().sourceArn(Optional.of(arn)).build().<Void, Exception>call(() -> {
            try {
                P trained = trainer.train(models.get(arn), buckets, progress(run));
                models.update(arn, _ -> trained);
            } catch (UntrainableException untrainable) {
                throw AwsError.validation(untrainable.getMessage());
            }
            return null;
        });
    }

    /** Asks often whether to go on, and writes down now and then how far it is. */
    static Progress progress(JobRun run) {
        long[] last = {System.nanoTime()};
        return fraction -> {
            if (System.nanoTime() - last[0] > Duration.ofSeconds(2).toNanos()) {
                last[0] = System.nanoTime();
                run.progress(Math.min(0.99, fraction));
            } else {
                run.proceed();
            }
        };
    }

    @Override
    public void ended(Job job) {
        String arn = arn(job);
        switch (job.status()) {
            case COMPLETED -> models.change(arn, ModelStatus.TRAINED, Optional.empty());
            case STOPPED -> models.change(arn, ModelStatus.STOPPED, Optional.empty());
            default -> models.change(arn, ModelStatus.IN_ERROR, job.reason());
        }
    }
}
