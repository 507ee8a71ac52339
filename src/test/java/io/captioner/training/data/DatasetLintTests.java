package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.training.data.CaptionDataset.FaultyDatasetException;
import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.DatasetFault.Kind;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.source.CaptionFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetLintTests {
    @TempDir
    private Path folder;

    private final Map<String, byte[]> pictures = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    @Test
    void aCorruptAMissingAnEmptyAndALeakedOneAreEachNamedAndNothingElseIsLost() throws IOException {
        fourGoodPhotosAndAFaultOfEachSort();
        DatasetFiles files = inAFolder();

        CaptionDataset lenient = CaptionDataset.read(files, LintMode.LENIENT, validator());

        assertThat(lenient.photos())
                .extracting(
                        CaptionedPhoto::image,
                        CaptionedPhoto::split,
                        photo -> photo.captions().size())
                .containsExactly(
                        tuple("one.jpg", Split.TRAIN, 5),
                        tuple("two.jpg", Split.TRAIN, 5),
                        tuple("blank.jpg", Split.TRAIN, 4),
                        tuple("three.jpg", Split.VALIDATION, 5),
                        tuple("four.jpg", Split.TEST, 5));
        assertThat(lenient.faults())
                .extracting(DatasetFault::where, DatasetFault::kind)
                .containsExactlyInAnyOrder(
                        tuple("captions.jsonl, line 3", Kind.BROKEN_PICTURE),
                        tuple("captions.jsonl, line 4", Kind.MISSING_PICTURE),
                        tuple("captions.jsonl, line 5", Kind.EMPTY_CAPTION),
                        tuple("captions.jsonl, line 6", Kind.SPLIT_LEAK),
                        tuple("captions.jsonl, line 7", Kind.DUPLICATE_IMAGE));
        assertThatExceptionOfType(FaultyDatasetException.class)
                .isThrownBy(() -> CaptionDataset.read(files, LintMode.STRICT, validator()))
                .withMessageContaining("'corrupt.jpg': The picture cannot be decoded")
                .withMessageContaining("'missing.jpg' is not in")
                .withMessageContaining("caption 3 of 5 of 'blank.jpg' is blank")
                .withMessageContaining(
                        "'leaked.jpg' in split train is the same picture as 'four.jpg' in split test (captions.jsonl, line 9)")
                .withMessageContaining("'again.jpg' in split train is the same picture as 'one.jpg' in split train")
                .satisfies(e -> assertThat(e.faults()).hasSize(5));
    }

    @Test
    void thePicturesOfAnArchiveAreReadAndLintedInPlace() throws IOException {
        fourGoodPhotosAndAFaultOfEachSort();
        DatasetFiles inAFolder = inAFolder();
        DatasetFiles inAnArchive = inAnArchive();

        try (CaptionDataset fromFolder = CaptionDataset.read(inAFolder, LintMode.LENIENT, validator());
                CaptionDataset fromArchive = CaptionDataset.read(inAnArchive, LintMode.LENIENT, validator())) {
            assertThat(fromArchive.photos())
                    .extracting(CaptionedPhoto::image, CaptionedPhoto::captions)
                    .isEqualTo(fromFolder.photos().stream()
                            .map(photo -> tuple(photo.image(), photo.captions()))
                            .toList());
            assertThat(fromArchive.faults())
                    .extracting(DatasetFault::kind)
                    .isEqualTo(
                            fromFolder.faults().stream().map(DatasetFault::kind).toList());
            CaptionedPhoto photo = fromArchive.photos().get(0);
            assertThat(Files.readAllBytes(photo.file())).isEqualTo(pictures.get(photo.image()));
        }
        assertThat(folder.resolve("photos.zip")).exists();
    }

    @Test
    void aDataSetWithoutFaultsIsTakenStrictly() throws IOException {
        add("one.jpg", "train", 1);
        add("two.jpg", "val", 2);

        CaptionDataset dataset = CaptionDataset.read(inAFolder(), LintMode.STRICT, validator());

        assertThat(dataset.photos()).hasSize(2);
        assertThat(dataset.faults()).isEmpty();
    }

    private void fourGoodPhotosAndAFaultOfEachSort() throws IOException {
        add("one.jpg", "train", 1);
        add("two.jpg", "train", 2);
        add("corrupt.jpg", "train", 3);
        byte[] whole = DrawnPictures.jpeg(60, 40, 3);
        pictures.put("corrupt.jpg", Arrays.copyOf(whole, whole.length * 2 / 3));
        add("missing.jpg", "train", 4);
        pictures.remove("missing.jpg");
        add("blank.jpg", "train", 5);
        lines.set(4, lines.get(4).replace("caption 3", " "));
        add("leaked.jpg", "train", 7);
        add("again.jpg", "train", 1);
        add("three.jpg", "val", 6);
        add("four.jpg", "test", 7);
    }

    private void add(String image, String split, int number) throws IOException {
        pictures.put(image, DrawnPictures.jpeg(60, 40, number));
        lines.add("""
                {"image": "%s", "split": "%s", "captions": ["caption 1", "caption 2", "caption 3", "caption 4", "caption 5"]}""".formatted(image, split));
    }

    private DatasetFiles inAFolder() throws IOException {
        Files.createDirectories(folder.resolve("photos"));
        for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
            Files.write(folder.resolve("photos").resolve(picture.getKey()), picture.getValue());
        }
        return files(folder.resolve("photos"));
    }

    private DatasetFiles inAnArchive() throws IOException {
        Path archive = folder.resolve("photos.zip");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
                zip.putNextEntry(new ZipEntry("Flicker8k_Dataset/" + picture.getKey()));
                zip.write(picture.getValue());
                zip.putNextEntry(new ZipEntry("__MACOSX/Flicker8k_Dataset/._" + picture.getKey()));
            }
        }
        return files(archive);
    }

    private DatasetFiles files(Path photos) throws IOException {
        SplitFile captions = new SplitFile(null, Files.write(folder.resolve("captions.jsonl"), lines));
        return new DatasetFiles(CaptionFormat.AUTO, List.of(captions), List.of(photos), List.of(), true);
    }

    private ImageValidator validator() {
        return new ImageValidator(
                new PhotoDecoder(ImageLimits.defaults()), folder.resolve("cache/pictures.jsonl"), Progress.silent());
    }
}
