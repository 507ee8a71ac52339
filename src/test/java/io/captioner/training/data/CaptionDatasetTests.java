package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.captioner.training.data.DatasetFault.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptionDatasetTests {
    @TempDir
    Path folder;

    @BeforeEach
    void threePicturesLieInTheFolder() throws IOException {
        Files.createDirectory(folder.resolve("photos"));
        for (String image : List.of("a.jpg", "b.jpg", "c.jpg")) {
            Files.createFile(folder.resolve("photos").resolve(image));
        }
    }

    @Test
    void photosComeInTheOrderOfTheLinesWithTheirCaptionsAsWritten() throws IOException {
        captions(
                entry("b.jpg", "train", "\"A dog runs .\", \"Un café\""),
                entry("a.jpg", "val", "\"A cat .\""),
                "",
                entry("c.jpg", "test", "\"A bird .\""));

        CaptionDataset dataset = CaptionDataset.read(folder, LintMode.STRICT);

        assertThat(dataset.photos())
                .containsExactly(
                        new CaptionedPhoto(
                                "b.jpg",
                                folder.resolve("photos/b.jpg"),
                                Split.TRAIN,
                                List.of("A dog runs .", "Un café")),
                        new CaptionedPhoto(
                                "a.jpg", folder.resolve("photos/a.jpg"), Split.VALIDATION, List.of("A cat .")),
                        new CaptionedPhoto("c.jpg", folder.resolve("photos/c.jpg"), Split.TEST, List.of("A bird .")));
        assertThat(dataset.photos(Split.VALIDATION))
                .extracting(CaptionedPhoto::image)
                .containsExactly("a.jpg");
        assertThat(dataset.faults()).isEmpty();
    }

    @Test
    void propertiesItDoesNotKnowArePassedOver() throws IOException {
        captions("{\"image\":\"a.jpg\",\"license\":\"CC0\",\"split\":\"train\",\"captions\":[\"A dog .\"]}");

        assertThat(CaptionDataset.read(folder, LintMode.STRICT).photos()).hasSize(1);
    }

    @Test
    void aLenientReadingLeavesFaultyEntriesOutAndReportsEachWithItsLine() throws IOException {
        captionsWithAFaultOfEverySort();

        CaptionDataset dataset = CaptionDataset.read(folder, LintMode.LENIENT);

        assertThat(dataset.photos()).extracting(CaptionedPhoto::image).containsExactly("a.jpg");
        assertThat(dataset.faults())
                .extracting(DatasetFault::line, DatasetFault::kind)
                .containsExactly(
                        tuple(2, Kind.BAD_LINE),
                        tuple(3, Kind.BAD_LINE),
                        tuple(4, Kind.DUPLICATE_IMAGE),
                        tuple(5, Kind.SPLIT_LEAK),
                        tuple(6, Kind.MISSING_PICTURE),
                        tuple(7, Kind.EMPTY_CAPTION),
                        tuple(8, Kind.UNKNOWN_SPLIT));
    }

    @Test
    void aStrictReadingNamesAllFaultsAtOnce() throws IOException {
        captionsWithAFaultOfEverySort();

        assertThatThrownBy(() -> CaptionDataset.read(folder, LintMode.STRICT))
                .isInstanceOfSatisfying(
                        FaultyDatasetException.class,
                        e -> assertThat(e.faults()).hasSize(7))
                .hasMessageContaining("captions.jsonl has 7 fault(s)")
                .hasMessageContaining("line 2: not a JSON object")
                .hasMessageContaining("line 4: 'a.jpg' already stands in line 1")
                .hasMessageContaining("line 5: 'a.jpg' is in split val but already in split train in line 1")
                .hasMessageContaining("line 6: 'gone.jpg' is not in")
                .hasMessageContaining("line 7: 'b.jpg' has no caption or a blank one")
                .hasMessageContaining("line 8: 'c.jpg' has the unknown split 'training'");
    }

    @Test
    void noOrNullCaptionsAreEmptyOnes() throws IOException {
        captions(
                entry("a.jpg", "train", ""),
                entry("b.jpg", "train", "null"),
                entry("c.jpg", "train", "\"A dog\", \"\""));

        assertThat(CaptionDataset.read(folder, LintMode.LENIENT).faults())
                .extracting(DatasetFault::kind)
                .containsExactly(Kind.EMPTY_CAPTION, Kind.EMPTY_CAPTION, Kind.EMPTY_CAPTION);
    }

    @Test
    void aLineThatHoldsMoreThanOneObjectOrNoneIsBad() throws IOException {
        captions(entry("a.jpg", "train", "\"A\"") + entry("b.jpg", "train", "\"B\""), "null", "[]", "{}");

        assertThat(CaptionDataset.read(folder, LintMode.LENIENT).faults())
                .extracting(DatasetFault::kind)
                .containsOnly(Kind.BAD_LINE)
                .hasSize(4);
    }

    @Test
    void aPictureOutsideThePhotosFolderIsMissing() throws IOException {
        Files.createFile(folder.resolve("secret.jpg"));
        captions(entry("../secret.jpg", "train", "\"A secret .\""), entry("", "train", "\"A folder .\""));

        assertThat(CaptionDataset.read(folder, LintMode.LENIENT).faults())
                .extracting(DatasetFault::kind)
                .containsExactly(Kind.MISSING_PICTURE, Kind.MISSING_PICTURE);
    }

    @Test
    void aMissingCaptionsFileIsAnIoError() {
        assertThatThrownBy(() -> CaptionDataset.read(folder, LintMode.LENIENT)).isInstanceOf(NoSuchFileException.class);
    }

    private void captionsWithAFaultOfEverySort() throws IOException {
        captions(
                entry("a.jpg", "train", "\"A dog .\""),
                "{\"image\": \"b.jpg\", ",
                "{\"image\": \"b.jpg\", \"split\": \"train\"}",
                entry("a.jpg", "train", "\"A dog .\""),
                entry("a.jpg", "val", "\"A dog .\""),
                entry("gone.jpg", "train", "\"A dog .\""),
                entry("b.jpg", "train", "\" \""),
                entry("c.jpg", "training", "\"A dog .\""));
    }

    private void captions(String... lines) throws IOException {
        Files.write(folder.resolve("captions.jsonl"), List.of(lines));
    }

    private static String entry(String image, String split, String captions) {
        return "{\"image\": \"%s\", \"split\": \"%s\", \"captions\": [%s]}".formatted(image, split, captions);
    }
}
