package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Tags;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.model.TooManyTagsException;

/**
 * The tags of log groups, by ARN without an asterisk.
 *
 * <p>Source: TagResource and TagLogGroup of the Amazon CloudWatch Logs API reference.
 */
final class LogTags {
    private final GroupStore store;
    private final Tags tags;

    LogTags(GroupStore store, Tags tags) {
        this.store = store;
        this.tags = tags;
    }

    static void check(Map<String, String> wanted) {
        for (String key : wanted.keySet()) {
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw LogFailures.invalid("Tag keys cannot start with aws:.");
            }
        }
    }

    /** Adds tags to a group that is there. */
    void add(String arn, Map<String, String> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        check(wanted);
        try {
            tags.add(arn, wanted);
        } catch (AwsError refusal) {
            if (refusal.code().equals("TooManyTagsException")) {
                throw TooManyTagsException.builder()
                        .message("A log group can have no more than " + Tags.MOST + " tags.")
                        .resourceName(arn)
                        .build();
            }
            throw refusal;
        }
    }

    void remove(String arn, List<String> keys) {
        tags.remove(arn, keys);
    }

    void removeAll(String arn) {
        tags.removeAll(arn);
    }

    Map<String, String> of(String arn) {
        return tags.of(arn);
    }

    /** The ARN under which the tags of the group are that {@code arn} names. */
    String existing(String arn) {
        if (!arn.startsWith("arn:")) {
            throw LogFailures.invalid("The specified resource ARN is not valid: " + arn);
        }
        return store.group(GroupStore.nameOf(arn)).arn();
    }
}
