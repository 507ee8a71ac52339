package io.captioner.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesTests {
    @TempDir
    private Path folder;

    @Test
    void whatAKilledProcessLeftOfItsLastLineIsNoLine() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"a\":\"é\"}\n\n{\"a\":2}\n{\"a\":");

        assertThat(JsonLines.read(file)).containsExactly("{\"a\":\"é\"}", "", "{\"a\":2}");
    }

    @Test
    void theCompleteLinesHaveTheLengthToWhichTheFileIsCut() throws IOException {
        String complete = "{\"a\":\"é\"}\n{}\n";
        List<byte[]> lines = new ArrayList<>();

        long length = JsonLines.forEach(
                new ByteArrayInputStream((complete + "{\"b").getBytes(StandardCharsets.UTF_8)), lines::add);

        assertThat(length).isEqualTo(complete.getBytes(StandardCharsets.UTF_8).length);
        assertThat(lines).hasSize(2);
    }

    @Test
    void anAbsentAndAnEmptyFileHaveNoLines() throws IOException {
        assertThat(JsonLines.read(folder.resolve("absent"))).isEmpty();
        assertThat(JsonLines.read(Files.createFile(folder.resolve("empty")))).isEmpty();
    }

    @Test
    void aLineThatIsWrittenIsReadAgain() throws IOException {
        Path file = Files.write(
                folder.resolve("a.jsonl"), JsonLines.line(JsonMapper.shared(), Map.of("text", "two\nlines")));

        assertThat(JsonLines.read(file)).containsExactly("{\"text\":\"two\\nlines\"}");
    }
}
