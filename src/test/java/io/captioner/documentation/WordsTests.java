package io.captioner.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Documents, messages and names use standard terms. */
class WordsTests {
    /** Words, and what to say instead. */
    private static final String[][] WORDS = {
        {"in the house|the house|a house|full house", "in flight, admitted, the service"},
        {"doors?|doorkeepers?", "admission"},
        {"gates?", "admission; LSTM gates and feature gates are allowed"},
        {"nobody|whoever", "no client, the client, the operator"},
        {"so many", "N, at most N"},
        {"stands twice", "duplicate"},
        {"poison\\w*", "bad input"},
        {"mend(s|ed|ing)?", "fix"},
        {"stumbl(e|es|ed|ing)", "fail"},
        {"grace(?! period)", "grace period"},
        {"drawn by chance|draws? by chance", "sampled"},
        {
            "(an?|one|two|each|every|first|second|next|last|another|share one) looks?(?= (at|in|for|that|of)\\b|[,.;:]|$)",
            "scan"
        },
    };

    private static final Pattern ALLOWED =
            Pattern.compile("(?i)\\b(LSTM|feature|forget|input|output|update|reset) gates?\\b");

    /** Names of types that have been replaced. */
    private static final Pattern TYPES = Pattern.compile(
            "\\b(?:class|interface|enum|record) ((?:Doorkeeper|Gate\\w*|GuardedGate|Inquiry|Findings?|FindingKey|Claim"
                    + "|PhotoIntake|HeadStart|ModelsAhead|VersionLook|ModelStore|SizeCeiling|Allowances|Sender|Problems"
                    + "|ProblemPage|ProblemReport|OpenDoorWarning|OpenPaths|AccessFacts|AccessLines|AnswerFacts|MissingGpu"
                    + "|GpuProof|GpuTrial|WatchedHttpProtocol|ConnectionValve|Material|Course|Stages|Memory|Glance|Thought"
                    + "|Regime|SpokenCaption|Clashes|PictureInspector|CaptionFacts|RecentMean)\\b)");

    /** Names of methods, parameters and settings that have been replaced. */
    private static final Pattern NAMES = Pattern.compile(
            "\\b(?:(?:acquit|condemn|bringIn|tryOut|rehearse|look|remember|advance)(?=\\()|ownWords|runsAtOnce|runs-at-once)");

    /** Its words are those of the Javadoc in {@code src/main}. */
    private static final Path GENERATED = Path.of("docs", "configuration.md");

    @Test
    void theDocumentsUseStandardTerms() throws IOException {
        List<Path> files = Documents.inOneForm(Documents.all()).stream()
                .filter(file -> !file.equals(GENERATED))
                .toList();
        assertThat(faults(files, false)).isEmpty();
    }

    /** Runs with {@code -Dcaptioner.words.main=true}. */
    @Test
    @EnabledIfSystemProperty(named = "captioner.words.main", matches = "true")
    void theProgramUsesStandardTerms() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main"))) {
            assertThat(faults(files.filter(Files::isRegularFile).toList(), true))
                    .isEmpty();
        }
    }

    private static List<String> faults(List<Path> files, boolean names) throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = ALLOWED.matcher(lines.get(i)).replaceAll("");
                for (String[] word : WORDS) {
                    collect(
                            faults,
                            file,
                            i,
                            Pattern.compile("(?i)\\b(?:" + word[0] + ")\\b").matcher(line),
                            word[1]);
                }
                if (names) {
                    collect(faults, file, i, TYPES.matcher(line), "the type was renamed");
                    collect(faults, file, i, NAMES.matcher(line), "the name was replaced");
                }
            }
        }
        return faults;
    }

    private static void collect(List<String> faults, Path file, int line, Matcher matcher, String instead) {
        while (matcher.find()) {
            faults.add("%s:%d: \"%s\": %s".formatted(file, line + 1, matcher.group(), instead));
        }
    }
}
