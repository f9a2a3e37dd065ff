package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;

/** IAM's errors in its words. */
final class IamErrors {
    private IamErrors() {}

    /** There is no such thing. {@code kind} is such as {@code user}. */
    static AwsError missing(String kind, String name) {
        return noSuchEntity("The " + kind + " with name " + name + " cannot be found.");
    }

    static AwsError noSuchEntity(String message) {
        return new AwsError("NoSuchEntity", 404, message);
    }

    /** {@code kind} is such as {@code User}. */
    static AwsError taken(String kind, String name) {
        return exists(kind + " with name " + name + " already exists.");
    }

    static AwsError exists(String message) {
        return new AwsError("EntityAlreadyExists", 409, message);
    }

    static AwsError conflict(String message) {
        return new AwsError("DeleteConflict", 409, message);
    }

    static AwsError limit(String quota, int most) {
        return limit("Cannot exceed quota for " + quota + ": " + most);
    }

    static AwsError limit(String message) {
        return new AwsError("LimitExceeded", 409, message);
    }

    static AwsError invalid(String message) {
        return new AwsError("InvalidInput", 400, message);
    }

    static AwsError malformed(String message) {
        return new AwsError("MalformedPolicyDocument", 400, message);
    }
}
