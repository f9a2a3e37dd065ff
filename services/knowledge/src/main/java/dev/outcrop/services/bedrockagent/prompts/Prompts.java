package dev.outcrop.services.bedrockagent.prompts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptVersionRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptVersionResponse;
import software.amazon.awssdk.services.bedrockagent.model.DeletePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeletePromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsResponse;
import software.amazon.awssdk.services.bedrockagent.model.PromptSummary;
import software.amazon.awssdk.services.bedrockagent.model.PromptVariant;
import software.amazon.awssdk.services.bedrockagent.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagent.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockagent.model.UpdatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.UpdatePromptResponse;

/**
 * The prompts of accounts: of each a draft, which can be changed, and versions, which cannot.
 *
 * <p>Source: the operations' pages of the Amazon Bedrock API reference; "Amazon Bedrock endpoints and quotas" for how many
 * there may be.
 */
public final class Prompts {
    private static final Pattern IDENTIFIER = Pattern.compile(
            "(?:arn:aws[a-z-]*:bedrock:([a-z0-9-]+):([0-9]{12}):prompt/)?([0-9a-zA-Z]{10})(?::([0-9]{1,5}))?");
    private static final String DRAFT = "DRAFT";
    private static final String VERSION_COUNT = "bedrock-agent:prompt-version-count";
    private static final String CONTENT = "bedrock-agent:prompt-content";
    private static final int MOST_PROMPTS = 500;
    private static final int MOST_VERSIONS = 10;
    private static final int LARGEST_PAGE = 10;

    private final Resources<GetPromptResponse> drafts;
    private final Resources<GetPromptResponse> versions;
    private final Tags tags;
    private final IdempotencyTokens idempotencyTokens;
    private final Records records;
    private final PromptSeals seals;
    private final Ids ids;
    private final InstantSource clock;

    public Prompts(ResourceStore store, Records records, Supplier<Clients> clients, Ids ids, InstantSource clock) {
        drafts = store.resources("bedrock-agent:prompt", GetPromptResponse::builder)
                .named(GetPromptResponse::name);
        versions = store.resources("bedrock-agent:prompt-version", GetPromptResponse::builder)
                .under(GetPromptResponse::id);
        tags = store.tags();
        idempotencyTokens = store.idempotencyTokens();
        this.records = records;
        this.seals = new PromptSeals(clients);
        this.ids = ids;
        this.clock = clock;
    }

    /** Which prompt, and which version of it, empty for the draft. */
    private record Named(String id, Optional<String> version) {
        String key() {
            return version.map(number -> id + ":" + number).orElse(id);
        }
    }

    /** Makes a prompt's draft. */
    public CreatePromptResponse create(CreatePromptRequest request) {
        return idempotencyTokens.once(
                "bedrock-agent:CreatePrompt",
                request.clientToken(),
                request.toBuilder().clientToken(null).build(),
                CreatePromptResponse::builder,
                () -> insert(request));
    }

    private CreatePromptResponse insert(CreatePromptRequest request) {
        PromptRules.check(request.variants(), request.defaultVariant());
        if (drafts.list().all().size() >= MOST_PROMPTS) {
            throw exceeded("The number of prompts in this account must not exceed " + MOST_PROMPTS + ".");
        }
        String id = ids.uppercase(10);
        Instant now = clock.instant();
        GetPromptResponse prompt = Shapes.copy(request, GetPromptResponse.builder())
                .id(id)
                .arn(Ids.arn("bedrock", "prompt/" + id))
                .version(DRAFT)
                .createdAt(now)
                .updatedAt(now)
                .build();
        GetPromptResponse kept = sealed(prompt, id);
        if (request.hasTags()) {
            tags.add(prompt.arn(), request.tags());
        }
        drafts.insert(id, kept);
        return Shapes.copy(prompt, CreatePromptResponse.builder()).build();
    }

    /** Changes a draft: what the request does not hold, the draft does not hold any more. */
    public UpdatePromptResponse update(UpdatePromptRequest request) {
        PromptRules.check(request.variants(), request.defaultVariant());
        Named named = named(request.promptIdentifier(), Optional.empty());
        GetPromptResponse present = draft(named.id);
        GetPromptResponse changed = Shapes.copy(request, GetPromptResponse.builder())
                .id(present.id())
                .arn(present.arn())
                .version(DRAFT)
                .createdAt(present.createdAt())
                .updatedAt(clock.instant())
                .build();
        GetPromptResponse kept = sealed(changed, named.id);
        drafts.update(named.id, _ -> kept);
        return Shapes.copy(changed, UpdatePromptResponse.builder()).build();
    }

