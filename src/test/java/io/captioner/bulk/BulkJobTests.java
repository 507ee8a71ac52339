package io.captioner.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Jobs;
import io.captioner.Pictures;
import io.captioner.model.ColourBundle;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BulkJobTests {
    private static final int PHOTOS = 12;

    @TempDir
    private Path directory;

    private Path bundle;

    @BeforeEach
    void drawPhotos() throws IOException {
        bundle = new ColourBundle().write(directory.resolve("models"), "colours", "1");
        for (int i = 0; i < PHOTOS; i++) {
            Path photo = directory.resolve("photos/%d/%02d.png".formatted(i % 3, i));
            Files.createDirectories(photo.getParent());
            Files.write(photo, Pictures.png(new Color(i * 20, 40, 255 - i * 20), 16, 12));
        }
        Files.writeString(directory.resolve("photos/broken.png"), "no picture");
    }

    @Test
    void everyPhotoOfTheFolderHasALine() throws IOException {
        assertThat(run()).isZero();

        Map<String, JsonNode> lines = lines("part-00000-of-00001.jsonl");
        assertThat(lines).hasSize(PHOTOS + 1);
        assertThat(line(lines, "0/00.png").path("caption").asString()).isEqualTo("blue blue");
        assertThat(line(lines, "0/00.png")
                        .path("words")
                        .path(0)
                        .path("probability")
                        .asDouble())
                .isBetween(0.1, 1.0);
        assertThat(line(lines, "0/00.png").path("model").asString()).isEqualTo("colours/1");
        assertThat(line(lines, "0/00.png").path("error").isNull()).isTrue();
        assertThat(line(lines, "broken.png").path("error").path("reason").asString())
                .isEqualTo("NOT_AN_IMAGE");
    }

    @Test
    void theShardsTogetherHaveEveryPhotoOnce() throws IOException {
        List<String> paths = new ArrayList<>();
        for (int shard = 0; shard < 3; shard++) {
            assertThat(run("--captioner.bulk.shard=%d/3".formatted(shard))).isZero();
            paths.addAll(lines("part-0000%d-of-00003.jsonl".formatted(shard)).keySet());
        }

        assertThat(paths).hasSize(PHOTOS + 1).doesNotHaveDuplicates();
    }

    @Test
    void aKilledShardGoesOnWhereItsLastLineWasCutOff() throws IOException {
        run();
        Path file = directory.resolve("out/part-00000-of-00001.jsonl");
        Map<String, JsonNode> whole = lines("part-00000-of-00001.jsonl");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        List<String> kept = completeLines(file);

        assertThat(run()).isZero();

        assertThat(Files.readAllLines(file)).hasSize(PHOTOS + 1).startsWith(kept.toArray(String[]::new));
        assertThat(lines("part-00000-of-00001.jsonl")).isEqualTo(whole);
    }

    @Test
    void aPhotoThatWasReplacedIsCaptionedAgainAndNoOther() throws IOException {
        run();
        Files.write(directory.resolve("photos/1/04.png"), Pictures.png(Color.RED, 50, 50));

        assertThat(run()).isZero();

        List<String> lines = Files.readAllLines(directory.resolve("out/part-00000-of-00001.jsonl"));
        assertThat(lines).hasSize(PHOTOS + 2);
        assertThat(lines.get(PHOTOS + 1)).contains("\"1/04.png\"", "\"red red\"");
    }

    @Test
    void onlyPhotosOfTheListAreCaptioned() throws IOException {
        Path list = Files.writeString(directory.resolve("list.txt"), "2/02.png\n\n0/03.png\n2/02.png\nnot-there.png\n");

        assertThat(run("--captioner.bulk.list=" + list)).isZero();

        assertThat(lines("part-00000-of-00001.jsonl")).containsOnlyKeys("0/03.png", "2/02.png");
    }

    @Test
    void captionsOfAnotherSearchAreNotMixedIn() throws IOException {
        run();
        byte[] before = Files.readAllBytes(directory.resolve("out/part-00000-of-00001.jsonl"));

        assertThat(run("--captioner.bulk.beam-width=1")).isEqualTo(2);

        assertThat(directory.resolve("out/part-00000-of-00001.jsonl")).hasBinaryContent(before);
    }

    @Test
    void whatIsWrongWithTheSettingsEndsWithTwo() {
        assertThat(run("--captioner.bulk.shard=3/3")).isEqualTo(2);
        assertThat(run("--captioner.bulk.beam-width=11")).isEqualTo(2);
        assertThat(run("--captioner.bulk.photos=" + directory.resolve("nothing")))
                .isEqualTo(2);
        assertThat(run("--captioner.bulk.bundle=" + directory.resolve("nothing")))
                .isEqualTo(2);
    }

    private int run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.profiles.active=jobs",
                "--captioner.job=caption",
                "--captioner.bulk.batch-size=2",
                "--captioner.bulk.output=" + directory.resolve("out")));
        // The first of a property that is given twice does not win: both would be taken for a list.
        Map<String, String> defaults = new TreeMap<>(Map.of(
                "--captioner.bulk.bundle", bundle.toString(),
                "--captioner.bulk.photos", directory.resolve("photos").toString()));
        for (String argument : more) {
            defaults.remove(argument.substring(0, argument.indexOf('=')));
            arguments.add(argument);
        }
        defaults.forEach((name, value) -> arguments.add(name + "=" + value));
        return Jobs.run(arguments.toArray(String[]::new));
    }

    private Map<String, JsonNode> lines(String file) throws IOException {
        Map<String, JsonNode> lines = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve("out").resolve(file))) {
            JsonNode node = JsonMapper.shared().readTree(line);
            assertThat(lines.put(node.path("path").asString(), node)).isNull();
        }
        return lines;
    }

    private static JsonNode line(Map<String, JsonNode> lines, String path) {
        JsonNode line = lines.get(path);
        assertThat(line).as(path).isNotNull();
        return Objects.requireNonNull(line);
    }

    private static List<String> completeLines(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        try (Stream<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines()) {
            return lines.toList();
        }
    }

    @Test
    void loopsOfLinksAndClutterArePassedOver() throws IOException {
        Files.createSymbolicLink(directory.resolve("photos/0/up"), Path.of(".."));
        Files.createSymbolicLink(directory.resolve("photos/gone.png"), Path.of("nowhere.png"));
        for (String clutter : List.of("@eaDir/a.png", "Thumbs.db", "lost+found/b.png", "._0.png")) {
            Path file = directory.resolve("photos").resolve(clutter);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "no picture");
        }

        assertThat(run()).isZero();

        assertThat(lines("part-00000-of-00001.jsonl")).hasSize(PHOTOS + 1);
    }

    @Test
    void aPatternThatIsNoneEndsWithTwo() {
        assertThat(run("--captioner.bulk.glob=*.{jpg")).isEqualTo(2);
    }
}
