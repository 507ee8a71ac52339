package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Walks a folder of real photos with a manifest of what another decoder made of them, where there is one. */
class OriginalPhotosTests {
    private static final Path FOLDER =
            Path.of(Optional.ofNullable(System.getenv("CAPTIONER_SHARED")).orElse("../shared"), "data", "originals");
    /** A lossless JPEG in 16-bit grey, which the manifest's decoder does not know. */
    private static final String LOSSLESS_JPEG = "tm_16_ls.jpg";

    @TestFactory
    Stream<DynamicTest> everyOriginalDecodesAsTheManifestSays() throws IOException {
        Path manifest = FOLDER.resolve("MANIFEST.jsonl");
        assumeTrue(Files.exists(manifest), "no folder of originals");
        JsonMapper json = JsonMapper.shared();
        return Files.readAllLines(manifest).stream()
                .map(json::readTree)
                .map(entry -> DynamicTest.dynamicTest(entry.get("file").asString(), () -> check(entry)));
    }

    private static void check(JsonNode entry) throws IOException {
        PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());
        String name = entry.get("file").asString();
        byte[] content = Files.readAllBytes(FOLDER.resolve(name));
        ImageSize target = new ImageSize(224, 224);
        if (entry.has("error") && !name.equals(LOSSLESS_JPEG)) {
            assertThatExceptionOfType(UnreadableImageException.class).isThrownBy(() -> decoder.decode(content, target));
            return;
        }
        Photo photo = decoder.decode(content, target);
        if (name.equals(LOSSLESS_JPEG)) {
            assertThat(photo.width()).isEqualTo(800);
            assertThat(photo.height()).isEqualTo(535);
            return;
        }
        boolean turned = entry.get("exif_orientation").asInt() > 4;
        assertThat(photo.format().name()).isEqualTo(entry.get("format").asString());
        assertThat(photo.width())
                .isEqualTo(entry.get(turned ? "height" : "width").asInt());
        assertThat(photo.height())
                .isEqualTo(entry.get(turned ? "width" : "height").asInt());
    }
}
