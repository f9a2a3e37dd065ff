package dev.outcrop.wire.binding;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * An error that a client is told.
 *
 * @param code      what it is told by, as the JSON protocols name it
 * @param status    HTTP status
 * @param message   for people
 * @param fault     whether the server is to blame
 * @param exception the error as the SDK models it: its fields are the error's further members
 * @param bodiless  whether the request allows no body in the response, as HEAD does
 */
public record ErrorAnswer(
        String code, int status, String message, boolean fault, AwsServiceException exception, boolean bodiless) {}
