package dev.outcrop.conformance.shapes;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;

/**
 * A service as the SDK on the class path has it, beside its description.
 *
 * @param model      the description
 * @param client     the client interface
 * @param operations the operations that the client has as plain calls
 */
record SdkService(ServiceModel model, Class<?> client, List<SdkOperation> operations) {
    private static final Pattern CLIENT =
            Pattern.compile("software/amazon/awssdk/services/([a-z0-9]+)/(?!Default)(\\w+?)(?<!Async)Client\\.class");
    private static final AwsBasicCredentials DEVELOPMENT_KEY = AwsBasicCredentials.create("test", "test");
    private static final Map<String, String> PACKAGES =
            Map.of("costandusagereportservice", "costandusagereport", "configservice", "config");

    /** Every service that has both a table and a client. */
    static List<SdkService> all(ServiceModels tables) {
        Map<String, Class<?>> clients = clients();
        return tables.summaries().stream()
                .filter(summary -> clients.containsKey(packageName(summary)))
                .map(summary -> of(tables.find(summary.id()).orElseThrow(), clients.get(packageName(summary))))
                .toList();
    }

    private static String packageName(ServiceSummary summary) {
        String name = summary.serviceId().replaceAll("[ -]", "").toLowerCase(Locale.ROOT);
        return PACKAGES.getOrDefault(name, name);
    }

    private static Map<String, Class<?>> clients() {
        Map<String, Class<?>> clients = new HashMap<>();
        List<String> classPath = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .toList();
        for (String element : classPath) {
            if (element.endsWith(".jar")) {
                try (JarFile jar = new JarFile(element)) {
                    jar.stream()
                            .map(entry -> CLIENT.matcher(entry.getName()))
                            .filter(Matcher::matches)
                            .filter(match -> load(match.group()).isInterface())
                            .forEach(match -> clients.put(match.group(1), load(match.group())));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return clients;
    }

    private static Class<?> load(String path) {
        try {
            return Class.forName(path.replace('/', '.').substring(0, path.length() - ".class".length()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SdkService of(ServiceModel model, Class<?> client) {
        Map<String, OperationModel> byName = new HashMap<>();
        model.operations()
                .values()
                .forEach(operation -> byName.put(operation.name().toLowerCase(Locale.ROOT), operation));
        List<SdkOperation> operations = new ArrayList<>();
        Stream.of(client.getMethods())
                .filter(method -> method.getParameterCount() > 0
                        && AwsRequest.class.isAssignableFrom(method.getParameterTypes()[0]))
                .filter(method -> byName.containsKey(method.getName().toLowerCase(Locale.ROOT)))
                .flatMap(method ->
                        SdkOperation.of(method, byName.get(method.getName().toLowerCase(Locale.ROOT))).stream())
                .sorted((one, other) ->
                        one.model().name().compareTo(other.model().name()))
                .forEach(operations::add);
        return new SdkService(model, client, List.copyOf(operations));
    }

    /** The client interface that has the event streams. */
    Class<?> asyncClient() {
        String name = client.getName();
        try {
            return Class.forName(name.substring(0, name.length() - "Client".length()) + "AsyncClient");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client of this service that sends to {@code http}. */
    AutoCloseable newClient(SdkHttpClient http) {
        return newClient(
                client, 4566, DEVELOPMENT_KEY, builder -> ((AwsSyncClientBuilder<?, ?>) builder).httpClient(http));
    }

    /** A client that sends to {@code port} of this machine, signing with a key, over whatever it takes by default. */
    AutoCloseable newClient(int port, String accessKeyId, String secretAccessKey) {
        return newClient(client, port, AwsBasicCredentials.create(accessKeyId, secretAccessKey), builder -> {});
    }

    /** An async client that sends to {@code port} of this machine over whatever it takes by default. */
    AutoCloseable newAsyncClient(int port) {
        return newClient(asyncClient(), port, DEVELOPMENT_KEY, builder -> {});
    }

    private static AutoCloseable newClient(Class<?> type, int port, AwsBasicCredentials key, Consumer<Object> http) {
        try {
            Object builder = type.getMethod("builder").invoke(null);
            AwsClientBuilder<?, ?> common = (AwsClientBuilder<?, ?>) builder;
            common.region(Region.US_EAST_1);
            common.credentialsProvider(StaticCredentialsProvider.create(key));
            common.endpointOverride(URI.create("http://localhost:" + port));
            common.overrideConfiguration(configuration -> configuration
                    .retryStrategy(RetryMode.LEGACY)
                    .retryStrategy(strategy -> strategy.maxAttempts(1))
                    .addExecutionInterceptor(new PlainHost())
                    .putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true));
            http.accept(builder);
            configure(builder, "checksumValidationEnabled", false);
            configure(builder, "forcePathStyle", true);
            Method build = builder.getClass().getMethod("build");
            build.setAccessible(true);
            return (AutoCloseable) build.invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    /** Some builders have options of their own. */
    private static void configure(Object builder, String option, boolean value) throws ReflectiveOperationException {
        Method setter = Arrays.stream(builder.getClass().getMethods())
                .filter(method -> method.getName().equals(option)
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {Boolean.class}))
                .findAny()
                .orElse(null);
        if (setter != null) {
            setter.setAccessible(true);
            setter.invoke(builder, value);
        }
    }

    @Override
    public String toString() {
        return model.summary().id();
    }

    /** S3 Control's client writes the account before any host, and not every machine knows subdomains of its own name. */
    private static final class PlainHost implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().copy(request -> request.host("localhost"));
        }
    }
}
