package dev.outcrop.kernel;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What resources say themselves about the pages whose scripts may call them, as buckets do. A service's class implements
 * it beside its client.
 *
 * <p>Source: WHATWG, Fetch Standard, "CORS protocol".
 */
public interface CrossOriginRules {
    /**
     * What a resource says to a page.
     *
     * @param labels  the labels of the path that name the resource
     * @param origin  of the page
     * @param method  that the page uses, or wants to
     * @param headers that it wants to send
     */
    Verdict verdict(Map<String, String> labels, String origin, String method, List<String> headers);

    /** What a resource says to a page. */
    sealed interface Verdict {}

    /** The resource has no rules, or there is no such resource. */
    record Silent() implements Verdict {}

    /** No rule of the resource is for the page. */
    record Refused() implements Verdict {}

    /**
     * The page may call.
     *
     * @param origin  the page's origin, or {@code *} where the rule is for all
     * @param methods that the rule allows
     * @param exposed headers of answers that the page's script may read
     * @param maxAge  for how many seconds a browser need not ask again
     */
    record Allowed(String origin, List<String> methods, List<String> exposed, OptionalInt maxAge) implements Verdict {
        public Allowed {
            methods = List.copyOf(methods);
            exposed = List.copyOf(exposed);
        }
    }
}
