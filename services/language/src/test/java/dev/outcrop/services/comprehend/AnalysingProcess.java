package dev.outcrop.services.comprehend;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;

/** A server with a job and a training, to be killed: it says when each is under way, and when both have ended. */
final class AnalysingProcess {
    private static final long PAUSE_NANOS = 20_000_000;

    private AnalysingProcess() {}

    /** {@code FOLDER JOB CLASSIFIER_ARN}. */
    public static void main(String[] arguments) {
        try (ComprehendHouse house = new ComprehendHouse(Path.of(arguments[0]), () -> {
            throw new AssertionError("no embeddings are needed");
        })) {
            say("up");
            boolean jobTold = false;
            boolean trainingTold = false;
            while (true) {
                JobStatus job = house.comprehend(comprehend ->
                                comprehend.describeEntitiesDetectionJob(request -> request.jobId(arguments[1])))
                        .entitiesDetectionJobProperties()
                        .jobStatus();
                ModelStatus training = house.comprehend(comprehend -> comprehend.describeDocumentClassifier(
                                request -> request.documentClassifierArn(arguments[2])))
                        .documentClassifierProperties()
                        .status();
                if (!jobTold && job != JobStatus.SUBMITTED) {
                    say("job");
                    jobTold = true;
                }
                if (!trainingTold && training != ModelStatus.SUBMITTED) {
                    say("training");
                    trainingTold = true;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static void say(String what) {
        System.out.println(what);
        System.out.flush();
    }
}
