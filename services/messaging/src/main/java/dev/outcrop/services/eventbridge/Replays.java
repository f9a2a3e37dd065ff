package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Jobs;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.eventbridge.model.CancelReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.IllegalStatusException;
import software.amazon.awssdk.services.eventbridge.model.ListReplaysRequest;
import software.amazon.awssdk.services.eventbridge.model.ListReplaysResponse;
import software.amazon.awssdk.services.eventbridge.model.Replay;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.StartReplayRequest;
import software.amazon.awssdk.services.eventbridge.model.StartReplayResponse;

/**
 * Replays of archived events.
 *
 * <p>Source: the operations on replays of the API reference; "Amazon EventBridge quotas" of the user guide.
 */
final class Replays {
    private static final int MOST_AT_ONCE = 10;
    private static final Set<ReplayState> GOING =
            Set.of(ReplayState.STARTING, ReplayState.RUNNING, ReplayState.CANCELLING);

    private final RuleStore rules;
    private final Resources<DescribeReplayResponse> replays;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    Replays(ResourceStore resources, RuleStore rules, Supplier<Jobs> jobs, InstantSource clock) {
        this.rules = rules;
        replays = resources.resources(ReplayWork.TYPE, DescribeReplayResponse::builder);
        this.jobs = jobs;
        this.clock = clock;
    }

    StartReplayResponse start(StartReplayRequest request) {
        CallContext call = CallContext.current();
        ArchivedEvents.Name name = ArchivedEvents.Name.ofArn(request.eventSourceArn());
        DescribeArchiveResponse archive = rules.findArchive(call.account(), call.region(), name.name())
                .filter(found -> found.archiveArn().equals(request.eventSourceArn()))
                .orElseThrow(() -> Errors.missing("Archive " + name.name() + " does not exist."));
        if (!request.destination().arn().equals(archive.eventSourceArn())) {
            throw Errors.invalid(
                    "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.");
        }
        if (!request.eventStartTime().isBefore(request.eventEndTime())) {
            throw Errors.invalid(
                    "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.");
        }
        if (replays.find(request.replayName()).isPresent()) {
            throw Errors.exists("Replay " + request.replayName() + " already exists.");
        }
        if (replays.list().where(replay -> GOING.contains(replay.state())).all().size() >= MOST_AT_ONCE) {
            throw Errors.tooMany();
        }
        DescribeReplayResponse replay = DescribeReplayResponse.builder()
                .replayName(request.replayName())
                .replayArn("arn:aws:events:" + call.region() + ":" + call.account() + ":replay/" + request.replayName())
                .description(request.description())
                .state(ReplayState.STARTING)
                .eventSourceArn(request.eventSourceArn())
                .destination(request.destination())
                .eventStartTime(request.eventStartTime())
                .eventEndTime(request.eventEndTime())
                .replayStartTime(clock.instant())
                .build();
        replays.insert(request.replayName(), replay);
        jobs.get().submit(ReplayWork.KIND, ReplayWork.job(request.replayName()), new byte[0]);
        return StartReplayResponse.builder()
                .replayArn(replay.replayArn())
                .state(replay.state())
                .replayStartTime(replay.replayStartTime())
                .build();
    }

    CancelReplayResponse cancel(String name) {
        get(name);
        DescribeReplayResponse cancelled = replays.update(name, replay -> {
            if (!GOING.contains(replay.state())) {
                throw IllegalStatusException.builder()
                        .message("Replay " + name + " is not in a valid state for this operation.")
                        .build();
            }
            return replay.toBuilder().state(ReplayState.CANCELLING).build();
        });
        jobs.get().stop(ReplayWork.job(name));
        return CancelReplayResponse.builder()
                .replayArn(cancelled.replayArn())
                .state(cancelled.state())
                .build();
    }

    DescribeReplayResponse get(String name) {
        return replays.find(name).orElseThrow(() -> Errors.missing("Replay " + name + " does not exist."));
    }

    ListReplaysResponse list(ListReplaysRequest request) {
        Page<DescribeReplayResponse> page = replays.list()
                .where(replay ->
                        request.namePrefix() == null || replay.replayName().startsWith(request.namePrefix()))
                .where(replay -> request.eventSourceArn() == null
                        || replay.eventSourceArn().equals(request.eventSourceArn()))
                .where(replay -> request.state() == null || replay.state() == request.state())
                .maximum(request.limit())
                .after(request.nextToken())
                .page();
        return ListReplaysResponse.builder()
                .replays(page.map(Replays::summary).items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static Replay summary(DescribeReplayResponse replay) {
        return Replay.builder()
                .replayName(replay.replayName())
                .eventSourceArn(replay.eventSourceArn())
                .state(replay.state())
                .stateReason(replay.stateReason())
                .eventStartTime(replay.eventStartTime())
                .eventEndTime(replay.eventEndTime())
                .eventLastReplayedTime(replay.eventLastReplayedTime())
                .replayStartTime(replay.replayStartTime())
                .replayEndTime(replay.replayEndTime())
                .build();
    }
}
