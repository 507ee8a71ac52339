package io.captioner.documentation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Pictures;
import io.captioner.ServedTest;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

@ServedTest
class ExamplesTests {
    private final String service;

    @TempDir
    private Path folder;

    ExamplesTests(@Autowired Environment environment) {
        service = "http://localhost:" + requireNonNull(environment.getProperty("local.server.port"));
    }

    @Test
    void theJavaExamplePrintsACaption() throws Exception {
        Path photo = Files.write(folder.resolve("red.png"), Pictures.png(Color.RED, 40, 30));

        Run run = run(photo);

        assertThat(run.output()).isEqualToNormalizingWhitespace(photo + ": a red picture");
        assertThat(run.code()).isZero();
    }

    @Test
    void theJavaExamplePrintsWhatTheServiceObjectsTo() throws Exception {
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");

        Run run = run(text);

        assertThat(run.output()).contains("urn:captioner:problem:not-an-image");
        assertThat(run.code()).isEqualTo(1);
    }

    private record Run(int code, String output) {}

    private Run run(Path photo) throws IOException, InterruptedException {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "examples/CaptionPhoto.java",
                        service,
                        photo.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(java.waitFor(), output);
    }
}
