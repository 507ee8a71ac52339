package io.captioner.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.CaptionerApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

class ArchitectureDocumentTests {
    private static final Path FILE = Path.of("docs", "architecture.md");
    private static final Pattern PICTURE = Pattern.compile("(?s)(?<=```mermaid\n).*?(?=```)");

    @Test
    void thePictureHasTheArrowsOfTheCode() throws IOException {
        String document = Files.readString(FILE);
        String drawn = PICTURE.matcher(document).replaceFirst(Matcher.quoteReplacement(picture()));
        if (Documents.areToBeWritten()) {
            Files.writeString(FILE, drawn);
        }
        assertThat(document).containsPattern(PICTURE);
        assertThat(FILE).as(Documents.howToWrite(getClass())).hasContent(drawn);
    }

    private static String picture() {
        ApplicationModules modules = ApplicationModules.of(CaptionerApplication.class);
        return modules.stream()
                .flatMap(module -> module.getDirectDependencies(modules)
                        .uniqueModules()
                        .map(other -> "  %s --> %s\n".formatted(name(module), name(other))))
                .sorted()
                .collect(Collectors.joining("", "graph TD\n", ""));
    }

    private static String name(ApplicationModule module) {
        return module.getIdentifier().toString();
    }
}
