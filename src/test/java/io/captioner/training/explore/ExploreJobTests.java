package io.captioner.training.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.CaptionerApplication;
import io.captioner.training.data.DrawnPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;

class ExploreJobTests {
    @TempDir
    private Path folder;

    @BeforeEach
    void drawFourteenPhotosOfWhichOneIsBrokenAndOneHasAWickedCaption() throws IOException {
        Files.createDirectories(folder.resolve("photos"));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            Files.write(folder.resolve("photos/" + i + ".jpg"), DrawnPictures.jpeg(60 + i, 40, i));
            lines.add("{\"image\": \"%d.jpg\", \"split\": \"%s\", \"captions\": [\"A ball number %d .\", \"%s\"]}"
                    .formatted(i, i < 9 ? "train" : "val", i, "A <script>alert('x')</script> & 100% ball"));
        }
        Files.writeString(folder.resolve("photos/3.jpg"), "no picture");
        Files.write(folder.resolve("captions.jsonl"), lines);
    }

    @Test
    void thePageShowsCountsPhotosAndFaultsAndNeedsNothingElse() throws IOException {
        String page = explore("page.html", 1);

        assertThat(page)
                .startsWith("<!doctype html>")
                .contains("<title>Balls &amp; more</title>")
                .contains("<b>13</b>photos", "<b>26</b>captions", "<b>1</b>faults")
                .contains("<tr><th>train</th><td>8</td><td>16</td>", "<tr><th>val</th><td>5</td><td>10</td>")
                .contains("captions.jsonl, line 4: &#39;3.jpg&#39;: The file is plain text")
                .contains("A &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; 100% ball")
                .doesNotContain("<script", "http:", "https:", "<link", "NaN");
        assertThat(page.split("<figure>", -1)).hasSize(11);
        assertThat(page.split("data:image/jpeg;base64,", -1)).hasSize(11);
    }

    @Test
    void theSeedPicksThePhotos() throws IOException {
        String first = explore("first.html", 1);

        assertThat(explore("second.html", 1)).isEqualTo(first);
        assertThat(explore("third.html", 2)).isNotEqualTo(first);
    }

    private String explore(String name, int seed) throws IOException {
        new SpringApplicationBuilder(CaptionerApplication.class)
                .profiles("training")
                .run(
                        "--captioner.job=explore",
                        "--captioner.explore.name=Balls & more",
                        "--captioner.explore.captions=" + folder.resolve("captions.jsonl"),
                        "--captioner.explore.photos=" + folder.resolve("photos"),
                        "--captioner.explore.output=" + folder.resolve("out/" + name),
                        "--captioner.explore.cache-directory=" + folder.resolve("cache"),
                        "--captioner.explore.seed=" + seed)
                .close();
        return Files.readString(folder.resolve("out/" + name));
    }
}
