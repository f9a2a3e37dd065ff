package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRuleNamesByTargetRequest;
import software.amazon.awssdk.services.eventbridge.model.ListRuleNamesByTargetResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRulesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.ManagedRuleException;
import software.amazon.awssdk.services.eventbridge.model.PutRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.PutRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;

/**
 * Rules: which events, or when.
 *
 * <p>Source: the operations on rules of the API reference; "Amazon EventBridge quotas" of the user guide.
 */
final class Rules {
    private static final int MOST_OF_A_BUS = 300;

    private final RuleStore store;
    private final EventBuses buses;
    private final ResourceTags tags;
    private final Pages pages;

    Rules(RuleStore store, EventBuses buses, ResourceTags tags, Pages pages) {
        this.store = store;
        this.buses = buses;
        this.tags = tags;
        this.pages = pages;
    }

    PutRuleResponse put(PutRuleRequest request) {
        RuleName name = name(request.eventBusName(), request.name());
        String pattern = blankToNull(request.eventPattern());
        String schedule = blankToNull(request.scheduleExpression());
        if (pattern == null && schedule == null) {
            throw Errors.invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        if (pattern != null) {
            Errors.pattern(pattern);
        }
        if (schedule != null) {
            if (!name.bus().isDefault()) {
                throw Errors.invalid("ScheduleExpression is supported only on the default event bus.");
            }
            Schedule.read(schedule);
        }
        Map<String, String> wantedTags = ResourceTags.checked(request.tags());
        boolean isNew = store.find(name).isEmpty();
        if (isNew && store.rules(name.bus()).size() >= MOST_OF_A_BUS) {
            throw Errors.tooMany();
        }
        DescribeRuleResponse rule = DescribeRuleResponse.builder()
                .name(name.name())
                .arn(name.arn())
                .eventBusName(name.bus().name())
                .eventPattern(pattern)
                .scheduleExpression(schedule)
                .state(request.state() == null ? RuleState.ENABLED : request.state())
                .description(request.description())
                .roleArn(request.roleArn())
                .createdBy(CallContext.current().account())
                .build();
        store.change(
                name,
                present -> Optional.of(present.map(old -> managed(old, false).with(rule))
                        .orElseGet(() -> new StoredRule(rule, List.of()))));
        // Tags of a rule that was there are left as they are.
        if (isNew) {
            tags.set(name.arn(), wantedTags);
        }
        return PutRuleResponse.builder().ruleArn(name.arn()).build();
    }

    private static String blankToNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private RuleName name(String busNameOrArn, String rule) {
        BusName bus = BusName.of(busNameOrArn);
        if (!buses.exists(bus)) {
            throw Errors.missingBus(bus.name());
        }
        return new RuleName(bus, rule);
    }

    private static StoredRule managed(StoredRule rule, boolean force) {
        if (rule.rule().managedBy() != null && !force) {
            throw ManagedRuleException.builder()
                    .message("Rule " + rule.rule().name() + " is a managed rule and cannot be changed.")
                    .build();
        }
        return rule;
    }

    /** Changes a rule that is there. */
    StoredRule change(String bus, String rule, boolean force, Function<StoredRule, StoredRule> change) {
        RuleName name = name(bus, rule);
        StoredRule[] changed = new StoredRule[1];
        store.change(name, present -> {
            changed[0] = change.apply(managed(present.orElseThrow(() -> missing(name)), force));
            return Optional.of(changed[0]);
        });
        return changed[0];
    }

    private static RuntimeException missing(RuleName name) {
        return Errors.missing("Rule " + name.name() + " does not exist on EventBus "
                + name.bus().name() + ".");
    }

    StoredRule get(String bus, String rule) {
        RuleName name = name(bus, rule);
        return store.find(name).orElseThrow(() -> missing(name));
    }

    void setState(String bus, String rule, RuleState state) {
        change(
                bus,
                rule,
                false,
                present -> present.with(present.rule().toBuilder().state(state).build()));
    }

    void delete(DeleteRuleRequest request) {
        RuleName name = name(request.eventBusName(), request.name());
        store.change(name, present -> {
            present.ifPresent(rule -> {
                managed(rule, Boolean.TRUE.equals(request.force()));
                if (!rule.targets().isEmpty()) {
                    throw Errors.invalid("Rule can't be deleted since it has targets.");
                }
            });
            return Optional.empty();
        });
        tags.removeAll(name.arn());
    }

    ListRulesResponse list(ListRulesRequest request) {
        BusName bus = BusName.of(request.eventBusName());
        if (!buses.exists(bus)) {
            throw Errors.missingBus(bus.name());
        }
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        List<Rule> all = store.rules(bus).stream()
                .map(rule -> rule.rule().rule())
                .filter(rule -> rule.name().startsWith(prefix))
                .map(Rules::summary)
                .toList();
        Pages.Slice<Rule> page =
                pages.of("events:rules " + bus.arn() + " " + prefix, all, request.limit(), request.nextToken());
        return ListRulesResponse.builder()
                .rules(page.items())
                .nextToken(page.next())
                .build();
    }

    private static Rule summary(DescribeRuleResponse rule) {
        return Rule.builder()
                .name(rule.name())
                .arn(rule.arn())
                .eventPattern(rule.eventPattern())
                .scheduleExpression(rule.scheduleExpression())
                .state(rule.state())
                .description(rule.description())
                .roleArn(rule.roleArn())
                .managedBy(rule.managedBy())
                .eventBusName(rule.eventBusName())
                .build();
    }

    ListRuleNamesByTargetResponse namesByTarget(ListRuleNamesByTargetRequest request) {
        BusName bus = BusName.of(request.eventBusName());
        List<String> names = List.copyOf(store.rules(bus).stream()
                .filter(rule -> rule.rule().targets().stream()
                        .anyMatch(target -> target.arn().equals(request.targetArn())))
                .map(rule -> rule.name().name())
                .collect(Collectors.toCollection(TreeSet::new)));
        Pages.Slice<String> page = pages.of(
                "events:rules-of-target " + bus.arn() + " " + request.targetArn(),
                names,
                request.limit(),
                request.nextToken());
        return ListRuleNamesByTargetResponse.builder()
                .ruleNames(page.items())
                .nextToken(page.next())
                .build();
    }
}
