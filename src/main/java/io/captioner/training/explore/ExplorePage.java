package io.captioner.training.explore;

import static io.captioner.training.report.Html.escape;
import static io.captioner.training.report.Html.format;
import static io.captioner.training.report.Html.jpeg;
import static io.captioner.training.report.Html.percent;

import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.DatasetFault;
import io.captioner.training.data.ImageFacts;
import io.captioner.training.data.Split;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The page about one data set: HTML that needs no other file and no network.
 *
 * @param name the data set's
 * @param statistics of the photos that are left
 * @param pictures of the photos that are left
 * @param samples photos to show
 * @param faults everything that was found wrong
 * @param unused how many images are in no split
 */
record ExplorePage(
        String name,
        CaptionStatistics statistics,
        List<ImageFacts> pictures,
        List<Sample> samples,
        List<DatasetFault> faults,
        int unused) {
    private static final int TOP_WORDS = 40;
    private static final int LISTED_FAULTS = 200;
    private static final List<Integer> LENGTHS = List.of(10, 12, 16, 20, 24, 30);

    /**
     * A photo to show.
     *
     * @param jpeg a small copy
     */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record Sample(CaptionedPhoto photo, ImageFacts facts, byte[] jpeg) {}

    /** Returns the page. */
    String html() throws IOException {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <style>
                %2$s</style>
                </head>
                <body>
                <main>
                <h1>%1$s</h1>
                """.formatted(escape(name), style())
                + tiles()
                + section("Splits", "", splits() + unusedNote())
                + faultLists()
                + "<div class=\"pair\">"
                + section("Captions of a photo", "", captionsPerPhoto())
                + section("Words of a caption", lengthNote(), lengths())
                + "</div>"
                + section("Words", wordsNote(), "<div class=\"pair\">" + topWords() + cuts() + "</div>")
                + "<div class=\"pair\">"
                + section("Sizes of the pictures", "Pixels, upright; a larger dot is more pictures.", sizes())
                + section("Shapes of the pictures", "Width divided by height.", shapes())
                + "</div>"
                + section(samples.size() + " photos at random", "", photosShown())
                + "</main>\n</body>\n</html>\n";
    }

    private static String style() throws IOException {
        try (InputStream css = ExplorePage.class.getResourceAsStream("explore.css")) {
            if (css == null) {
                throw new IllegalStateException("bug: explore.css is not packed");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String section(String title, String note, String content) {
        return "<section>\n<h2>%s</h2>\n%s%s\n</section>\n"
                .formatted(escape(title), note.isEmpty() ? "" : "<p class=\"note\">" + note + "</p>\n", content);
    }

    private String tiles() {
        String whose = statistics.splits().containsKey(Split.TRAIN) ? "training " : "";
        return "<div class=\"tiles\">"
                + tile("photos", statistics.photos())
                + tile("captions", statistics.captions())
                + tile(whose + "words", statistics.words().words())
                + tile("different " + whose + "words", statistics.words().distinct())
                + tile("faults", faults.size())
                + "</div>\n";
    }

    private static String tile(String what, long count) {
        return format("<div><b>%,d</b>%s</div>", count, what);
    }

    private String splits() {
        String rows = statistics.splits().entrySet().stream()
                .map(entry -> {
                    CaptionStatistics.SplitCounts counts = entry.getValue();
                    return format(
                            "<tr><th>%s</th><td>%,d</td><td>%,d</td><td>%.2f</td><td>%.1f</td><td>%d</td></tr>",
                            entry.getKey().label(),
                            counts.photos(),
                            counts.captions(),
                            (double) counts.captions() / counts.photos(),
                            (double) counts.words() / counts.captions(),
                            counts.longest());
                })
                .collect(Collectors.joining("\n"));
        return table("split", List.of("photos", "captions", "captions a photo", "words a caption", "longest"), rows);
    }

    private String unusedNote() {
        return unused == 0 ? "" : format("<p class=\"note\">%,d images are in no split and not counted.</p>", unused);
    }

    private static String table(String first, List<String> columns, String rows) {
        return "<table><thead><tr><th>%s</th>%s</tr></thead><tbody>%s</tbody></table>"
                .formatted(
                        first,
                        columns.stream()
                                .map(column -> "<td>" + column + "</td>")
                                .collect(Collectors.joining()),
                        rows);
    }

    private String faultLists() {
        if (faults.isEmpty()) {
            return section("Faults", "None: every picture was decoded, and none stands twice.", "");
        }
        Map<DatasetFault.Kind, List<DatasetFault>> byKind =
                faults.stream().collect(Collectors.groupingBy(DatasetFault::kind, TreeMap::new, Collectors.toList()));
        StringBuilder lists = new StringBuilder();
        byKind.forEach((kind, of) -> {
            String items = of.stream()
                    .limit(LISTED_FAULTS)
                    .map(fault -> "<li>" + escape(fault.toString()) + "</li>")
                    .collect(Collectors.joining("\n"));
            String rest = of.size() > LISTED_FAULTS ? format("<p>and %,d more</p>", of.size() - LISTED_FAULTS) : "";
            lists.append(format(
                    "<details%s><summary>%s <b>%,d</b></summary><ul>%s</ul>%s</details>",
                    of.size() <= 10 ? " open" : "", name(kind), of.size(), items, rest));
        });
        return section("Faults", "What is faulty is left out of all other figures.", lists.toString());
    }

    private static String name(DatasetFault.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private String captionsPerPhoto() {
        return histogram("Captions of a photo", "captions", "photos", statistics.captionsPerPhoto());
    }

    private String lengths() {
        return histogram("Words of a caption", "words", "captions", statistics.lengths());
    }

    private String lengthNote() {
        return "At most "
                + LENGTHS.stream()
                        .map(words -> format("%d words: %s", words, percent(statistics.shareOfLength(words))))
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private static String histogram(String what, String xAxis, String yAxis, NavigableMap<Integer, Integer> counts) {
        List<SvgChart.Column> columns = new ArrayList<>();
        if (!counts.isEmpty()) {
            for (int value = counts.firstKey(); value <= counts.lastKey(); value++) {
                int count = counts.getOrDefault(value, 0);
                columns.add(new SvgChart.Column(
                        Integer.toString(value), count, format("%d %s: %,d %s", value, xAxis, count, yAxis)));
            }
        }
        return SvgChart.columns(what, xAxis, yAxis, columns);
    }

    private static String wordsNote() {
        return "As the model counts them: lower case, without punctuation, of the training captions.";
    }

    private String topWords() {
        List<WordStatistics.Frequency> top = statistics.words().top(TOP_WORDS);
        double most = top.isEmpty() ? 1 : top.get(0).count();
        return "<ol class=\"words\">"
                + top.stream()
                        .map(word -> format(
                                "<li><span>%s</span><i style=\"width:%.1f%%\"></i><em>%,d</em></li>",
                                escape(word.word()), 62 * word.count() / most, word.count()))
                        .collect(Collectors.joining("\n"))
                + "</ol>";
    }

    private String cuts() {
        String rows = IntStream.rangeClosed(1, 10)
                .mapToObj(minimum -> statistics.words().cut(minimum))
                .map(cut -> format(
                        "<tr><th>%d</th><td>%,d</td><td>%s</td><td>%s</td></tr>",
                        cut.minimum(), cut.words(), percent(cut.coverage()), percent(cut.whole())))
                .collect(Collectors.joining("\n"));
        return "<div>"
                + table("minimum count", List.of("words kept", "of all words", "captions without unknowns"), rows)
                + "</div>";
    }

    private String sizes() {
        Map<List<Integer>, Long> counts = pictures.stream()
                .collect(Collectors.groupingBy(
                        picture -> List.of(picture.width(), picture.height()), Collectors.counting()));
        List<SvgChart.Mark> marks = counts.entrySet().stream()
                .sorted(Map.Entry.<List<Integer>, Long>comparingByValue()
                        .reversed()
                        .thenComparing(entry -> entry.getKey().toString()))
                .map(entry -> new SvgChart.Mark(
                        entry.getKey().get(0),
                        entry.getKey().get(1),
                        entry.getValue(),
                        format(
                                "%d × %d: %,d pictures",
                                entry.getKey().get(0), entry.getKey().get(1), entry.getValue())))
                .toList();
        return SvgChart.scatter("Sizes of the pictures", "width", "height", marks);
    }

    private String shapes() {
        NavigableMap<Integer, Integer> tenths = new TreeMap<>();
        pictures.forEach(picture -> tenths.merge(
                (int) Math.min(40, Math.round(10.0 * picture.width() / picture.height())), 1, Integer::sum));
        List<SvgChart.Column> columns = new ArrayList<>();
        if (!tenths.isEmpty()) {
            for (int tenth = tenths.firstKey(); tenth <= tenths.lastKey(); tenth++) {
                int count = tenths.getOrDefault(tenth, 0);
                String label = format("%.1f", tenth / 10.0) + (tenth == 40 ? "+" : "");
                columns.add(new SvgChart.Column(label, count, format("%s: %,d pictures", label, count)));
            }
        }
        return SvgChart.columns("Shapes of the pictures", "width ÷ height", "pictures", columns);
    }

    private String photosShown() {
        return "<div class=\"photos\">"
                + samples.stream().map(ExplorePage::figure).collect(Collectors.joining("\n"))
                + "</div>";
    }

    private static String figure(Sample sample) {
        String captions = sample.photo().captions().stream()
                .map(caption -> "<li>" + escape(caption) + "</li>")
                .collect(Collectors.joining("\n"));
        return format(
                "<figure>%s<figcaption><ul>%s</ul><small>%s · %s · %d × %d</small></figcaption></figure>",
                jpeg(sample.jpeg(), sample.photo().image()),
                captions,
                escape(sample.photo().image()),
                sample.photo().split().label(),
                sample.facts().width(),
                sample.facts().height());
    }
}
