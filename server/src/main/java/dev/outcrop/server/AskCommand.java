package dev.outcrop.server;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;

/** {@code outcrop ask}: one question, answered through the same API that every other client uses. */
@Command(
        name = "ask",
        description = "Asks a running Outcrop a question and writes the answer as it comes.",
        mixinStandardHelpOptions = true)
final class AskCommand implements Runnable {
    @Parameters(paramLabel = "QUESTION", description = "what to ask")
    private String question;

    @Option(names = "--model", paramLabel = "ID", description = "an installed model or an AWS model id")
    private Optional<String> model;

    @Option(names = "--system", paramLabel = "TEXT", description = "system prompt")
    private Optional<String> system;

    @Option(names = "--max-tokens", paramLabel = "N", description = "longest answer (default: ${DEFAULT-VALUE})")
    private int maximumTokens = 1024;

    @Option(names = "--temperature", paramLabel = "T", description = "0 (always the likeliest word) to 1")
    private Optional<Float> temperature;

    @Option(names = "--endpoint", paramLabel = "URL", description = "where Outcrop runs (default: ${DEFAULT-VALUE})")
    private URI endpoint = URI.create("http://127.0.0.1:" + Configuration.DEFAULT_PORT);

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "AWS profile with the access key (default: the development key)")
    private Optional<String> profile;

    @Spec
    private CommandSpec specification;

    @Override
    public void run() {
        PrintWriter out = specification.commandLine().getOut();
        PrintWriter notes = specification.commandLine().getErr();
        String modelId = model.orElseGet(() -> ServerProbe.at(endpoint).defaultTextModel());
        try (BedrockRuntimeAsyncClient client = BedrockRuntimeAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .overrideConfiguration(settings -> settings.apiCallTimeout(Duration.ofMinutes(30)))
                .build()) {
            client.converseStream(request(modelId), printer(out, notes)).join();
        } catch (CompletionException failure) {
            throw refused(failure);
        }
    }

    private ConverseStreamRequest request(String modelId) {
        return ConverseStreamRequest.builder()
                .modelId(modelId)
                .system(system.map(SystemContentBlock::fromText).stream().toList())
                .messages(List.of(Message.builder()
                        .role(ConversationRole.USER)
                        .content(ContentBlock.fromText(question))
                        .build()))
                .inferenceConfig(inference -> {
                    inference.maxTokens(maximumTokens);
                    temperature.ifPresent(inference::temperature);
                })
                .build();
    }

    private ConverseStreamResponseHandler printer(PrintWriter out, PrintWriter notes) {
        return ConverseStreamResponseHandler.builder()
                .onResponse(response -> response.sdkHttpResponse()
                        .firstMatchingHeader("x-outcrop-model")
                        .ifPresent(name -> notes.println("[" + name + "]")))
                .subscriber(ConverseStreamResponseHandler.Visitor.builder()
                        .onContentBlockDelta(event -> {
                            out.print(Optional.ofNullable(event.delta().text()).orElse(""));
                            out.flush();
                        })
                        .onMetadata(event -> {
                            out.println();
                            notes.println(summary(event));
                        })
                        .build())
                .build();
    }

    private static String summary(ConverseStreamMetadataEvent event) {
        return "[" + event.usage().inputTokens() + " tokens in, "
                + event.usage().outputTokens() + " out, " + event.metrics().latencyMs() + " ms]";
    }

    private AwsCredentialsProvider credentials() {
        return profile.<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
                .orElseGet(() -> StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    private StartException refused(CompletionException failure) {
        return switch (failure.getCause()) {
            case AwsServiceException answer ->
                new StartException(
                        answer.statusCode() == 404 ? ExitCode.NOT_FOUND : ExitCode.FAILED,
                        answer.awsErrorDetails() == null
                                ? answer.getMessage()
                                : answer.awsErrorDetails().errorCode() + ": "
                                        + answer.awsErrorDetails().errorMessage());
            case SdkClientException cause ->
                new StartException(
                        ExitCode.UNAVAILABLE, ServerProbe.unreachable(endpoint) + " (" + cause.getMessage() + ")");
            case null, default -> new StartException(ExitCode.FAILED, String.valueOf(failure.getMessage()));
        };
    }
}
