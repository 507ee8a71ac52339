package io.captioner.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MarkdownTests {
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final int WIDTH = 120;

    @Test
    void everyLinkWithinTheRepositoryLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : Documents.markdown()) {
            Matcher link = LINK.matcher(withoutCode(file));
            while (link.find()) {
                Path target = link.group(1).isEmpty()
                        ? file
                        : folder(file).resolve(link.group(1)).normalize();
                boolean exists = link.group(2) == null
                        ? Files.exists(target)
                        : Files.isRegularFile(target) && anchors(target).contains(link.group(2));
                if (!exists) {
                    broken.add(file + ": " + link.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void noLineIsLongerThanAScreenIsWide() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Documents.markdown()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > WIDTH) {
                    tooLong.add("%s:%d has %d characters"
                            .formatted(file, i + 1, lines.get(i).length()));
                }
            }
        }
        assertThat(tooLong).as("at most %d characters a line", WIDTH).isEmpty();
    }

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(200);
    }

    /** Returns the anchors that a hub for repositories gives to the headings of a file. */
    private static List<String> anchors(Path file) throws IOException {
        return withoutCode(file)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String withoutCode(Path file) throws IOException {
        return FENCED.matcher(Files.readString(file)).replaceAll("");
    }

    private static Path folder(Path file) {
        return Objects.requireNonNullElse(file.getParent(), Path.of(""));
    }
}
