package dev.outcrop.conformance.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.authorization.AuthorizationTable;
import dev.outcrop.kernel.authorization.OperationAccess;
import dev.outcrop.server.Assembly;
import dev.outcrop.server.Configuration;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceTables;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.transcribestreaming.TranscribeStreamingAsyncClient;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionResponseHandler;

/**
 * Every implemented operation of every served service, against the assembled server: a user without rights is refused it in
 * AWS's words, and what it is refused is the action that the service's table names; given that action on that resource, and
 * so on until nothing is refused any more, the user has exactly the rights that the call needs, each of which it was
 * refused for want of.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOperationAuthorizedTest {
    private static final Pattern REFUSAL = Pattern.compile(
            "User: arn:aws:iam::000000000000:user/caller is not authorized to perform: (\\S+) on resource:"
                    + " \"?(.+?)\"? because no (identity|resource)-based policy allows the (\\S+) action.*");
    private static final String WORDLESS = "403 without a word";
    private static final int MOST_RIGHTS = 20;
    private static final String ONLY_STREAMS = "transcribe-streaming";
    private static final String MODEL = "amazon.titan-text-express-v1";
    private static final String TRUST = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "000000000000"},
             "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]}}""";

    private final ServiceTables tables = new ServiceTables();
    private Assembly assembly;
    private IamClient root;
    private AccessKey key;
    private boolean hasRights;

    @BeforeAll
    void setUp(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("outcrop.yaml"),
                "port: 0\ndata: " + folder.resolve("data") + "\nmodels: {folder: " + folder.resolve("models") + "}\n");
        assembly = Assembly.start(Configuration.of(file));
        root = IamClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:" + assembly.port()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        assembly.rootKey().accessKeyId(), assembly.rootKey().secretAccessKey())))
                .build();
        root.createUser(request -> request.userName("caller"));
        key = root.createAccessKey(request -> request.userName("caller")).accessKey();
    }

    @AfterAll
    void tearDown() {
        root.close();
        assembly.close();
    }

    @TestFactory
    Stream<DynamicTest> needsExactlyTheActionsThatItsTableNames() {
        List<SdkService> served = SdkService.all(tables).stream()
                .filter(service -> assembly.services().find(service.toString()).isPresent())
                .toList();
        assertThat(served)
                .extracting(SdkService::toString)
                .as("all but the one that has nothing but streams, which a test of its own calls")
                .containsExactlyInAnyOrderElementsOf(assembly.services().ids().stream()
                        .filter(id -> !id.equals(ONLY_STREAMS))
                        .toList());
        return served.stream().map(service -> DynamicTest.dynamicTest(service.toString(), () -> check(service)));
    }

    @Test
    void streamsOfSoundNeedTheActionOfTheirs() {
        try (TranscribeStreamingAsyncClient client = TranscribeStreamingAsyncClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:" + assembly.port()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
                .build()) {
            Supplier<CompletableFuture<Void>> transcribe = () -> client.startStreamTranscription(
                    request ->
                            request.languageCode("en-US").mediaEncoding("pcm").mediaSampleRateHertz(16_000),
                    SdkPublisher.fromIterable(List.of()),
                    StartStreamTranscriptionResponseHandler.builder()
                            .subscriber(event -> {})
                            .build());
            allow(Set.of());
            assertThatThrownBy(() -> transcribe.get().get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("not authorized to perform: transcribe:StartStreamTranscription");
            allow(Set.of(new Right("transcribe:StartStreamTranscription", "*")));
            assertThat(transcribe.get().handle((_, failure) -> String.valueOf(failure)))
                    .succeedsWithin(Duration.ofMinutes(1))
                    .asString()
                    .doesNotContain("not authorized");
        }
    }

    @Test
    void eventStreamsNeedTheActionsOfTheirs() {
        try (BedrockRuntimeAsyncClient client = BedrockRuntimeAsyncClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:" + assembly.port()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
                .build()) {
            Supplier<CompletableFuture<Void>> converse = () -> client.converseStream(
                    request -> request.modelId(MODEL),
                    ConverseStreamResponseHandler.builder()
                            .subscriber(event -> {})
                            .build());
            Supplier<CompletableFuture<Void>> invoke = () -> client.invokeModelWithResponseStream(
                    request -> request.modelId(MODEL).body(SdkBytes.fromUtf8String("{}")),
                    InvokeModelWithResponseStreamResponseHandler.builder()
                            .subscriber(event -> {})
                            .build());
            for (Supplier<CompletableFuture<Void>> call : List.of(converse, invoke)) {
                allow(Set.of());
                assertThatThrownBy(() -> call.get().get(60, TimeUnit.SECONDS))
                        .hasMessageContaining(
                                "not authorized to perform: bedrock:InvokeModelWithResponseStream on resource:"
                                        + " arn:aws:bedrock:us-east-1::foundation-model/" + MODEL
                                        + " because no identity-based policy allows the"
                                        + " bedrock:InvokeModelWithResponseStream action");
                allow(Set.of(new Right(
                        "bedrock:InvokeModelWithResponseStream",
                        "arn:aws:bedrock:us-east-1::foundation-model/" + MODEL)));
                assertThatThrownBy(() -> call.get().get(60, TimeUnit.SECONDS))
                        .hasMessageNotContaining("not authorized");
            }
        }
    }

    private void check(SdkService service) throws Exception {
        List<String> failures = new ArrayList<>();
        Set<String> implemented = assembly.services().find(service.toString()).orElseThrow().operations().stream()
                .map(operation -> operation.name())
                .collect(Collectors.toSet());
        AuthorizationTable table = AuthorizationTable.of(service.model());
        if (service.toString().equals("sts")) {
            // A role that is not there trusts nobody.
            root.createRole(request -> request.roleName("sample").assumeRolePolicyDocument(TRUST));
        }
        try (AutoCloseable client = service.newClient(assembly.port(), key.accessKeyId(), key.secretAccessKey())) {
            for (SdkOperation operation : service.operations()) {
                OperationAccess access = table.operation(operation.model());
                if (implemented.contains(operation.toString()) && !access.isFree()) {
                    SdkPojo least = request(service.model(), operation, false);
                    SdkPojo most = request(service.model(), operation, true);
                    check(operation.toString(), operation, access, client, least, failures);
                    if (!most.equals(least)) {
                        check(operation + " with everything", operation, access, client, most, failures);
                    }
                }
            }
        }
        assertThat(failures).as(service.toString()).isEmpty();
    }

    private static SdkPojo request(ServiceModel model, SdkOperation operation, boolean optional) {
        return new ValidRequests(model, optional).request(operation.model(), operation.newRequest());
    }

    private void check(
            String what,
            SdkOperation operation,
            OperationAccess access,
            AutoCloseable client,
            SdkPojo request,
            List<String> failures) {
        Set<Right> rights = new LinkedHashSet<>();
        allow(rights);
        while (true) {
            Optional<String> refusal = refusal(operation, client, request);
            if (refusal.isEmpty() || isOfTheKey(access, refusal.get())) {
                break;
            }
            if (refusal.get().equals(WORDLESS)) {
                // An answer to HEAD has no body: what is missing can only be tried out.
                Optional<Right> next = access.actions().stream()
                        .map(action -> new Right(action, "*"))
                        .filter(right -> !rights.contains(right))
                        .findFirst();
                if (next.isEmpty()) {
                    failures.add(what + " is refused still with " + rights);
                    return;
                }
                rights.add(next.get());
                allow(rights);
                continue;
            }
            Matcher words = REFUSAL.matcher(refusal.get());
            if (!words.matches() || !words.group(1).equals(words.group(4))) {
                failures.add(what + ": " + refusal.get());
                return;
            }
            if (!words.group(2).equals("*") && !words.group(2).startsWith("arn:")) {
                failures.add(what + " is about what is no ARN: " + refusal.get());
                return;
            }
            if (!rights.add(new Right(words.group(1), words.group(2))) || rights.size() > MOST_RIGHTS) {
                failures.add(what + " is refused still with " + rights + ": " + refusal.get());
                return;
            }
            allow(rights);
        }
        Set<String> actions = rights.stream().map(Right::action).collect(Collectors.toCollection(HashSet::new));
        if (actions.isEmpty()) {
            failures.add(what + " was not refused to a user without rights");
        } else if (!access.actions().containsAll(actions)) {
            failures.add(what + " needed " + actions + ", but its table names " + access.actions());
        }
    }

    /** Whether the operation was allowed, and KMS refuses the caller the key that it was given: the key's policy decides. */
    private static boolean isOfTheKey(OperationAccess access, String refusal) {
        return access.actions().stream().noneMatch(action -> action.startsWith("kms:"))
                && refusal.contains("not authorized to perform: kms:");
    }

    /** An action on a resource. */
    private record Right(String action, String resource) {}

    private void allow(Set<Right> rights) {
        if (rights.isEmpty()) {
            if (hasRights) {
                root.deleteUserPolicy(request -> request.userName("caller").policyName("rights"));
                hasRights = false;
            }
            return;
        }
        hasRights = true;
        String statements = rights.stream()
                .map(right -> "{\"Effect\":\"Allow\",\"Action\":\"" + right.action + "\",\"Resource\":\""
                        + right.resource.replace("${", "${$}{") + "\"}")
                .collect(Collectors.joining(","));
        root.putUserPolicy(request -> request.userName("caller")
                .policyName("rights")
                .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}"));
    }

    /** Why the call is refused for want of a right; empty if it is not, however it ends. */
    private static Optional<String> refusal(SdkOperation operation, AutoCloseable client, SdkPojo request) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(request);
        if (operation.sendsStream()) {
            arguments.add(RequestBody.fromString("sample"));
        }
        if (operation.receivesStream()) {
            arguments.add(ResponseTransformer.toBytes());
        }
        try {
            operation.call(client, arguments.toArray());
            return Optional.empty();
        } catch (AwsServiceException failure) {
            String code = failure.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(failure.awsErrorDetails().errorCode());
            String message = failure.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(failure.awsErrorDetails().errorMessage());
            if (message.contains("validation error detected") || message.contains("validation errors detected")) {
                // Said before IAM is asked, it would leave the operation untested.
                return Optional.of("no valid request: " + message);
            }
            if (code.startsWith("AccessDenied") && message.contains("is not authorized to perform")) {
                return Optional.of(message);
            }
            return failure.statusCode() == 403 && operation.model().method().equals("HEAD")
                    ? Optional.of(WORDLESS)
                    : Optional.empty();
        } catch (SdkClientException failure) {
            return Optional.of("the client fails: " + failure.getMessage());
        }
    }
}
