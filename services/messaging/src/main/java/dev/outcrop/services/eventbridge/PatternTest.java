package dev.outcrop.services.eventbridge;

import dev.outcrop.engines.patterns.EventPattern;
import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.services.eventbridge.model.TestEventPatternRequest;
import software.amazon.awssdk.services.eventbridge.model.TestEventPatternResponse;

/**
 * Tries patterns out.
 *
 * <p>Source: TestEventPattern of the API reference, which says what an event must have.
 */
final class PatternTest {
    private static final List<String> NEEDED =
            List.of("id", "account", "source", "time", "region", "resources", "detail-type");

    private PatternTest() {}

    static TestEventPatternResponse test(TestEventPatternRequest request) {
        EventPattern pattern = Errors.pattern(request.eventPattern());
        BusEvent event;
        try {
            event = BusEvent.read(request.event());
        } catch (IOException malformed) {
            throw Errors.invalid("Parameter Event is not valid.");
        }
        if (!event.json().values().keySet().containsAll(NEEDED)) {
            throw Errors.invalid(
                    "Parameter Event is not valid. Reason: It must have the fields " + String.join(", ", NEEDED) + ".");
        }
        return TestEventPatternResponse.builder()
                .result(pattern.matches(event.json()))
                .build();
    }
}
