package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.Pages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;

/**
 * Where the events of rules go.
 *
 * <p>Source: PutTargets, RemoveTargets and ListTargetsByRule of the API reference; "Amazon EventBridge quotas".
 */
final class Targets {
    private static final int MOST_OF_A_RULE = 5;
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{0,12}:.+");
    private static final Set<String> NEEDING_A_ROLE = Set.of(
            "kinesis", "ecs", "states", "batch", "codebuild", "codepipeline", "ssm", "redshift-data", "sagemaker");

    private final Rules rules;
    private final Pages pages;

    Targets(Rules rules, Pages pages) {
        this.rules = rules;
        this.pages = pages;
    }

    PutTargetsResponse put(PutTargetsRequest request) {
        Set<String> ids = new HashSet<>();
        for (Target target : request.targets()) {
            if (!ids.add(target.id())) {
                throw Errors.invalid("Target Id " + target.id() + " stands twice in the request.");
            }
            check(target);
        }
        rules.change(request.eventBusName(), request.rule(), false, rule -> {
            Map<String, Target> targets = new LinkedHashMap<>();
            rule.targets().forEach(target -> targets.put(target.id(), target));
            request.targets().forEach(target -> targets.put(target.id(), target));
            if (targets.size() > MOST_OF_A_RULE) {
                throw Errors.tooMany();
            }
            return rule.with(List.copyOf(targets.values()));
        });
        return PutTargetsResponse.builder()
                .failedEntryCount(0)
                .failedEntries(List.of())
                .build();
    }

    private static void check(Target target) {
        if (!ARN.matcher(target.arn()).matches()) {
            throw Errors.invalid(
                    "Parameter " + target.arn() + " is not valid. Reason: Provided Arn is not in correct format.");
        }
        String[] arn = target.arn().split(":", 6);
        boolean destination = arn[2].equals("events") && arn[5].startsWith("api-destination/");
        if (target.roleArn() == null && (NEEDING_A_ROLE.contains(arn[2]) || destination)) {
            throw Errors.invalid("RoleArn is required for target " + target.arn() + ".");
        }
        switch (arn[2]) {
            case "sqs" -> checkQueue(target);
            case "logs" -> {
                if (!arn[5].startsWith("log-group:")) {
                    throw notSupported(target);
                }
            }
            case "events" -> {
                if (!destination && !arn[5].startsWith("event-bus/")) {
                    throw notSupported(target);
                }
            }
            default -> {
                // Whether the service is served shows when there is something to deliver.
            }
        }
        if (target.deadLetterConfig() != null && target.deadLetterConfig().arn() != null) {
            checkDeadLetterQueue(target);
        }
        TargetInput.check(target);
    }

    private static void checkQueue(Target target) {
        boolean group = target.sqsParameters() != null && target.sqsParameters().messageGroupId() != null;
        boolean fifo = QueueAddress.ofArn(target.arn()).isFifo();
        if (fifo && !group) {
            throw Errors.invalid("Parameter(s) SqsParameters must be specified for target: " + target.id() + ".");
        }
        if (!fifo && group) {
            throw Errors.invalid("Parameter(s) MessageGroupId not valid for target: " + target.id() + ".");
        }
    }

    private static void checkDeadLetterQueue(Target target) {
        String arn = target.deadLetterConfig().arn();
        if (!ARN.matcher(arn).matches() || QueueAddress.ofArn(arn).isFifo()) {
            throw Errors.invalid("Parameter DeadLetterConfig is not valid for target " + target.id()
                    + ". Reason: It must be the ARN of a standard queue.");
        }
    }

    private static RuntimeException notSupported(Target target) {
        return Errors.invalid("Parameter " + target.arn() + " is not valid. Reason: Target type is not supported.");
    }

    RemoveTargetsResponse remove(RemoveTargetsRequest request) {
        List<RemoveTargetsResultEntry> failed = new ArrayList<>();
        rules.change(request.eventBusName(), request.rule(), Boolean.TRUE.equals(request.force()), rule -> {
            failed.clear();
            List<Target> rest = new ArrayList<>(rule.targets());
            for (String id : request.ids()) {
                if (!rest.removeIf(target -> target.id().equals(id))) {
                    failed.add(RemoveTargetsResultEntry.builder()
                            .targetId(id)
                            .errorCode("ResourceNotFoundException")
                            .errorMessage("Rule " + request.rule() + " does not have target " + id + ".")
                            .build());
                }
            }
            return rule.with(rest);
        });
        return RemoveTargetsResponse.builder()
                .failedEntryCount(failed.size())
                .failedEntries(failed)
                .build();
    }

    ListTargetsByRuleResponse list(ListTargetsByRuleRequest request) {
        StoredRule rule = rules.get(request.eventBusName(), request.rule());
        Pages.Slice<Target> page =
                pages.of("events:targets " + rule.rule().arn(), rule.targets(), request.limit(), request.nextToken());
        return ListTargetsByRuleResponse.builder()
                .targets(page.items())
                .nextToken(page.next())
                .build();
    }
}
