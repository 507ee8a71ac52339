package io.captioner.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The card of a bundle, in Markdown with tables: what it is, the terms of its data, how it was made, its scores, and
 * how far its confidence can be trusted. {@code models/<name>/README.md} is the card of the newest version.
 */
public final class ModelCard {
    private static final String FILE = "README.md";
    private static final int MOST_BYTES = 1 << 20;
    private static final int WIDTH = 120;

    private ModelCard() {}

    /**
     * A part of the card that the manifest does not hold.
     *
     * @param title its heading
     * @param text Markdown
     */
    public record Section(String title, String text) {}

    /**
     * Writes the card of a bundle into the directory of its name; an existing one is replaced.
     *
     * @param bundle {@code models/<name>/<version>}
     * @return the file
     */
    public static Path write(Path bundle, List<Section> more) throws IOException {
        Path file = Objects.requireNonNull(bundle.toAbsolutePath().getParent()).resolve(FILE);
        return Files.writeString(file, of(ManifestFile.read(bundle), more));
    }

    /**
     * Returns the card that is beside the versions of a bundle, or, without one, what the manifest says.
     *
     * @param directory {@code models/<name>}
     */
    public static String read(Path directory, Manifest manifest) throws IOException {
        Path file = directory.resolve(FILE);
        return Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES
                ? Files.readString(file)
                : of(manifest, List.of());
    }

    /** Returns the card of a manifest, with further sections at its end. */
    public static String of(Manifest manifest, List<Section> more) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Terms", terms(manifest)));
        if (!manifest.provenance().isEmpty()) {
            sections.add(new Section("How it was made", provenance(manifest)));
        }
        if (!manifest.scores().isEmpty()) {
            sections.add(new Section("Scores", scores(manifest)));
        }
        if (manifest.calibration() != null) {
            sections.add(new Section("Confidence", confidence(manifest.calibration())));
        }
        sections.addAll(more);
        return "# %s, version %s\n\n%s.\n\n%s\n"
                        .formatted(
                                manifest.name(),
                                manifest.version(),
                                manifest.description(),
                                network(manifest) + "\n"
                                        + sections.stream()
                                                .map(section -> "\n## %s\n\n%s\n"
                                                        .formatted(section.title, section.text.strip()))
                                                .collect(Collectors.joining()))
                        .stripTrailing()
                + "\n";
    }

    private static String network(Manifest manifest) {
        Manifest.Grid grid = manifest.attentionGrid();
        DecodeOptions defaults = manifest.defaults();
        return table(
                List.of("what", "value"),
                List.of(
                        List.of("encoder", manifest.encoder()),
                        List.of("decoder", manifest.decoder()),
                        List.of(
                                "photo",
                                manifest.input().width() + " × "
                                        + manifest.input().height() + " pixels"),
                        List.of("attention", grid == null ? "none" : grid.rows() + " × " + grid.columns() + " cells"),
                        List.of("language", Objects.requireNonNullElse(manifest.language(), "not named")),
                        List.of(
                                "search by default",
                                "beam %d%s, at most %d words, length penalty %s"
                                        .formatted(
                                                defaults.beamWidth(),
                                                defaults.consensus() ? " ordered by consensus" : "",
                                                defaults.maxWords(),
                                                defaults.lengthPenalty()))));
    }

    private static String terms(Manifest manifest) {
        Manifest.TrainingData data = manifest.trainingData();
        String trained = data.photos() == 0
                ? "Trained on: %s.".formatted(data.name())
                : format("Trained on %s: %,d photos, %,d captions.", data.name(), data.photos(), data.captions());
        String held = manifest.files().containsKey(Bundle.NEIGHBOURS)
                ? " `%s` has captions of training photos, as ids of words.".formatted(Bundle.NEIGHBOURS)
                : "";
        return wrapped(trained + " Terms: **" + data.licence() + "**." + held, "");
    }

    private static String provenance(Manifest manifest) {
        return manifest.provenance().entrySet().stream()
                .map(fact -> wrapped("- %s: `%s`".formatted(fact.getKey(), fact.getValue()), "  "))
                .collect(Collectors.joining("\n"));
    }

    /** Breaks a text at blanks into lines of at most {@value #WIDTH} characters, as far as its words allow. */
    private static String wrapped(String text, String indent) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split("\\s+")) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                lines.append('\n').append(indent);
                column = indent.length();
            } else if (column > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.toString();
    }

    private static String scores(Manifest manifest) {
        return "Measured when the bundle was made, with its own search.\n\n"
                + table(
                        List.of("score", "value"),
                        manifest.scores().entrySet().stream()
                                .map(score -> List.of(score.getKey(), figure(score.getValue())))
                                .toList());
    }

    private static String confidence(Calibration calibration) {
        Calibration.Figures figures = calibration.figures();
        List<List<String>> measured = new ArrayList<>();
        measured.add(List.of("expected calibration error, 10 bins", format("%.4f", figures.ece())));
        measured.add(List.of("AUC of confidence for right", format("%.4f", figures.auc())));
        measured.add(List.of("AUC of the likelihood alone", format("%.4f", figures.likelihoodAuc())));
        if (figures.betweenData() != null) {
            measured.add(
                    List.of("AUC between the first data set and the others", format("%.4f", figures.betweenData())));
        }
        return "Right means a %s. Each caption is judged by functions fitted on the others.\n\n%s\n\n%s\n\n%s"
                .formatted(
                        calibration.right(),
                        table(
                                List.of("captions of", "photos", "right", "confidence", "likelihood", "familiarity"),
                                calibration.data().stream()
                                        .map(ModelCard::dataSet)
                                        .toList()),
                        table(List.of("figure", "value"), measured),
                        table(
                                List.of("captions kept, the most confident", "confidence from", "wrong"),
                                figures.riskCoverage().stream()
                                        .map(risk -> List.of(
                                                format("%.0f %%", 100 * risk.coverage()),
                                                format("%.3f", risk.minConfidence()),
                                                format("%.1f %%", 100 * risk.wrong())))
                                        .toList()));
    }

    private static List<String> dataSet(Calibration.DataSet data) {
        Double familiarity = data.familiarity();
        return List.of(
                data.name(),
                Integer.toString(data.photos()),
                format("%.1f %%", 100 * data.right()),
                format("%.3f", data.confidence()),
                format("%.3f", data.likelihood()),
                familiarity == null ? "unknown" : format("%.3f", familiarity));
    }

    /** Returns a score with four digits, a count with none. */
    public static String figure(double value) {
        return format(value > 1 && value == Math.rint(value) ? "%.0f" : "%.4f", value);
    }

    /** Returns a table in Markdown; each row has as many cells as the head. */
    public static String table(List<String> head, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(head.stream().map(ModelCard::cell).toList());
        all.add(head.stream().map(column -> "---").toList());
        rows.forEach(row -> all.add(row.stream().map(ModelCard::cell).toList()));
        return all.stream().map(row -> "| " + String.join(" | ", row) + " |").collect(Collectors.joining("\n"));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
