package dev.outcrop.wire.http;

/**
 * A response whose body is in memory.
 *
 * @param status  HTTP status
 * @param headers header fields, without those of the transfer (length, date, connection)
 * @param body    the body, empty if there is none
 */
public record WireResponse(int status, HttpHeaders headers, byte[] body) {}