    /** Keeps a draft as it is now, under the next number. */
    public CreatePromptVersionResponse createVersion(CreatePromptVersionRequest request) {
        return idempotencyTokens.once(
                "bedrock-agent:CreatePromptVersion",
                request.clientToken(),
                request.toBuilder().clientToken(null).build(),
                CreatePromptVersionResponse::builder,
                () -> insertVersion(request));
    }

    private CreatePromptVersionResponse insertVersion(CreatePromptVersionRequest request) {
        Named named = named(request.promptIdentifier(), Optional.empty());
        GetPromptResponse draft = opened(draft(named.id), named.id);
        if (versions.list().under(named.id).all().size() >= MOST_VERSIONS) {
            throw exceeded("The number of versions of a prompt must not exceed " + MOST_VERSIONS + ".");
        }
        Instant now = clock.instant();
        String number = String.valueOf(nextNumber(named.id));
        GetPromptResponse.Builder version = draft.toBuilder()
                .arn(draft.arn() + ":" + number)
                .version(number)
                .createdAt(now)
                .updatedAt(now);
        if (request.description() != null) {
            version.description(request.description());
        }
        GetPromptResponse made = version.build();
        String key = named.id + ":" + number;
        GetPromptResponse kept = sealed(made, key);
        if (request.hasTags()) {
            tags.add(made.arn(), request.tags());
        }
        versions.insert(key, kept);
        return Shapes.copy(made, CreatePromptVersionResponse.builder()).build();
    }

