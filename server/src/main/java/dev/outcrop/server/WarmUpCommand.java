package dev.outcrop.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * {@code outcrop warm-up}: starts the server, has it answer a few real calls, and ends, so that the Java runtime can write
 * down what a first answer needs (the ahead-of-time cache of JEP 514).
 */
@Command(
        name = "warm-up",
        hidden = true,
        description = "Trains the ahead-of-time cache; the build runs it.",
        mixinStandardHelpOptions = true)
final class WarmUpCommand implements Runnable {
    private static final int CALLS = 50;

    @Option(names = "--data", required = true, description = "an empty folder")
    private Path data;

    @Override
    public void run() {
        Configuration configuration =
                Configuration.defaults().with(Optional.empty(), Optional.of(0), Optional.of(data), false);
        Logging.configure(configuration.logFormat());
        try (Assembly assembly = Assembly.start(configuration);
                StsClient sts = at(assembly.port(), StsClient.builder());
                BedrockClient bedrock = at(assembly.port(), BedrockClient.builder())) {
            for (int call = 0; call < CALLS; call++) {
                sts.getCallerIdentity();
                bedrock.listFoundationModels(request -> {});
            }
        }
    }

    private static <C, B extends AwsClientBuilder<B, C>> C at(int port, B builder) {
        return builder.endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }
}
