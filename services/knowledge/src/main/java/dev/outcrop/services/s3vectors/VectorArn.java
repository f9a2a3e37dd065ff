package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.CallContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a vector bucket or an index is.
 *
 * @param index the index's name; empty for the bucket itself
 */
record VectorArn(String account, String region, String bucket, Optional<String> index) {
    private static final String NAME = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";
    private static final Pattern ARN = Pattern.compile(
            "arn:aws:s3vectors:([a-z0-9-]+):([0-9]{12}):bucket/(" + NAME + ")(?:/index/(" + NAME + "))?");

    /** What an ARN names, if it names one of these. */
    static Optional<VectorArn> parse(String arn) {
        Matcher matcher = ARN.matcher(arn);
        return matcher.matches()
                ? Optional.of(new VectorArn(
                        matcher.group(2), matcher.group(1), matcher.group(3), Optional.ofNullable(matcher.group(4))))
                : Optional.empty();
    }

    /** The bucket of that name of the caller's. */
    static VectorArn ofBucket(String name) {
        CallContext call = CallContext.current();
        return new VectorArn(call.account(), call.region(), name, Optional.empty());
    }

    /**
     * The bucket that a request names, by name or by ARN.
     *
     * @param name null where the request has none, and so is {@code arn}
     */
    static VectorArn bucket(String name, String arn) {
        if ((name == null) == (arn == null)) {
            throw Failures.invalid("Must specify either vectorBucketName or vectorBucketArn but not both");
        }
        return name != null
                ? ofBucket(name)
                : parse(arn)
                        .filter(place -> place.index.isEmpty())
                        .filter(VectorArn::isHere)
                        .orElseThrow(Failures::noBucket);
    }

    /** The index that a request names, by its name and its bucket's or by ARN; null where the request has none. */
    static VectorArn index(String bucket, String index, String arn) {
        boolean named = bucket != null && index != null;
        if (named == (arn != null) || (arn != null && (bucket != null || index != null))) {
            throw Failures.invalid(
                    "Must specify either indexArn or both vectorBucketName and indexName but not a mix of both");
        }
        return named
                ? ofBucket(bucket).with(index)
                : parse(arn)
                        .filter(place -> place.index.isPresent())
                        .filter(VectorArn::isHere)
                        .orElseThrow(Failures::noIndex);
    }

    /** Regions do not answer for each other. */
    private boolean isHere() {
        return region.equals(CallContext.current().region());
    }

    /** An index of this bucket. */
    VectorArn with(String name) {
        return new VectorArn(account, region, bucket, Optional.of(name));
    }

    /** The bucket that this is, or that it is in. */
    VectorArn inBucket() {
        return new VectorArn(account, region, bucket, Optional.empty());
    }

    String arn() {
        return "arn:aws:s3vectors:" + region + ":" + account + ":bucket/" + bucket
                + index.map(name -> "/index/" + name).orElse("");
    }
}
