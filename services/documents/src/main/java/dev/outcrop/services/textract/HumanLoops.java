package dev.outcrop.services.textract;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.textract.model.HumanLoopConfig;

/** What requests want reviewed by people: checked and kept, and nothing begun, as long as there is no Augmented AI. */
final class HumanLoops {
    private static final String TYPE = "textract:human-loop";
    private static final Pattern FLOW =
            Pattern.compile("arn:aws[a-z-]*:sagemaker:([a-z0-9-]+):\\d{12}:flow-definition/[a-z0-9](-*[a-z0-9])*");

    private final Records records;
    private final InstantSource clock;

    HumanLoops(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** Keeps what a request wants, which may be null. */
    void keep(HumanLoopConfig config) {
        if (config == null) {
            return;
        }
        CallContext call = CallContext.current();
        var flow = FLOW.matcher(config.flowDefinitionArn());
        if (!flow.matches() || !flow.group(1).equals(call.region())) {
            throw TextractFailures.invalid(
                    "the flow definition " + config.flowDefinitionArn() + " is none of the region " + call.region());
        }
        RecordKey key = new RecordKey(TYPE, call.account(), call.region(), config.humanLoopName());
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                transaction.update(
                        key, present.get().version(), Optional.empty(), clock.instant(), StoredShapes.write(config));
            } else {
                transaction.insert(key, "", Optional.empty(), clock.instant(), StoredShapes.write(config));
            }
            return null;
        });
    }
}
