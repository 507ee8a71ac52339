package io.captioner.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Pictures;
import java.awt.Color;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks JSON to the service, as clients of other programs do. */
public final class JsonClient {
    public static final String RED = base64(Color.RED);
    public static final String BLUE = base64(Color.BLUE);
    /** A picture for which the fake model has no words. */
    public static final String BLACK = base64(Color.BLACK);

    private final Client client;

    public JsonClient(Environment environment) {
        this(Integer.parseInt(Objects.requireNonNull(environment.getProperty("local.server.port"))));
    }

    public JsonClient(int port) {
        this.client = new Client(port);
    }

    public static String base64(Color colour) {
        return Base64.getEncoder().encodeToString(Pictures.png(colour, 40, 20));
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = client.request(path).GET();
        return client.send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Sends a body in which single quotes stand for double ones. */
    public HttpResponse<String> post(String path, String json, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = client.request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.replace('\'', '"')));
        return client.send(headers.length == 0 ? request : request.headers(headers));
    }

    public HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(client.request(path).method(method, BodyPublishers.noBody()));
    }

    /** Sends a body like {@link #post}, and returns the JSON of its answer with status 200. */
    public JsonNode ok(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Client.json(response);
    }

    /** Returns the documents of a body of JSON lines. */
    public static List<JsonNode> lines(HttpResponse<String> response) {
        return response.body()
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }
}
