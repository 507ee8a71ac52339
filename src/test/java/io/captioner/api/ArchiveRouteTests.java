package io.captioner.api;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Pictures;
import io.captioner.files.Sha256;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ArchivedTest
class ArchiveRouteTests {
    private final Client client;
    private final Client management;

    ArchiveRouteTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
    }

    @BeforeEach
    void deleteAll() throws Exception {
        for (JsonNode entry : json(client.get("/captions?size=100")).path("entries")) {
            client.send(
                    client.request("/captions/" + entry.path("id").asString()).DELETE());
        }
    }

    @Test
    void everyAnswerHasTheIdOfAnEntryWithItsCaptionAndThumbnail() throws Exception {
        byte[] photo = Pictures.png(Color.BLUE, 400, 100);

        JsonNode result =
                json(client.postParts("", Client.Part.image("sea.png", photo))).at("/results/0");

        String id = result.path("archiveId").asString();
        JsonNode entry = json(client.get("/captions/" + id));
        assertThat(entry.path("text").asString())
                .isEqualTo(result.at("/captions/0/text").asString());
        assertThat(entry.path("sha256").asString()).isEqualTo(Sha256.of(photo));
        assertThat(entry.path("filename").asString()).isEqualTo("sea.png");
        assertThat(entry.path("width").asInt()).isEqualTo(400);
        assertThat(entry.path("model").asString()).startsWith("colours/");
        HttpResponse<byte[]> thumbnail = HttpClient.newHttpClient()
                .send(client.request("/captions/" + id + "/thumbnail").build(), BodyHandlers.ofByteArray());
        assertThat(thumbnail.headers().firstValue("Content-Type")).contains("image/jpeg");
        var picture = ImageIO.read(new ByteArrayInputStream(thumbnail.body()));
        assertThat(picture.getWidth()).isEqualTo(192);
        assertThat(picture.getHeight()).isEqualTo(48);
        assertThat(new Color(picture.getRGB(96, 24)).getBlue()).isGreaterThan(200);
    }

    @Test
    void theSamePhotoIsOneEntryAlsoIfTheCacheAnswers() throws Exception {
        byte[] photo = Pictures.png(Color.RED, 30, 30);

        String first = archiveId(photo);
        String second = archiveId(photo);
        client.send(client.request("/captions/" + first).DELETE());
        String third = archiveId(photo);

        assertThat(second).isEqualTo(first);
        assertThat(third).isEqualTo(first);
        assertThat(json(client.get("/captions")).path("total").asInt()).isEqualTo(1);
        assertThat(client.get("/captions/" + first + "/thumbnail").statusCode()).isEqualTo(200);
    }

    @Test
    void captionsAreFoundByTheirWordsAndTheCorrectionsToo() throws Exception {
        String red = archiveId(Pictures.png(Color.RED, 20, 20));
        String blue = archiveId(Pictures.png(Color.BLUE, 20, 20));
        HttpResponse<String> corrected = client.send(client.request("/captions/" + red + "/correction")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"text\": \" Große Tomaten \"}")));

        assertThat(json(corrected).at("/correction/text").asString()).isEqualTo("Große Tomaten");
        assertThat(ids("/captions?query=blue")).containsExactly(blue);
        assertThat(ids("/captions?query=tomaten")).containsExactly(red);
        assertThat(ids("/captions?sort=oldest&size=1&page=1")).containsExactly(blue);
        assertThat(ids("/captions?minConfidence=1&from=2020-01-01T00:00:00Z")).isEmpty();

        client.send(client.request("/captions/" + red + "/correction").DELETE());
        assertThat(ids("/captions?query=tomaten")).isEmpty();
    }

    @Test
    void anEntryThatIsDeletedIsGoneWithItsThumbnail() throws Exception {
        String id = archiveId(Pictures.png(Color.GREEN, 20, 20));

        assertThat(client.send(client.request("/captions/" + id).DELETE()).statusCode())
                .isEqualTo(204);

        for (HttpResponse<String> gone : List.of(
                client.get("/captions/" + id),
                client.get("/captions/" + id + "/thumbnail"),
                client.send(client.request("/captions/" + id).DELETE()))) {
            assertThat(gone.statusCode()).isEqualTo(404);
            assertThat(gone.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page=-1", "size=0", "size=101", "size=1 0", "page=500&size=20", "minConfidence=1.5",
                "maxConfidence=NaN", "from=yesterday", "from=%2B99999-01-01T00:00:00Z", "sort=best", "sha256=12",
                        "q=dog"
            })
    void aParameterThatCannotBeMeantIsRefusedByName(String query) throws Exception {
        HttpResponse<String> refused = client.get("/captions?" + query.replace(" ", "%20"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("parameter").asString()).isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"text\": \"  \"}", "{\"text\": 1", "{\"txt\": \"a\"}"})
    void aCorrectionWithoutATextIsRefused(String body) throws Exception {
        String id = archiveId(Pictures.png(Color.GREEN, 20, 20));

        HttpResponse<String> refused = client.send(client.request("/captions/" + id + "/correction")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("parameter").asString()).isEqualTo("text");
    }

    @Test
    void aCorrectionThatIsTooLongIsRefused() throws Exception {
        String id = archiveId(Pictures.png(Color.GREEN, 20, 20));

        for (int length : new int[] {2001, 1_000_000}) {
            HttpRequest.Builder request = client.request("/captions/" + id + "/correction")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("{\"text\": \"%s\"}".formatted("a".repeat(length))));
            assertThat(client.send(request).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void thePageHasItsOwnPolicyAndNothingOfAnotherHost() throws Exception {
        HttpResponse<String> page = client.get("/archive/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "img-src 'self' blob:")
                .doesNotContain("unsafe");
        assertThat(page.body()).contains("gallery.js", "href=\"../\"").doesNotContain("http:", "https:", "style=");
        for (String file : new String[] {"gallery.js", "gallery.css"}) {
            HttpResponse<String> response = client.get("/archive/" + file);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).doesNotContain("http:", "https:", "innerHTML");
        }
        assertThat(client.get("/archive").headers().firstValue("Location").orElse(""))
                .endsWith("/archive/");
    }

    @Test
    void healthAndMetersShowTheArchive() throws Exception {
        archiveId(Pictures.png(Color.RED, 20, 20));

        JsonNode health = json(management.get("/actuator/health")).at("/components/archive");
        assertThat(health.path("status").asString()).isEqualTo("UP");
        assertThat(health.at("/details/entries").asInt()).isEqualTo(1);
        assertThat(management.get("/actuator/prometheus").body())
                .containsPattern("captioner_archive_written_changes_total\\S* [1-9]")
                .contains("captioner_archive_missed_answers_total", "captioner_archive_commit_seconds_bucket");
    }

    @Test
    void theDescriptionHasTheRoutes() throws Exception {
        JsonNode paths = json(client.get("/v3/api-docs")).path("paths");

        assertThat(paths.path("/captions").propertyNames()).contains("get", "post");
        assertThat(paths.propertyNames())
                .contains("/captions/{id}", "/captions/{id}/thumbnail", "/captions/{id}/correction");
    }

    private String archiveId(byte[] photo) throws Exception {
        String id = json(client.postBody("", "image/png", photo))
                .at("/results/0/archiveId")
                .asString("");
        assertThat(id).matches("[0-9a-f]{32}");
        return id;
    }

    private List<String> ids(String path) throws Exception {
        return json(client.get(path))
                .path("entries")
                .valueStream()
                .map(entry -> entry.path("id").asString())
                .toList();
    }
}
