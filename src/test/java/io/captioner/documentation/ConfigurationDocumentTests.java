package io.captioner.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocumentTests {
    private static final Path FILE = Path.of("docs", "configuration.md");

    private final ConfigurationDocument document;

    ConfigurationDocumentTests() throws IOException {
        document = new ConfigurationDocument();
    }

    @Test
    void theDocumentSaysWhatTheRecordsSay() throws IOException {
        String text = document.text();
        if (Documents.areToBeWritten()) {
            Files.writeString(FILE, text);
        }
        assertThat(FILE).as(Documents.howToWrite(getClass())).hasContent(text);
    }

    @Test
    void everySettingOfSpringExists() {
        assertThat(document.unknownToSpring()).isEmpty();
    }
}
