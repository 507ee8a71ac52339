package io.captioner.training.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.files.UnusableFileException;
import io.captioner.training.data.source.ObjectBoxes.LabelledBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectBoxesTests {
    private static final String IMAGE = "{\"id\": 7, \"file_name\": \"a.jpg\", \"width\": 640, \"height\": 480}";

    @TempDir
    private Path folder;

    @Test
    void instanceAnnotationsAreReadWithNameAndSynonymsOfTheirCategories() throws IOException {
        Path file = write("""
                {"info": {"year": 2017}, "annotations": [
                   {"image_id": 7, "category_id": 18, "bbox": [1.5, 2, 30, 40], "segmentation": [[1, 2]]},
                   {"image_id": 7, "category_id": 1, "bbox": [0, 0, 5, 6]}],
                 "images": [%s, {"id": "b", "coco_url": "http://a.org/val/b.jpg", "width": 2, "height": 3}],
                 "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person", "synonyms": ["Man", "girl"]}]}
                """.formatted(IMAGE));

        assertThat(ObjectBoxes.read(file))
                .containsOnlyKeys("a.jpg", "b.jpg")
                .containsEntry("b.jpg", new ObjectBoxes(2, 3, List.of()))
                .containsEntry(
                        "a.jpg",
                        new ObjectBoxes(
                                640,
                                480,
                                List.of(
                                        new LabelledBox(Set.of("dog"), 1.5, 2, 30, 40),
                                        new LabelledBox(Set.of("person", "man", "girl"), 0, 0, 5, 6))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | holds no JSON object; name instance annotations",
                "{'images': [ | is not whole or not JSON, near line 1",
                "{} | has no images; name instance annotations",
                "{'images': [{'id': 7, 'file_name': 'a.jpg'}]} | images[0] needs \"width\"",
                "{'images': [{'file_name': 'a.jpg', 'width': 1, 'height': 1}]} | images[0] needs \"id\"",
                "{'images': [{'id': 7, 'width': 1, 'height': 1}]} | images[0] needs \"file_name\"",
                "{'images': [I, I]} | images[1] has the id or the file name",
                "{'images': [I], 'annotations': [{'image_id': 8, C, B}]} | annotations[0] is of image 8 and category 1",
                "{'images': [I], 'annotations': [{'image_id': 7, C, B}]} | annotations[0] is of image 7 and category 1",
                "{'images': [I], 'annotations': [{'image_id': 7, C}]} | annotations[0] needs \"bbox\"",
                "{'images': [I], 'annotations': [{'image_id': 7, C, 'bbox': ['a', 2, 3, 4]}]} | annotations[0] needs \"bbox\"",
                "{'images': [I], 'annotations': [{'image_id': 7, C, 'bbox': [1, 2, 1e999, 4]}]} | annotations[0] needs \"bbox\"",
                "{'images': [I], 'annotations': [{'image_id': 7, B, 'caption': 'a dog'}]} | annotations[0] needs \"category_id\"",
                "{'categories': [{'id': 1}]} | categories[0] needs \"name\"",
                "{'categories': [{'id': 1, 'name': 'dog', 'synonyms': 'hound'}]} | categories[0] needs an array of texts",
                "{'categories': [{'id': 1, 'name': 'dog', 'synonyms': [{}]}]} | categories[0] needs an array of texts"
            },
            quoteCharacter = '`')
    void aFileThatHoldsSomethingElseIsRefusedByItsPlace(String content, String message) throws IOException {
        Path file = write(content.replace('\'', '"')
                .replace("[I", "[" + IMAGE)
                .replace(", I]", ", " + IMAGE + "]")
                .replace(" C", " \"category_id\": 1")
                .replace(" B", " \"bbox\": [1, 2, 3, 4]"));

        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> ObjectBoxes.read(file))
                .withMessageContainingAll("boxes.json", message);
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("boxes.json"), content);
    }
}
