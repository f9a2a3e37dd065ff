package dev.outcrop.storage;

/**
 * What a record is found by.
 *
 * @param type    what it is, such as {@code bedrock:guardrail}
 * @param account whose it is
 * @param region  where it is; the empty string for what is the same everywhere
 * @param id      unique among the records of that type, account and region
 */
public record RecordKey(String type, String account, String region, String id) {}
