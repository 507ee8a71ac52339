package io.captioner.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents, messages and names use standard terms. */
class WordsTests {
    private record Rule(Pattern pattern, String instead) {
        static Rule word(String words, String instead) {
            return new Rule(Pattern.compile("(?i)\\b(?:" + words + ")\\b"), instead);
        }

        static Rule name(String names, String instead) {
            return new Rule(Pattern.compile("\\b(?:" + names + ")"), instead);
        }
    }

    private static final List<Rule> WORDS = List.of(
            Rule.word("(in )?the house|full house", "in flight, admitted, the service"),
            Rule.word("doors?|doorkeepers?", "admission"),
            Rule.word("gates?", "admission"),
            Rule.word("nobody|whoever", "no client, the client, the operator"),
            Rule.word("so many", "N, at most N"),
            Rule.word("stands twice", "duplicate"),
            Rule.word("poison(s|ed|ous)?", "bad input"),
            Rule.word("mend(s|ed|ing)?", "fix"),
            Rule.word("stumbl(e|es|ed|ing)", "fail"),
            Rule.word("grace(?! period)", "grace period"),
            Rule.word("dr(aw|aws|awn) by chance", "sampled"),
            Rule.word(
                    "(an?|one|two|each|every|first|second|next|last|another) looks?(?= (at|in|for|that|of)|[,.;:]|$)",
                    "scan"));

    /** Gates of recurrent layers and of Kubernetes' features. */
    private static final Pattern OTHER_GATES =
            Pattern.compile("(?i)\\b(LSTM|feature|forget|input|output|update|reset) gates?\\b");

    /** Where recurrent layers, which have gates, are written, read from checkpoints or described. */
    private static final List<Path> RECURRENT_LAYERS = List.of(
            Path.of("docs/models.md"),
            Path.of("src/bench/python"),
            Path.of("src/main/java/io/captioner/training/checkpoints"),
            Path.of("src/main/java/io/captioner/training/decoder"),
            Path.of("src/main/resources/io/captioner/training/checkpoints"));

    private static final List<Rule> NAMES = List.of(
            Rule.name(
                    "(?<=(class|interface|enum|record) )(Doorkeeper|Gate\\w*|GuardedGate|Inquiry|Findings?|FindingKey|Claim"
                            + "|PhotoIntake|HeadStart|ModelsAhead|VersionLook|ModelStore|SizeCeiling|Allowances|Sender"
                            + "|Problems|ProblemPage|ProblemReport|OpenDoorWarning|OpenPaths|AccessFacts|AccessLines"
                            + "|AnswerFacts|MissingGpu|GpuProof|GpuTrial|WatchedHttpProtocol|ConnectionValve|Material"
                            + "|Course|Stages|Memory|Glance|Thought|Regime|SpokenCaption|Clashes|PictureInspector"
                            + "|CaptionFacts|RecentMean)\\b",
                    "the type was renamed"),
            Rule.name(
                    "(acquit|condemn|bringIn|tryOut|rehearse|look|remember|advance)(?=\\()|ownWords|runsAtOnce|runs-at-once(?!\"; // former name)",
                    "the name was replaced"));

    private static final Pattern IMAGE = Pattern.compile("\\.(webp|png|jpe?g|gif)$");

    /** Its words are those of the Javadoc in {@code src/main}. */
    private static final Path GENERATED = Path.of("docs", "configuration.md");

    @Test
    void theDocumentsUseStandardTerms() throws IOException {
        assertThat(Documents.all().stream()
                        .filter(file -> !file.equals(GENERATED))
                        .flatMap(file -> faults(file, WORDS)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "bench"})
    void theProgramUsesStandardTerms(String sources) throws IOException {
        List<Rule> rules = Stream.concat(WORDS.stream(), NAMES.stream()).toList();
        try (Stream<Path> files = Files.walk(Path.of("src", sources))) {
            assertThat(files.filter(file -> Files.isRegularFile(file)
                                    && !IMAGE.matcher(file.toString()).find())
                            .flatMap(file -> faults(file, rules)))
                    .isEmpty();
        }
    }

    private static Stream<String> faults(Path file, List<Rule> rules) {
        List<String> lines = read(file);
        return IntStream.range(0, lines.size())
                .boxed()
                .flatMap(i -> rules.stream()
                        .filter(rule -> rule.pattern()
                                .matcher(without(file, lines.get(i)))
                                .find())
                        .map(rule -> "%s:%d: %s (instead: %s)"
                                .formatted(file, i + 1, lines.get(i).strip(), rule.instead())));
    }

    private static String without(Path file, String line) {
        return RECURRENT_LAYERS.stream().anyMatch(file::startsWith)
                ? line.replaceAll("(?i)\\bgates?\\b", "")
                : OTHER_GATES.matcher(line).replaceAll("");
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
