package dev.outcrop.kernel;

import java.util.List;
import java.util.Optional;

/**
 * The values of condition keys, each worked out when it is asked for.
 *
 * <p>Source: "AWS global condition context keys" of the IAM user guide.
 */
@FunctionalInterface
public interface ConditionContext {
    /**
     * The values of a key.
     *
     * @param key such as {@code aws:SourceIp} or {@code aws:RequestTag/team}, in any case
     * @return empty where the request has no such key
     */
    Optional<List<String>> values(String key);
}
