package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;

/** What all batches of SQS have in common. */
final class Batches {
    private static final int MOST = 10;

    private Batches() {}

    /**
     * Makes sure that a batch is one.
     *
     * @param entry what an entry is called
     * @throws AwsError if it is empty, too long, or its ids are no good
     */
    static void check(List<String> ids, String entry) {
        if (ids.isEmpty()) {
            throw new AwsError("EmptyBatchRequest", 400, "There should be at least one " + entry + " in the request.");
        }
        if (ids.size() > MOST) {
            throw new AwsError(
                    "TooManyEntriesInBatchRequest",
                    400,
                    "Maximum number of entries per request are " + MOST + ". You have sent " + ids.size() + ".");
        }
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!id.matches("[A-Za-z0-9_-]{1,80}")) {
                throw new AwsError(
                        "InvalidBatchEntryId",
                        400,
                        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be"
                                + " at most 80 letters long.");
            }
            if (!seen.add(id)) {
                throw new AwsError("BatchEntryIdsNotDistinct", 400, "Id " + id + " repeated.");
            }
        }
    }

    static BatchResultErrorEntry failed(String id, AwsError error) {
        return BatchResultErrorEntry.builder()
                .id(id)
                .code(error.code())
                .message(error.getMessage())
                .senderFault(error.status() < 500)
                .build();
    }
}
