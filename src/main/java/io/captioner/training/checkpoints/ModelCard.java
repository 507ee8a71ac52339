package io.captioner.training.checkpoints;

import io.captioner.model.Manifest;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The card of an imported bundle, in Markdown: where its weights come from, under which terms, and what was verified.
 */
final class ModelCard {
    /** Its file in the bundle. */
    static final String FILE = "MODEL_CARD.md";

    private ModelCard() {}

    /**
     * Writes the text.
     *
     * @param source the project that published the network
     * @param sha256 of the files it was imported from, by name
     * @param tensors how many tensors they hold
     */
    static String text(Manifest manifest, String source, Map<String, String> sha256, int tensors) {
        return """
                # %s/%s

                %s.

                - **Source:** %s
                - **Terms of the weights:** %s
                - **Language:** %s
                - **Network:** %s, %s
                - **Search by default:** beam %d, at most %d words, length penalty %s

                ## Imported from

                %s

                ## What was verified

                - The %d tensors of the checkpoint are those of the network, by name and shape; none is missing, none left over.
                - The bundle was loaded as the service loads it, and gives its golden answers.
                %s
                """.formatted(
                        manifest.name(),
                        manifest.version(),
                        manifest.description(),
                        source,
                        manifest.trainingData().licence(),
                        manifest.language(),
                        manifest.encoder(),
                        manifest.decoder(),
                        manifest.defaults().beamWidth(),
                        manifest.defaults().maxWords(),
                        manifest.defaults().lengthPenalty(),
                        sha256.entrySet().stream()
                                .map(file -> "- `%s`, SHA-256 %s".formatted(file.getKey(), file.getValue()))
                                .collect(Collectors.joining("\n")),
                        tensors,
                        scores(manifest));
    }

    private static String scores(Manifest manifest) {
        if (manifest.scores().isEmpty()) {
            return "- It was not scored: no data set was named (`captioner.import.evaluate`).";
        }
        return "- Scores: "
                + manifest.scores().entrySet().stream()
                        .map(score -> String.format(Locale.ROOT, "%s %.4f", score.getKey(), score.getValue()))
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
