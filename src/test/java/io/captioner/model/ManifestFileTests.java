package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestFileTests {
    @TempDir
    Path root;

    private Path bundle = Path.of("");

    @BeforeEach
    void write() throws IOException {
        bundle = Files.createDirectories(root.resolve("name/1"));
        ColourBundle.seal(bundle, "name", "1");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Manifest manifest = ManifestFile.read(bundle);
        assertThat(manifest.input().preparation().size().width()).isEqualTo(8);
        assertThat(manifest.attentionGrid()).isEqualTo(new Manifest.Grid(2, 2));
        assertThat(manifest.defaults()).isEqualTo(ColourBundle.OPTIONS);
        assertThat(manifest.scores()).containsEntry("BLEU-4", 0.25);
        ManifestFile.write(bundle, manifest);
        assertThat(ManifestFile.read(bundle)).isEqualTo(manifest);
    }

    @Test
    void aModelWithoutAttentionHasNoGrid() throws IOException {
        replace("\"attentionGrid\" : {\n    \"rows\" : 2,\n    \"columns\" : 2\n  }", "\"attentionGrid\" : null");
        assertThat(ManifestFile.read(bundle).attentionGrid()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schemaVersion", "name", "version", "description", "encoder", "decoder", "input", "attentionGrid",
                "specialIds", "maxLength", "noRepeatNgram", "trainingData", "provenance", "scores", "files", "width",
                "resize", "pad", "beamWidth", "licence"
            })
    void everyFieldIsNeeded(String field) throws IOException {
        replace("\"" + field + "\"", "\"other\"");
        refuses(field.equals("schemaVersion") ? "schemaVersion" : "Missing creator property '" + field + "'");
    }

    @Test
    void anotherSchemaVersionIsRefused() throws IOException {
        replace("\"schemaVersion\" : 2", "\"schemaVersion\" : 3");
        refuses("schemaVersion is 3, this program reads 2");
    }

    @Test
    void anUnknownFieldIsRefusedWithItsPlace() throws IOException {
        replace("\"rows\" : 2", "\"rows\" : 2, \"layers\" : 3");
        refuses("\"layers\"");
        refuses("Manifest[\"attentionGrid\"]");
    }

    @Test
    void aNullIsRefused() throws IOException {
        replace("\"encoder\" : \"mean\"", "\"encoder\" : null");
        refuses("'/encoder' is null");
    }

    @Test
    void anotherNameOrVersionThanItsDirectoriesIsRefused() throws IOException {
        replace("\"name\" : \"name\"", "\"name\" : \"nom\"");
        refuses("it says nom/1, its directory another name or version");
        ColourBundle.seal(bundle, "name", "2");
        refuses("it says name/2");
    }

    @Test
    void whatThisProgramCannotDoIsRefused() throws IOException {
        replace("\"stretch\"", "\"crop\"");
        refuses("input.resize must be 'stretch'");
        ColourBundle.seal(bundle, "name", "1");
        replace("\"end\" : 2", "\"end\" : 3");
        refuses("specialIds must be");
        ColourBundle.seal(bundle, "name", "1");
        replace("\"maxLength\" : 6", "\"maxLength\" : 0");
        refuses("maxLength must be at least 1");
    }

    @Test
    void aMissingOrTornFileIsRefused() throws IOException {
        Path file = bundle.resolve(Bundle.MANIFEST);
        Files.writeString(file, Files.readString(file).substring(0, 100));
        refuses("is not JSON");
        Files.delete(file);
        refuses("is not there");
    }

    private void replace(String old, String with) throws IOException {
        Path file = bundle.resolve(Bundle.MANIFEST);
        String text = Files.readString(file).replace("\r\n", "\n");
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, with));
    }

    private void refuses(String because) {
        assertThatExceptionOfType(BrokenBundleException.class)
                .isThrownBy(() -> ManifestFile.read(bundle))
                .withMessageContaining(bundle.resolve(Bundle.MANIFEST).toString())
                .withMessageContaining(because);
    }
}
