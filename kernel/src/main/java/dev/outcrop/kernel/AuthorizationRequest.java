package dev.outcrop.kernel;

import java.util.List;
import java.util.Map;

/**
 * What IAM is asked: may {@code principal} do {@code action} on {@code resources}?
 *
 * @param principal who wants to
 * @param account   the account that the call is made in
 * @param action    such as {@code bedrock:InvokeModel}
 * @param resources ARNs, or {@code *} where the operation names none; never empty
 * @param context   values of condition keys, such as {@code aws:SourceIp}
 */
public record AuthorizationRequest(
        Principal principal, String account, String action, List<String> resources, Map<String, List<String>> context) {
    public AuthorizationRequest {
        resources = List.copyOf(resources);
        context = Map.copyOf(context);
    }
}
