package dev.outcrop.services.eventbridge;

import dev.outcrop.shapes.codec.StoredShapes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** A rule and where its events go. */
record StoredRule(DescribeRuleResponse rule, List<Target> targets) {
    StoredRule {
        targets = List.copyOf(targets);
    }

    boolean isEnabled() {
        return rule.state() != RuleState.DISABLED;
    }

    StoredRule with(DescribeRuleResponse changed) {
        return new StoredRule(changed, targets);
    }

    StoredRule with(List<Target> changed) {
        return new StoredRule(rule, changed);
    }

    byte[] write() {
        byte[] first = StoredShapes.write(rule);
        byte[] second = StoredShapes.write(
                ListTargetsByRuleResponse.builder().targets(targets).build());
        return ByteBuffer.allocate(Integer.BYTES + first.length + second.length)
                .putInt(first.length)
                .put(first)
                .put(second)
                .array();
    }

    static StoredRule read(byte[] body) {
        int end = Integer.BYTES + ByteBuffer.wrap(body).getInt();
        return new StoredRule(
                StoredShapes.read(Arrays.copyOfRange(body, Integer.BYTES, end), DescribeRuleResponse::builder),
                StoredShapes.read(Arrays.copyOfRange(body, end, body.length), ListTargetsByRuleResponse::builder)
                        .targets());
    }
}
