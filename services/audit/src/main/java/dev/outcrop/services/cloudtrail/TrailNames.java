package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailArnInvalidException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3BucketNameException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3PrefixException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidSnsTopicNameException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTrailNameException;

/**
 * The rules of the names in trails.
 *
 * <p>Source: "Naming requirements" of the AWS CloudTrail user guide; "General purpose bucket naming rules" of Amazon S3's.
 */
final class TrailNames {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 128;
    private static final int LONGEST_PREFIX = 200;
    private static final int LONGEST_TOPIC = 256;
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:cloudtrail:([a-z0-9-]+):([0-9]{12}):trail/([A-Za-z0-9._-]+)");
    private static final Pattern CHARACTERS = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern NEIGHBOURS = Pattern.compile(".*[._-]{2}.*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern TOPIC =
            Pattern.compile("(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:)?[A-Za-z0-9_-]{1,256}(\\.fifo)?");

    private TrailNames() {}

    /** A trail as a request names it: by its name in the region of the call, or by its ARN. */
    record Named(String account, String region, String name, boolean byArn) {
        String arn() {
            return "arn:aws:cloudtrail:" + region + ":" + account + ":trail/" + name;
        }
    }

    /**
     * Reads a name or an ARN.
     *
     * @throws InvalidTrailNameException if it is no name that a trail may have
     * @throws CloudTrailArnInvalidException if it is an ARN, and none of a trail
     */
    static Named named(String text) {
        if (text.startsWith("arn:")) {
            Matcher arn = ARN.matcher(text);
            if (!arn.matches()) {
                throw CloudTrailArnInvalidException.builder()
                        .message(
                                "Invalid ARN: " + text
                                        + ". The format of a trail ARN is: arn:aws:cloudtrail:us-east-2:123456789012:trail/MyTrail")
                        .build();
            }
            return new Named(arn.group(2), arn.group(1), checked(arn.group(3)), true);
        }
        CallContext call = CallContext.current();
        return new Named(call.account(), call.region(), checked(text), false);
    }

    /** {@code name} itself, if a trail may be called so. */
    static String checked(String name) {
        if (name.length() < SHORTEST) {
            throw invalid("Trail name too short. Minimum allowed length: " + SHORTEST
                    + " characters. Specified name length: " + name.length() + " characters.");
        }
        if (name.length() > LONGEST) {
            throw invalid("Trail name too long. Maximum allowed length: " + LONGEST
                    + " characters. Specified name length: " + name.length() + " characters.");
        }
        if (!CHARACTERS.matcher(name).matches()) {
            throw invalid(
                    "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.),"
                            + " hyphens (-), and underscores (_).");
        }
        if (!isLetterOrDigit(name.charAt(0))) {
            throw invalid("Trail name must starts with a letter or number.");
        }
        if (!isLetterOrDigit(name.charAt(name.length() - 1))) {
            throw invalid("Trail name must ends with a letter or number.");
        }
        if (NEIGHBOURS.matcher(name).matches()) {
            throw invalid("Trail name must not have adjacent periods, underscores or dashes.");
        }
        if (ADDRESS.matcher(name).matches()) {
            throw invalid("Trail name must not be in IP address format.");
        }
        return name;
    }

    private static boolean isLetterOrDigit(char character) {
        return character < 128 && Character.isLetterOrDigit(character);
    }

    private static InvalidTrailNameException invalid(String message) {
        return InvalidTrailNameException.builder().message(message).build();
    }

    static String checkedBucket(String bucket) {
        if (!BUCKET.matcher(bucket).matches()
                || bucket.contains("..")
                || ADDRESS.matcher(bucket).matches()) {
            throw InvalidS3BucketNameException.builder()
                    .message("Bucket name is invalid: " + bucket)
                    .build();
        }
        return bucket;
    }

    static String checkedPrefix(String prefix) {
        if (prefix.length() > LONGEST_PREFIX
                || prefix.startsWith("/")
                || prefix.endsWith("/")
                || prefix.chars().anyMatch(Character::isISOControl)) {
            throw InvalidS3PrefixException.builder()
                    .message("The S3 prefix must be at most " + LONGEST_PREFIX
                            + " characters long and neither begin nor end with a slash, but is: " + prefix)
                    .build();
        }
        return prefix;
    }

    /** The ARN of the topic that a request names by its name or ARN. */
    static String topicArn(String topic) {
        if (topic.length() > LONGEST_TOPIC || !TOPIC.matcher(topic).matches()) {
            throw InvalidSnsTopicNameException.builder()
                    .message("SNS topic name is invalid: " + topic)
                    .build();
        }
        return topic.startsWith("arn:") ? topic : Ids.arn("sns", topic);
    }
}
