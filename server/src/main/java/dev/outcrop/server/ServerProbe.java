package dev.outcrop.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a running server how it is, without credentials. */
final class ServerProbe {
    private final URI endpoint;
    private final String health;

    private ServerProbe(URI endpoint, String health) {
        this.endpoint = endpoint;
        this.health = health;
    }

    /**
     * The server at {@code endpoint}.
     *
     * @throws StartException if none answers there
     */
    static ServerProbe at(URI endpoint) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build()) {
            HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/_outcrop/health"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new StartException(
                        ExitCode.UNAVAILABLE, endpoint + " answers, but is not a healthy Outcrop: " + response.body());
            }
            return new ServerProbe(endpoint, response.body());
        } catch (IOException _) {
            throw new StartException(ExitCode.UNAVAILABLE, unreachable(endpoint));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StartException(ExitCode.UNAVAILABLE, "interrupted while asking " + endpoint);
        }
    }

    static String unreachable(URI endpoint) {
        return "no Outcrop answers at " + endpoint + ": start one with 'outcrop up', or say where with --endpoint";
    }

    /** The id of the model that answers where no other is asked for. */
    String defaultTextModel() {
        try (JsonParser parser = new JsonFactory().createParser(health)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME
                        && parser.currentName().equals("textModel")
                        && parser.nextToken() == JsonToken.VALUE_STRING) {
                    return parser.getText();
                }
            }
        } catch (IOException failure) {
            throw new StartException(
                    ExitCode.UNAVAILABLE, endpoint + " answers something that is not JSON: " + failure);
        }
        throw new StartException(
                ExitCode.NOT_FOUND,
                endpoint + " has no text model installed: see 'outcrop models list' and 'outcrop models pull ID'");
    }
}
