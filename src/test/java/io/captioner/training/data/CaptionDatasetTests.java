package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.captioner.jobs.UnusableJobException;
import io.captioner.training.data.CaptionDataset.FaultyDatasetException;
import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.DatasetFault.Kind;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.source.CaptionFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
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

        CaptionDataset dataset = FolderDataset.read(folder, LintMode.STRICT);

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

        assertThat(FolderDataset.read(folder, LintMode.STRICT).photos()).hasSize(1);
    }

    @Test
    void aLenientReadingLeavesOutWhatIsFaultyAndReportsEachFaultWithItsPlace() throws IOException {
        captionsWithAFaultOfEverySort();

        CaptionDataset dataset = FolderDataset.read(folder, LintMode.LENIENT);

        assertThat(dataset.photos())
                .extracting(CaptionedPhoto::image, CaptionedPhoto::split)
                .containsExactly(tuple("a.jpg", Split.VALIDATION));
        assertThat(dataset.faults())
                .extracting(DatasetFault::where, DatasetFault::kind)
                .containsExactlyInAnyOrder(
                        tuple("captions.jsonl, line 2", Kind.BAD_ENTRY),
                        tuple("captions.jsonl, line 3", Kind.BAD_ENTRY),
                        tuple("captions.jsonl, line 4", Kind.DUPLICATE_IMAGE),
                        tuple("captions.jsonl, line 1", Kind.SPLIT_LEAK),
                        tuple("captions.jsonl, line 6", Kind.MISSING_PICTURE),
                        tuple("captions.jsonl, line 7", Kind.EMPTY_CAPTION),
                        tuple("captions.jsonl, line 8", Kind.UNKNOWN_SPLIT),
                        tuple("captions.jsonl, line 9", Kind.UNKNOWN_SPLIT));
    }

    @Test
    void aStrictReadingNamesAllFaultsAtOnce() throws IOException {
        captionsWithAFaultOfEverySort();

        assertThatThrownBy(() -> FolderDataset.read(folder, LintMode.STRICT))
                .isInstanceOfSatisfying(
                        FaultyDatasetException.class,
                        e -> assertThat(e.faults()).hasSize(8))
                .hasMessageContaining("captions.jsonl: 8 fault(s)")
                .hasMessageContaining("line 2: not a JSON object")
                .hasMessageContaining(
                        "line 4: 'a.jpg' in split train has the name of 'a.jpg' in split train (captions.jsonl, line 1)")
                .hasMessageContaining(
                        "line 1: 'a.jpg' in split train has the name of 'a.jpg' in split val (captions.jsonl, line 5)")
                .hasMessageContaining("line 6: 'gone.jpg' is not in")
                .hasMessageContaining("line 7: caption 1 of 1 of 'b.jpg' is blank")
                .hasMessageContaining("line 8: 'c.jpg' has the unknown split 'holdout'")
                .hasMessageContaining("line 9: 'c.jpg' has no split");
    }

    @Test
    void anEmptyCaptionBesideGoodOnesIsLostAlone() throws IOException {
        captions(entry("a.jpg", "train", "\"A dog .\", \"\", \"A cat .\", null"), entry("b.jpg", "train", ""));

        CaptionDataset dataset = FolderDataset.read(folder, LintMode.LENIENT);

        assertThat(dataset.photos()).hasSize(1);
        assertThat(dataset.photos().get(0).captions()).containsExactly("A dog .", "A cat .");
        assertThat(dataset.faults())
                .extracting(DatasetFault::detail)
                .containsExactly(
                        "caption 2 of 4 of 'a.jpg' is blank",
                        "caption 4 of 4 of 'a.jpg' is blank",
                        "'b.jpg' has no caption");
    }

    @Test
    void aLineThatHoldsMoreThanOneObjectOrNoneIsBad() throws IOException {
        captions(entry("a.jpg", "train", "\"A\"") + entry("b.jpg", "train", "\"B\""), "null", "[]", "{}");

        assertThat(FolderDataset.read(folder, LintMode.LENIENT).faults())
                .extracting(DatasetFault::kind)
                .containsOnly(Kind.BAD_ENTRY)
                .hasSize(4);
    }

    @Test
    void aPictureOutsideThePhotosFolderIsMissing() throws IOException {
        Files.createFile(folder.resolve("secret.jpg"));
        captions(
                entry("../secret.jpg", "train", "\"A secret .\""),
                entry(folder.resolve("secret.jpg").toString(), "train", "\"A secret .\""),
                entry("", "train", "\"A folder .\""));

        assertThat(FolderDataset.read(folder, LintMode.LENIENT).faults())
                .extracting(DatasetFault::kind)
                .containsExactly(Kind.MISSING_PICTURE, Kind.MISSING_PICTURE, Kind.MISSING_PICTURE);
    }

    @Test
    void aMissingCaptionsFileIsAnIoError() {
        assertThatThrownBy(() -> FolderDataset.read(folder, LintMode.LENIENT)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void listsOfSplitsChooseAmongCaptionsThatSayNone() throws IOException {
        captions(
                "{\"image\":\"a.jpg\",\"captions\":[\"A dog .\"]}",
                "{\"image\":\"b.jpg\",\"captions\":[\"A cat .\"]}",
                "{\"image\":\"c.jpg\",\"captions\":[\"A bird .\"]}");
        Files.writeString(folder.resolve("train.txt"), "b.jpg\n\n");
        Files.writeString(folder.resolve("test.txt"), "a\nnobody.jpg\n");

        CaptionDataset dataset = read(LintMode.LENIENT, "train=train.txt", "test=test.txt");

        assertThat(dataset.photos())
                .extracting(CaptionedPhoto::image, CaptionedPhoto::split)
                .containsExactly(tuple("a.jpg", Split.TEST), tuple("b.jpg", Split.TRAIN));
        assertThat(dataset.unused()).isEqualTo(1);
        assertThat(dataset.faults())
                .containsExactly(
                        new DatasetFault("test.txt, line 2", Kind.UNKNOWN_IMAGE, "'nobody.jpg' has no captions"));
    }

    @Test
    void listsMayHaveMarksPathsEndingsAndLinesOfWindows() throws IOException {
        captions(
                "{\"image\":\"photos/a.jpg\",\"captions\":[\"A dog .\"]}",
                "{\"image\":\"b.jpg\",\"captions\":[\"A cat .\"]}",
                "{\"image\":\"c\",\"captions\":[\"A bird .\"]}");
        Files.writeString(folder.resolve("train.txt"), "\uFEFFa.jpg\r\nimages\\B\r\n");
        Files.write(folder.resolve("dev.txt"), "\uFEFFc.jpg\r".getBytes(StandardCharsets.UTF_16LE));

        CaptionDataset dataset = read(LintMode.STRICT, "Training=train.txt", "dev=dev.txt");

        assertThat(dataset.photos())
                .extracting(CaptionedPhoto::image, CaptionedPhoto::split)
                .containsExactly(
                        tuple("photos/a.jpg", Split.TRAIN), tuple("b.jpg", Split.TRAIN), tuple("c", Split.VALIDATION));
    }

    @Test
    void listsAndCaptionsMayWriteTheSameNameAsAUrlOrNot() throws IOException {
        Files.move(folder.resolve("photos/a.jpg"), folder.resolve("photos/Café 1.jpg"));
        Files.move(folder.resolve("photos/b.jpg"), folder.resolve("photos/Café 2.jpg"));
        captions(
                "{\"image\":\"Caf%C3%A9%201.jpg\",\"captions\":[\"A dog .\"]}",
                "{\"image\":\"Café 2.jpg\",\"captions\":[\"A cat .\"]}");
        Files.writeString(folder.resolve("train.txt"), "photos/Café 1.JPG\nphotos/Caf%C3%A9%202\n");

        CaptionDataset dataset = read(LintMode.STRICT, "train=train.txt");

        assertThat(dataset.photos()).extracting(CaptionedPhoto::split).containsExactly(Split.TRAIN, Split.TRAIN);
    }

    @Test
    void splitsHaveTheNamesThatOthersGiveThemInAnyCapitals() throws IOException {
        captions(
                entry("a.jpg", "TRAINING", "\"A dog .\""),
                entry("b.jpg", "Valid", "\"A cat .\""),
                entry("c.jpg", "testing", "\"A bird .\""));

        assertThat(FolderDataset.read(folder, LintMode.STRICT).photos())
                .extracting(CaptionedPhoto::split)
                .containsExactly(Split.TRAIN, Split.VALIDATION, Split.TEST);
    }

    @Test
    void anImageInTwoListsIsALeak() throws IOException {
        captions("{\"image\":\"a.jpg\",\"captions\":[\"A dog .\"]}");
        Files.writeString(folder.resolve("train.txt"), "a.jpg\n");
        Files.writeString(folder.resolve("val.txt"), "a.jpg\n");

        CaptionDataset dataset = read(LintMode.LENIENT, "val=val.txt", "train=train.txt");

        assertThat(dataset.photos()).extracting(CaptionedPhoto::split).containsExactly(Split.VALIDATION);
        assertThat(dataset.faults()).extracting(DatasetFault::kind).containsExactly(Kind.SPLIT_LEAK);
    }

    @Test
    void restvalIsTrainedOnOrLeftOutAsAsked() throws IOException {
        captions(entry("a.jpg", "restval", "\"A dog .\""), entry("b.jpg", "val", "\"A cat .\""));
        SplitFile file = SplitFile.of(folder.resolve("captions.jsonl").toString());
        List<Path> photos = List.of(folder.resolve("photos"));

        CaptionDataset with = CaptionDataset.read(
                new DatasetFiles(CaptionFormat.AUTO, List.of(file), photos, List.of(), true), LintMode.STRICT, null);
        CaptionDataset without = CaptionDataset.read(
                new DatasetFiles(CaptionFormat.AUTO, List.of(file), photos, List.of(), false), LintMode.STRICT, null);

        assertThat(with.photos(Split.TRAIN)).extracting(CaptionedPhoto::image).containsExactly("a.jpg");
        assertThat(without.photos()).extracting(CaptionedPhoto::image).containsExactly("b.jpg");
        assertThat(without.unused()).isEqualTo(1);
    }

    @Test
    void aSplitNamedBeforeTheFileIsForImagesThatSayNone() throws IOException {
        captions("{\"image\":\"a.jpg\",\"captions\":[\"A dog .\"]}", entry("b.jpg", "test", "\"A cat .\""));

        CaptionDataset dataset = CaptionDataset.read(
                new DatasetFiles(
                        CaptionFormat.AUTO,
                        List.of(SplitFile.of("val=" + folder.resolve("captions.jsonl"))),
                        List.of(folder.resolve("photos")),
                        List.of(),
                        true),
                LintMode.STRICT,
                null);

        assertThat(dataset.photos()).extracting(CaptionedPhoto::split).containsExactly(Split.VALIDATION, Split.TEST);
    }

    @Test
    void aListThatSaysNoSplitIsRefused() {
        assertThatExceptionOfType(UnusableJobException.class)
                .isThrownBy(() -> read(LintMode.STRICT, "train.txt"))
                .withMessageContaining("write train=");
    }

    private CaptionDataset read(LintMode mode, String... lists) throws IOException {
        List<SplitFile> splits = Arrays.stream(lists)
                .map(SplitFile::of)
                .map(list -> new SplitFile(list.split(), folder.resolve(list.file())))
                .toList();
        SplitFile captions = SplitFile.of(folder.resolve("captions.jsonl").toString());
        return CaptionDataset.read(
                new DatasetFiles(
                        CaptionFormat.JSONL, List.of(captions), List.of(folder.resolve("photos")), splits, true),
                mode,
                null);
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
                entry("c.jpg", "holdout", "\"A dog .\""),
                "{\"image\": \"c.jpg\", \"captions\": [\"A dog .\"]}");
    }

    private void captions(String... lines) throws IOException {
        Files.write(folder.resolve("captions.jsonl"), List.of(lines));
    }

    private static String entry(String image, String split, String captions) {
        return "{\"image\": \"%s\", \"split\": \"%s\", \"captions\": [%s]}".formatted(image, split, captions);
    }
}