    /** Numbers are never given twice, even when the last version is deleted. */
    private int nextNumber(String id) {
        RecordKey key = key(VERSION_COUNT, id);
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            int next = 1
                    + present.map(record -> Integer.parseInt(new String(record.body(), UTF_8)))
                            .orElse(0);
            byte[] body = String.valueOf(next).getBytes(UTF_8);
            if (present.isEmpty()) {
                transaction.insert(key, "", Optional.empty(), clock.instant(), body);
            } else {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), body);
            }
            return next;
        });
    }

    /** A draft or a version. */
    public GetPromptResponse get(GetPromptRequest request) {
        Named named = named(request.promptIdentifier(), Optional.ofNullable(request.promptVersion()));
        return opened(find(named), named.key());
    }

    /** The drafts, or all that there is of one prompt. */
    public ListPromptsResponse list(ListPromptsRequest request) {
        Integer most = request.maxResults() == null ? LARGEST_PAGE : Math.min(LARGEST_PAGE, request.maxResults());
        if (request.promptIdentifier() == null) {
            Page<GetPromptResponse> page =
                    drafts.list().maximum(most).after(request.nextToken()).page();
            return ListPromptsResponse.builder()
                    .promptSummaries(page.items().stream().map(Prompts::summary).toList())
                    .nextToken(page.nextToken().orElse(null))
                    .build();
        }
        Named named = named(request.promptIdentifier(), Optional.empty());
        GetPromptResponse draft = draft(named.id);
        boolean first = request.nextToken() == null;
        Page<GetPromptResponse> page = versions.list()
                .under(named.id)
                .maximum(first ? Math.max(1, most - 1) : most)
                .after(request.nextToken())
                .page();
        List<PromptSummary> summaries =
                new ArrayList<>(page.items().stream().map(Prompts::summary).toList());
        if (first) {
            summaries.addFirst(summary(draft));
        }
        return ListPromptsResponse.builder()
                .promptSummaries(summaries)
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static PromptSummary summary(GetPromptResponse prompt) {
        return Shapes.copy(prompt, PromptSummary.builder()).build();
    }

    /** Removes a version, or a prompt with all its versions. */
    public DeletePromptResponse delete(DeletePromptRequest request) {
        Named named = named(request.promptIdentifier(), Optional.ofNullable(request.promptVersion()));
        GetPromptResponse deleted = find(named);
        if (named.version.isPresent()) {
            forget(versions, named.key(), deleted.arn());
        } else {
            for (GetPromptResponse version : versions.list().under(named.id).all()) {
                forget(versions, version.id() + ":" + version.version(), version.arn());
            }
            forget(drafts, named.id, deleted.arn());
            RecordKey count = key(VERSION_COUNT, named.id);
            records.write(transaction -> transaction.delete(count));
        }
        return DeletePromptResponse.builder()
                .id(named.id)
                .version(named.version.orElse(null))
                .build();
    }

    private void forget(Resources<GetPromptResponse> resources, String key, String arn) {
        RecordKey content = key(CONTENT, key);
        resources.delete(key);
        records.write(transaction -> transaction.delete(content));
        tags.removeAll(arn);
    }

    /** Whether {@code arn} is that of a prompt or a version, there or not. */
    public static boolean isPrompt(String arn) {
        return arn.contains(":prompt/");
    }

    /** The tags of the prompt or version with {@code arn}. */
    public Map<String, String> tags(String arn) {
        return tags.of(taggable(arn));
    }

    /** The tags of what has {@code arn}, whether it is there or not. */
    public Map<String, String> known(String arn) {
        return tags.of(arn);
    }

    /** Adds tags. */
    public void tag(String arn, Map<String, String> added) {
        tags.add(taggable(arn), added);
    }

    /** Removes tags. */
    public void untag(String arn, List<String> keys) {
        tags.remove(taggable(arn), keys);
    }

    private String taggable(String arn) {
        return find(named(arn, Optional.empty())).arn();
    }

    private static Named named(String identifier, Optional<String> version) {
        Matcher matcher = IDENTIFIER.matcher(identifier);
        CallContext call = CallContext.current();
        if (!matcher.matches()
                || (matcher.group(1) != null
                        && !(matcher.group(1).equals(call.region())
                                && matcher.group(2).equals(call.account())))) {
            throw missing(identifier);
        }
        Optional<String> inArn = Optional.ofNullable(matcher.group(4));
        if (version.isPresent() && inArn.isPresent() && !version.equals(inArn)) {
            throw PromptRules.invalid("The promptVersion " + version.get() + " is not that of the promptIdentifier.");
        }
        return new Named(matcher.group(3), version.or(() -> inArn).filter(number -> !number.equals(DRAFT)));
    }

    private GetPromptResponse find(Named named) {
        return named.version.isEmpty()
                ? draft(named.id)
                : versions.find(named.key()).orElseThrow(() -> missing(named.key()));
    }

    private GetPromptResponse draft(String id) {
        return drafts.find(id).orElseThrow(() -> missing(id));
    }

    /** The prompt as it is kept: what it says lies beside it if it is under a key of KMS. */
    private GetPromptResponse sealed(GetPromptResponse prompt, String key) {
        RecordKey content = key(CONTENT, key);
        if (prompt.customerEncryptionKeyArn() == null) {
            records.write(transaction -> transaction.delete(content));
            return prompt;
        }
        GetPromptResponse said =
                GetPromptResponse.builder().variants(prompt.variants()).build();
        byte[] sealed = seals.sealed(prompt.customerEncryptionKeyArn(), prompt.arn(), StoredShapes.write(said));
        records.write(transaction -> {
            transaction.delete(content);
            transaction.insert(content, "", Optional.empty(), clock.instant(), sealed);
            return null;
        });
        return prompt.toBuilder().variants((List<PromptVariant>) null).build();
    }

    private GetPromptResponse opened(GetPromptResponse prompt, String key) {
        if (prompt.customerEncryptionKeyArn() == null) {
            return prompt;
        }
        byte[] sealed =
                records.get(key(CONTENT, key)).orElseThrow(() -> missing(key)).body();
        GetPromptResponse said = StoredShapes.read(seals.opened(prompt.arn(), sealed), GetPromptResponse::builder);
        return prompt.toBuilder().variants(said.variants()).build();
    }

    private static RecordKey key(String type, String id) {
        CallContext call = CallContext.current();
        return new RecordKey(type, call.account(), call.region(), id);
    }

    private static ResourceNotFoundException missing(String identifier) {
        return ResourceNotFoundException.builder()
                .message("Could not find the prompt " + identifier + ".")
                .build();
    }

    private static ServiceQuotaExceededException exceeded(String message) {
        return ServiceQuotaExceededException.builder().message(message).build();
    }
}
