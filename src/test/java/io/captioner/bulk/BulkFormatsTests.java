package io.captioner.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Jobs;
import io.captioner.Pictures;
import io.captioner.bulk.Sidecars.Naming;
import io.captioner.model.ColourBundle;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the caption job writes besides its lines. */
@ExtendWith(OutputCaptureExtension.class)
class BulkFormatsTests {
    private static final int PHOTOS = 6;

    @TempDir
    private Path directory;

    private Path photos;
    private Path bundle;
    private final Sidecars sidecars = new Sidecars(Naming.FULL_NAME);

    @BeforeEach
    void drawPhotos() throws IOException {
        bundle = new ColourBundle().write(directory.resolve("models"), "colours", "1");
        photos = Files.createDirectory(directory.resolve("photos"));
        for (int i = 0; i < PHOTOS; i++) {
            Files.write(photos.resolve(i + ".png"), Pictures.png(i % 2 == 0 ? Color.RED : Color.BLUE, 16, 12 + i));
        }
    }

    @Test
    void everyPhotoGetsASidecarAndStaysAsItIs() throws IOException {
        byte[] photo = Files.readAllBytes(photos.resolve("0.png"));

        assertThat(run("--captioner.bulk.format=xmp")).isZero();

        for (int i = 0; i < PHOTOS; i++) {
            assertThat(description(i)).isEqualTo(i % 2 == 0 ? "red red" : "blue blue");
        }
        assertThat(photos.resolve("0.png")).hasBinaryContent(photo);
        assertThat(lines()).hasSize(PHOTOS);
        assertThat(names()).hasSize(2 * PHOTOS);
    }

    @Test
    void aPhotoWithADescriptionIsLeftOutUnlessToldOtherwise() throws IOException {
        sidecars.write(photos.resolve("0.png"), "my own words");

        assertThat(run("--captioner.bulk.format=xmp")).isZero();
        assertThat(description(0)).isEqualTo("my own words");
        assertThat(lines()).hasSize(PHOTOS - 1);

        assertThat(run("--captioner.bulk.format=xmp", "--captioner.bulk.skip-described=false"))
                .isZero();
        assertThat(description(0)).isEqualTo("red red");
        assertThat(lines()).hasSize(PHOTOS);
    }

    @Test
    void aKilledJobGoesOnWithThePhotosThatHaveNoSidecarOrLine() throws IOException {
        run("--captioner.bulk.format=xmp");
        Path file = directory.resolve("out/part-00000-of-00001.jsonl");
        List<String> lines = Files.readAllLines(file);
        Files.writeString(file, lines.get(0) + "\n" + lines.get(1).substring(0, 20)); // killed while it wrote a line
        Files.delete(photos.resolve("5.png.xmp"));
        Files.writeString(photos.resolve(".5.png.xmp.writing"), "<x:xmpm"); // and while it wrote a sidecar

        assertThat(run("--captioner.bulk.format=xmp")).isZero();

        assertThat(lines()).hasSize(2).startsWith(lines.get(0));
        for (int i = 0; i < PHOTOS; i++) {
            assertThat(description(i)).isNotNull();
        }
        assertThat(names()).hasSize(2 * PHOTOS);
    }

    @Test
    void aSidecarThatCannotBeReadIsLeftAloneAndStopsNoOther(CapturedOutput output) throws IOException {
        Path broken = Files.writeString(photos.resolve("1.png.xmp"), "broken");

        assertThat(run("--captioner.bulk.format=xmp")).isZero();

        assertThat(broken).hasContent("broken");
        assertThat(lines()).hasSize(PHOTOS - 1);
        assertThat(output).contains("1.png: no caption is written", "captioned 5 photos, 1 more have an error");
    }

    @Test
    void aDryRunShowsWhatWouldBeWrittenAndWritesNothing(CapturedOutput output) throws IOException {
        sidecars.write(photos.resolve("0.png"), "my own words");

        assertThat(run("--captioner.bulk.format=xmp", "--captioner.bulk.dry-run=true"))
                .isZero();

        assertThat(names()).hasSize(PHOTOS + 1);
        assertThat(directory.resolve("out")).doesNotExist();
        assertThat(output)
                .contains("would write " + photos.resolve("1.png.xmp") + ": blue blue")
                .contains("would caption 5 photos, 0 more have an error, 1 have a description")
                .doesNotContain("0.png.xmp: red");
    }

    @Test
    void aTableHasARecordForEachPhotoAndIsMadeAgainByEachRun() throws IOException {
        Files.writeString(photos.resolve("a \"broken\", file.png"), "no picture");
        assertThat(run("--captioner.bulk.format=csv")).isZero();
        Files.write(photos.resolve("new.png"), Pictures.png(Color.RED, 9, 9));
        assertThat(run("--captioner.bulk.format=csv")).isZero();

        try (CSVParser table = CSVParser.parse(
                directory.resolve("out/part-00000-of-00001.csv"),
                StandardCharsets.UTF_8,
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            List<CSVRecord> records = table.getRecords();
            assertThat(records).hasSize(PHOTOS + 2);
            assertThat(records)
                    .filteredOn(entry -> entry.get("path").equals("new.png"))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.get("caption")).isEqualTo("red red"));
            assertThat(records)
                    .filteredOn(entry -> entry.get("path").equals("a \"broken\", file.png"))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.get("errorReason")).isEqualTo("NOT_AN_IMAGE"));
        }
    }

    private String description(int photo) throws IOException {
        return String.valueOf(sidecars.description(photos.resolve(photo + ".png")));
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("out/part-00000-of-00001.jsonl"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(photos)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }

    private int run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.profiles.active=jobs",
                "--captioner.job=caption",
                "--captioner.bulk.batch-size=2",
                "--captioner.bulk.output=" + directory.resolve("out"),
                "--captioner.bulk.bundle=" + bundle,
                "--captioner.bulk.photos=" + photos));
        arguments.addAll(List.of(more));
        return Jobs.run(arguments.toArray(String[]::new));
    }
}
