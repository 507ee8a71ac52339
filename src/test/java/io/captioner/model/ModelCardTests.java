package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.FakeCaptionModel;
import io.captioner.ShippedBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTests {
    private static final Manifest MANIFEST = new FakeCaptionModel("dogs", true).manifest();

    @TempDir
    private Path directory;

    @Test
    void theCardBesideTheVersionsIsPreferredToTheManifest() throws IOException {
        assertThat(ModelCard.read(directory, MANIFEST)).startsWith("# dogs, version 3\n");

        Files.writeString(directory.resolve("README.md"), "# Ours\n");
        assertThat(ModelCard.read(directory, MANIFEST)).isEqualTo("# Ours\n");
    }

    @Test
    void whatIsNoTableStaysInItsCell() {
        assertThat(ModelCard.table(List.of("word", "said"), List.of(List.of("a|b", "one\ntwo"))))
                .isEqualTo("""
                        | word | said |
                        | --- | --- |
                        | a\\|b | one two |""");
    }

    @Test
    void longSettingsAreBrokenIntoTheLinesOfAListItem() throws IOException {
        String card = ModelCard.of(ManifestFile.read(ShippedBundle.DIRECTORY), List.of());

        assertThat(card.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        assertThat(card)
                .contains("- optimiser: `Optimiser[epochs=3, ")
                .containsPattern("\n  [a-zA-Z]+=[^\n]*clipNorm=5.0,\n  averageDecay=0.998, precision=null]`\n");
    }

    @Test
    void captionsOfTrainingPhotosInTheBundleAreNamedAmongTheTerms() throws IOException {
        assertThat(ModelCard.of(ManifestFile.read(ShippedBundle.DIRECTORY), List.of()))
                .containsPattern("`neighbours.bin`\\s+has\\s+captions\\s+of\\s+training\\s+photos");
        assertThat(ModelCard.of(MANIFEST, List.of())).doesNotContain("neighbours.bin");
    }

    @Test
    void furtherSectionsComeLast() {
        String card = ModelCard.of(MANIFEST, List.of(new ModelCard.Section("Speed", "Fast enough.\n\n")));

        assertThat(card).endsWith("\n\n## Speed\n\nFast enough.\n").doesNotContain("\n\n\n");
    }
}
