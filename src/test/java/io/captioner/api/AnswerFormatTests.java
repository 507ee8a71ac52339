package io.captioner.api;

import static io.captioner.Client.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Client.Part;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ServedTest
class AnswerFormatTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final byte[] BLUE = Pictures.png(Color.BLUE, 30, 30);

    private final Client client;

    AnswerFormatTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
    }

    @Test
    void plainTextIsTheCaptionAndALineEnd() throws Exception {
        HttpResponse<String> response = post("text/plain", "", Part.image("red.png", RED));

        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain;charset=UTF-8");
        assertThat(response.body()).isEqualTo("a red picture\n");
    }

    @Test
    void plainTextOfSeveralImagesNamesThem() throws Exception {
        assertThat(post("text/plain", "?alternatives=2", Part.image("röt\t1.png", RED), new Part("image", null, BLUE))
                        .body())
                .isEqualTo("""
                        röt 1.png\ta red picture
                        röt 1.png\ta red picture again
                        image 2\ta blue picture
                        image 2\ta blue picture again
                        """);
    }

    @Test
    void aWithheldCaptionIsItsReasonForPeopleAndEmptyInData() throws Exception {
        Part red = Part.image("red.png", RED);
        String withheld = "The confidence is 0.315, below minConfidence, 0.900: lower it to see the caption.";

        assertThat(post("text/plain", "?minConfidence=0.9", red).body()).isEqualTo(withheld + "\n");
        assertThat(post("text/html", "?minConfidence=0.9", red).body())
                .contains(withheld)
                .doesNotContain("null");
        assertThat(post("text/csv", "?minConfidence=0.9", red).body()).contains("0,red.png,1,,-3.4");
        assertThat(post("text/event-stream", "?minConfidence=0.9", red).body()).contains("\"text\":null");
        assertThat(post("image/png", "?minConfidence=0.9", red).statusCode()).isEqualTo(200);
    }

    @Test
    void csvHasARowForEachCaption() throws Exception {
        HttpResponse<String> response =
                post("text/csv", "?alternatives=2", Part.image("=1, 2.png", RED), Part.image("b.png", BLUE));

        assertThat(response.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(response.body().split("\r\n", -1))
                .containsExactly(
                        "image,filename,rank,caption,log_probability,confidence,width,height,model,version",
                        "0,\"'=1, 2.png\",1,a red picture,-3.465736,0.31498027,40,20,colours,3",
                        "0,\"'=1, 2.png\",2,a red picture again,-4.8520303,0.29730177,40,20,colours,3",
                        "1,b.png,1,a blue picture,-3.465736,0.31498027,30,30,colours,3",
                        "1,b.png,2,a blue picture again,-4.8520303,0.29730177,30,30,colours,3",
                        "");
    }

    @Test
    void eventsComeWordByWordWithTheirMaps() throws Exception {
        HttpResponse<String> response = post("text/event-stream", "", Part.image("red.png", RED));

        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        List<MatchResult> events = Pattern.compile("event: (\\w+)\ndata: (.*)\n\n")
                .matcher(response.body())
                .results()
                .toList();
        assertThat(events.stream().map(event -> event.group(1)))
                .containsExactly("image", "word", "word", "word", "caption", "done");
        JsonNode word = JsonMapper.shared().readTree(events.get(2).group(2));
        assertThat(word.propertyNames())
                .containsExactlyInAnyOrder("image", "rank", "index", "word", "probability", "attention");
        assertThat(word.path("word").asString()).isEqualTo("red");
        assertThat(word.path("index").asInt()).isEqualTo(1);
        assertThat(word.at("/attention/grid/weights/0/1").asDouble()).isBetween(0.69, 0.71);
        assertThat(events.get(4).group(2)).contains("\"text\":\"a red picture\"");
        assertThat(JsonMapper.shared().readTree(events.get(5).group(2)).propertyNames())
                .containsExactlyInAnyOrder("model", "options", "timing");
        assertThat(post("text/event-stream", "?attention=none", Part.image("red.png", RED))
                        .body())
                .doesNotContain("attention\"");
    }

    @Test
    void aPngHasThePhotoAndAPanelForEachWord() throws Exception {
        BufferedImage one = png("?attention=none", Part.image("red.png", RED));
        BufferedImage two = png("", Part.image("red.png", RED), Part.image("blue.png", BLUE));

        assertThat(isColour(one, Color.RED)).isTrue();
        assertThat(one.getWidth()).isGreaterThan(4 * 240);
        assertThat(one.getHeight()).isBetween(120, 240);
        assertThat(isColour(two, Color.RED) && isColour(two, Color.BLUE)).isTrue();
        assertThat(two.getHeight()).isGreaterThan(one.getHeight() + 240);
    }

    @Test
    void withoutAttentionAPngHasThePhotoOnly() throws Exception {
        BufferedImage sheet = png("?model=blind", Part.image("red.png", RED));

        assertThat(sheet.getWidth()).isLessThan(2 * 240);
        assertThat(isColour(sheet, Color.RED)).isTrue();
    }

    @Test
    void aReportIsAPageThatNeedsNothingElse() throws Exception {
        HttpResponse<String> response =
                post("text/html", "?alternatives=3", Part.image("<script>.png", RED), Part.image("b.png", BLUE));

        assertThat(response.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(response.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'none'", "img-src data:", "style-src 'unsafe-inline'")
                .doesNotContain("script-src");
        String page = response.body();
        assertThat(page)
                .contains("<h2>a red picture</h2>", "a blue picture again", "&lt;script&gt;.png", "40 × 20")
                .doesNotContain("<script", "http:", "https:", "<link", "url(");
        List<String> pictures = Pattern.compile("<img alt=\"[^\"]+\" src=\"data:image/jpeg;base64,([^\"]+)\">")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(pictures).hasSize(2 + 2 * 3);
        BufferedImage photo =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(pictures.get(0))));
        assertThat(photo.getWidth()).isEqualTo(2 * photo.getHeight());
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/plain", "text/html", "text/csv", "text/event-stream"})
    void errorsAreProblemsInEveryFormat(String type) throws Exception {
        for (Part part : List.of(
                Part.image("no.png", "rubbish".getBytes(UTF_8)),
                Part.image("white.png", Pictures.png(Color.WHITE, 9, 9)),
                Part.image("black.png", Pictures.png(Color.BLACK, 9, 9)))) {
            HttpResponse<String> response = post(type, "", part);
            assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(json(response).path("type").asString()).startsWith("urn:captioner:problem:");
        }
        assertThat(json(post(type, "?beamWidth=11", Part.image("red.png", RED)))
                        .path("parameter")
                        .asString())
                .isEqualTo("beamWidth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/jpeg", "application/xml", "*/*;q=0", "nonsense"})
    void anotherMediaTypeIsRefusedWithWhatIsOffered(String type) throws Exception {
        HttpResponse<String> response = post(type, "", Part.image("red.png", RED));

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).path("detail").asString())
                .contains("application/json, text/plain, text/html, image/png, text/csv, text/event-stream");
    }

    private BufferedImage png(String query, Part... parts) throws Exception {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        client.form("/captions" + query, parts)
                                .header("Accept", "image/png")
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("image/png");
        return ImageIO.read(new ByteArrayInputStream(response.body()));
    }

    private static boolean isColour(BufferedImage image, Color colour) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels).filter(pixel -> pixel == colour.getRGB()).count() > 1000;
    }

    private HttpResponse<String> post(String accept, String query, Part... parts) throws Exception {
        return client.send(client.form("/captions" + query, parts).header("Accept", accept));
    }
}
