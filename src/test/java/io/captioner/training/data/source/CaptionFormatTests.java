package io.captioner.training.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CaptionFormatTests {
    private static final String JSONL = """
            {"image": "a.jpg", "split": "train", "license": "CC0", "captions": ["A dog .", "A brown dog ."]}

            {"image": "b.jpg", "captions": ["Un café .", null]}
            """;
    private static final String COCO = """
            {"info": {"year": 2017, "images": [1]}, "licenses": [{"id": 1}],
             "images": [{"file_name": "a.jpg", "id": 9, "height": 4}, {"file_name": "b.jpg", "id": 5000000000}],
             "annotations": [{"image_id": 5000000000, "id": 1, "caption": "Un café ."},
                             {"image_id": 9, "id": 2, "caption": "A dog ."}, {"image_id": 5000000000, "id": 3, "caption": null},
                             {"image_id": 9, "id": 4, "caption": "A brown dog ."}]}
            """;
    private static final String KARPATHY = """
            {"images": [{"filepath": "train2014", "filename": "a.jpg", "split": "train", "cocoid": 9,
                         "sentences": [{"tokens": ["a", "dog"], "raw": "A dog ."}, {"raw": "A brown dog ."}]},
                        {"filename": "b.jpg", "split": "restval", "sentences": [{"raw": "Un café ."}, {"tokens": []}]}],
             "dataset": "coco"}
            """;
    private static final String TOKENS = "a.jpg#0\tA dog .\na.jpg#1\tA brown dog .\nb.jpg#0\tUn café .\nb.jpg#1\t\n";
    private static final String BARS =
            "image_name| comment_number| comment\na.jpg| 0| A dog .\na.jpg| 1| A brown dog .\nb.jpg| 0| Un café .\nb.jpg| 1|\n";
    private static final String CSV =
            "image,caption\r\na.jpg,A dog .\r\nb.jpg,\"Un café .\"\r\na.jpg,A brown dog .\r\nb.jpg,\r\n";

    @TempDir
    private Path folder;

    static Stream<Arguments> sameDataInEveryFormat() {
        return Stream.of(
                Arguments.of("captions.jsonl", JSONL, CaptionFormat.JSONL, "train", null),
                Arguments.of("captions.json", JSONL, CaptionFormat.JSONL, "train", null),
                Arguments.of("captions_train2017.json", COCO, CaptionFormat.COCO, null, null),
                Arguments.of("dataset_coco.json", KARPATHY, CaptionFormat.KARPATHY, "train", "restval"),
                Arguments.of("Flickr8k.token.txt", TOKENS, CaptionFormat.FLICKR, null, null),
                Arguments.of("results.csv", BARS, CaptionFormat.FLICKR, null, null),
                Arguments.of("captions.txt", CSV, CaptionFormat.CSV, null, null),
                Arguments.of("marked.csv", "\uFEFF" + CSV, CaptionFormat.CSV, null, null));
    }

    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("sameDataInEveryFormat")
    void everyFormatGivesTheSameEntriesAndIsToldByItsContent(
            String name, String text, CaptionFormat format, @Nullable String splitOfA, @Nullable String splitOfB)
            throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);

        Taken named = read(file, format);
        Taken guessed = read(file, CaptionFormat.AUTO);

        assertThat(named.faults).isEmpty();
        assertThat(named.entries).extracting(CaptionEntry::image).containsExactly("a.jpg", "b.jpg");
        assertThat(named.entries.get(0).captions()).containsExactly("A dog .", "A brown dog .");
        assertThat(named.entries.get(1).captions()).containsExactly("Un café .", "");
        assertThat(named.entries.get(0).split()).isEqualTo(splitOfA);
        assertThat(named.entries.get(1).split()).isEqualTo(splitOfB);
        assertThat(guessed).usingRecursiveComparison().isEqualTo(named);
    }

    @Test
    void cocoAnnotationsMayStandBeforeTheImages() throws IOException {
        Taken taken = read(
                write(
                        "{\"annotations\": [{\"image_id\": 1, \"caption\": \"A dog .\"}], \"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}]}"),
                CaptionFormat.AUTO);

        assertThat(taken.entries).containsExactly(new CaptionEntry("file, image 1", "a.jpg", null, List.of("A dog .")));
    }

    @Test
    void faultsInCocoFilesAreNamedAndTheRestIsRead() throws IOException {
        Taken taken = read(write("""
                        {"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2}, {"id": 1, "file_name": "c.jpg"}, {"id": 4, "file_name": "d.jpg"}],
                         "annotations": [{"image_id": 1, "caption": "A dog ."}, {"image_id": [1], "caption": "A"},
                                         {"image_id": 7, "caption": "A cat ."}, "caption"]}
                        """), CaptionFormat.COCO);

        assertThat(taken.entries)
                .containsExactly(
                        new CaptionEntry("file, image 1", "a.jpg", null, List.of("A dog .")),
                        new CaptionEntry("file, image 4", "d.jpg", null, List.of()));
        assertThat(taken.faults)
                .containsExactly(
                        "file, images[1]: an image needs an \"id\" and a \"file_name\"",
                        "file, images[2]: the id of 'c.jpg' is another image's",
                        "file, annotations[1]: an annotation needs an \"image_id\" and a \"caption\"",
                        "file, annotations[3]: an annotation needs an \"image_id\" and a \"caption\"",
                        "file, image 7: 1 caption(s) of an image that is not among the images");
    }

    @Test
    void aJsonFileThatIsCutOffIsRefusedWithThePlace() throws IOException {
        Path file = write(COCO.substring(0, COCO.length() - 80));

        assertThatIOException()
                .isThrownBy(() -> read(file, CaptionFormat.AUTO))
                .withMessageContaining("near line 4, column");
    }

    @Test
    void karpathyImagesWithoutSentencesAreNamed() throws IOException {
        Taken taken = read(write("""
                        {"images": [{"filename": "a.jpg", "split": "val", "sentences": [{"tokens": ["a", "dog"]}]}, {"filename": "b.jpg"}]}
                        """), CaptionFormat.AUTO);

        assertThat(taken.entries)
                .containsExactly(new CaptionEntry("file, images[0]", "a.jpg", "val", List.of("a dog")));
        assertThat(taken.faults).singleElement().asString().startsWith("file, images[1]: \"image\" and \"captions\"");
    }

    @Test
    void aTokenLineWithoutItsSeparatorIsNamedAndTheRestIsRead() throws IOException {
        Taken taken = read(
                write(
                        "image_name| comment_number| comment\na.jpg| 4   A dog runs .\na.jpg| 5| A dog | a cat .\nb.jpg#0\n"),
                CaptionFormat.FLICKR);

        assertThat(taken.entries)
                .containsExactly(
                        new CaptionEntry("file, line 3", "a.jpg", null, List.of("A dog | a cat .")),
                        new CaptionEntry("file, line 4", "b.jpg", null, List.of("")));
        assertThat(taken.faults)
                .containsExactly("file, line 2: neither 'image#number<tab>caption' nor 'image| number| caption'");
    }

    @Test
    void csvFieldsAreQuotedAsInRfc4180() throws IOException {
        Taken taken = read(
                write(
                        "id,Split,caption,image\n1,train,\"A \"\"big\"\" dog,\nand a cat\",a.jpg\n2, val ,A bird, b.jpg \n3,,A cow,c.jpg\n"),
                CaptionFormat.AUTO);

        assertThat(taken.entries)
                .containsExactly(
                        new CaptionEntry("file, line 3", "a.jpg", "train", List.of("A \"big\" dog,\nand a cat")),
                        new CaptionEntry("file, line 4", "b.jpg", "val", List.of("A bird")),
                        new CaptionEntry("file, line 5", "c.jpg", null, List.of("A cow")));
    }

    @Test
    void aCsvImageThatNamesTwoSplitsBecomesTwoEntries() throws IOException {
        Taken taken = read(write("image,caption,split\na.jpg,A dog,train\na.jpg,A cat,test\n"), CaptionFormat.CSV);

        assertThat(taken.entries).extracting(CaptionEntry::split).containsExactly("train", "test");
    }

    @Test
    void aCsvRowWithTooManyFieldsIsNamed() throws IOException {
        Taken taken = read(write("image,caption\na.jpg,A dog, a cat\nb.jpg,A bird\n"), CaptionFormat.CSV);

        assertThat(taken.entries).extracting(CaptionEntry::image).containsExactly("b.jpg");
        assertThat(taken.faults)
                .containsExactly(
                        "file, line 2: 3 fields under 2 columns; a caption with separators (',') needs quotes");
    }

    @Test
    void aCsvFileWithoutItsColumnsOrWithAnOpenQuoteIsRefused() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> read(write("name,words\na.jpg,A dog\n"), CaptionFormat.CSV))
                .withMessageContaining("'image' and 'caption' is needed");
        assertThatIOException()
                .isThrownBy(() -> read(write("image,caption\na.jpg,\"A dog\n"), CaptionFormat.CSV))
                .withMessageContaining("correct its quotes");
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        Path file = Files.write(
                folder.resolve("latin.csv"), "image,caption\na.jpg,Un café\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatIOException().isThrownBy(() -> read(file, CaptionFormat.CSV)).withMessageContaining("not UTF-8");
    }

    @Test
    void whatLooksLikeNoFormatIsRefusedWithThePropertyThatNamesIt() throws IOException {
        for (String text : List.of("hello\n", "{\"a\": 1}", "[]")) {
            assertThatIOException()
                    .isThrownBy(() -> read(write(text), CaptionFormat.AUTO))
                    .withMessageContaining("data.format");
        }
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text);
    }

    private static Taken read(Path file, CaptionFormat format) throws IOException {
        Taken taken = new Taken();
        format.read(file, taken);
        return taken;
    }

    private static final class Taken implements CaptionEntry.Sink {
        private final List<CaptionEntry> entries = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();

        @Override
        public void entry(CaptionEntry entry) {
            entries.add(entry);
        }

        @Override
        public void unreadable(String where, String why) {
            faults.add(where + ": " + why);
        }
    }
}
