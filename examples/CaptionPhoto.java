import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Captions photos, one request for each.
 *
 * <pre>java examples/CaptionPhoto.java http://localhost:8080 docs/images/dog.jpg</pre>
 *
 * The environment variable CAPTIONER_KEY is the API key, where the service requires one.
 */
public final class CaptionPhoto {
    private static final int ATTEMPTS = 4;

    /** The JDK has no JSON parser; a program of yours would use its JSON library. */
    private static final Pattern TEXT = Pattern.compile("\"text\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private CaptionPhoto() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: java CaptionPhoto.java URL PHOTO...");
            System.exit(2);
        }
        try {
            captionAll(arguments);
        } catch (ConnectException e) {
            System.err.println(arguments[0] + " does not answer");
            System.exit(1);
        }
    }

    private static void captionAll(String[] arguments) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 1; i < arguments.length; i++) {
            HttpResponse<String> response = send(client, arguments[0], Path.of(arguments[i]));
            Matcher text = TEXT.matcher(response.body());
            if (response.statusCode() != 200 || !text.find()) {
                System.err.println(arguments[i] + ": " + response.body());
                System.exit(1);
            }
            System.out.println(arguments[i] + ": " + text.group(1));
        }
    }

    /** Sends one photo; tries again when the service is full (429) or not ready (503), after the time it names. */
    private static HttpResponse<String> send(HttpClient client, String service, Path photo)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service + "/captions?attention=none"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofFile(photo));
        String key = System.getenv("CAPTIONER_KEY");
        if (key != null) {
            request.header("X-API-Key", key);
        }
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean busy = response.statusCode() == 429 || response.statusCode() == 503;
            if (!busy || attempt == ATTEMPTS) {
                return response;
            }
            Thread.sleep(1000 * response.headers().firstValueAsLong("Retry-After").orElse(attempt));
        }
    }
}
