package io.captioner.training.explore;

import static io.captioner.html.Html.format;
import static io.captioner.html.Html.percent;

import freemarker.template.TemplateModel;
import io.captioner.html.Html;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.DatasetFault;
import io.captioner.training.data.ImageValidator.ImageFacts;
import io.captioner.training.data.Split;
import io.captioner.training.explore.CaptionStatistics.WordStatistics;
import io.captioner.training.report.SvgChart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
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
    /** Tenths of width divided by height from which on all shapes are one column. */
    private static final int WIDEST = 40;

    private static final List<Integer> LENGTHS = List.of(10, 12, 16, 20, 24, 30);

    /**
     * A photo to show.
     *
     * @param jpeg a small copy
     */
    @SuppressWarnings("ArrayRecordComponent") // written once
    record Sample(CaptionedPhoto photo, ImageFacts facts, byte[] jpeg) {}

    /** Returns the page. */
    String html() {
        return Html.page(
                ExplorePage.class,
                "explore.ftlh",
                Map.ofEntries(
                        Map.entry("name", name),
                        Map.entry("tiles", tiles()),
                        Map.entry("splits", splits()),
                        Map.entry("unused", unused == 0 ? List.of() : List.of(count(unused))),
                        Map.entry("faults", faultLists()),
                        Map.entry("captionsPerPhoto", captionsPerPhoto()),
                        Map.entry("lengthNote", lengthNote()),
                        Map.entry("lengths", lengths()),
                        Map.entry("words", topWords()),
                        Map.entry("cuts", cuts()),
                        Map.entry("sizes", sizes()),
                        Map.entry("shapes", shapes()),
                        Map.entry(
                                "samples",
                                samples.stream().map(ExplorePage::figure).toList())));
    }

    private Map<String, String> tiles() {
        String whose = statistics.splits().containsKey(Split.TRAIN) ? "training " : "";
        Map<String, String> tiles = new LinkedHashMap<>();
        tiles.put("photos", count(statistics.photos()));
        tiles.put("captions", count(statistics.captions()));
        tiles.put(whose + "words", count(statistics.words().words()));
        tiles.put("different " + whose + "words", count(statistics.words().distinct()));
        tiles.put("faults", count(faults.size()));
        return tiles;
    }

    private static String count(long things) {
        return format("%,d", things);
    }

    private List<List<String>> splits() {
        return statistics.splits().entrySet().stream()
                .map(entry -> {
                    CaptionStatistics.SplitCounts counts = entry.getValue();
                    return List.of(
                            entry.getKey().label(),
                            count(counts.photos()),
                            count(counts.captions()),
                            format("%.2f", (double) counts.captions() / counts.photos()),
                            format("%.1f", (double) counts.words() / counts.captions()),
                            format("%d", counts.longest()));
                })
                .toList();
    }

    private List<Map<String, Object>> faultLists() {
        Map<DatasetFault.Kind, List<DatasetFault>> byKind =
                faults.stream().collect(Collectors.groupingBy(DatasetFault::kind, TreeMap::new, Collectors.toList()));
        List<Map<String, Object>> lists = new ArrayList<>();
        byKind.forEach((kind, found) -> lists.add(Map.of(
                "kind", kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                "count", count(found.size()),
                "isOpen", found.size() <= 10,
                "listed",
                        found.stream()
                                .limit(LISTED_FAULTS)
                                .map(DatasetFault::toString)
                                .toList(),
                "rest", found.size() > LISTED_FAULTS ? List.of(count(found.size() - LISTED_FAULTS)) : List.of())));
        return lists;
    }

    private TemplateModel captionsPerPhoto() {
        return histogram("Captions of a photo", "captions", "photos", statistics.captionsPerPhoto());
    }

    private TemplateModel lengths() {
        return histogram("Words of a caption", "words", "captions", statistics.lengths());
    }

    private String lengthNote() {
        return LENGTHS.stream()
                .map(words -> format("%d words: %s", words, percent(statistics.shareOfLength(words))))
                .collect(Collectors.joining(", ", "At most ", "."));
    }

    private static TemplateModel histogram(
            String what, String xAxis, String yAxis, NavigableMap<Integer, Integer> counts) {
        return columns(
                what,
                xAxis,
                yAxis,
                counts,
                Object::toString,
                (label, count) -> format("%s %s: %,d %s", label, xAxis, count, yAxis));
    }

    private static TemplateModel columns(
            String what,
            String xAxis,
            String yAxis,
            NavigableMap<Integer, Integer> counts,
            Function<Integer, String> label,
            BiFunction<String, Integer, String> title) {
        List<SvgChart.Column> columns = new ArrayList<>();
        if (!counts.isEmpty()) {
            for (int value = counts.firstKey(); value <= counts.lastKey(); value++) {
                int count = counts.getOrDefault(value, 0);
                columns.add(new SvgChart.Column(label.apply(value), count, title.apply(label.apply(value), count)));
            }
        }
        return Html.markup(SvgChart.columns(what, xAxis, yAxis, columns));
    }

    private List<Map<String, String>> topWords() {
        List<WordStatistics.Frequency> top = statistics.words().top(TOP_WORDS);
        double most = top.isEmpty() ? 1 : top.get(0).count();
        return top.stream()
                .map(word -> Map.of(
                        "text", word.word(),
                        "width", format("%.1f", 62 * word.count() / most),
                        "count", count(word.count())))
                .toList();
    }

    private List<List<String>> cuts() {
        return IntStream.rangeClosed(1, 10)
                .mapToObj(minimum -> statistics.words().cut(minimum))
                .map(cut -> List.of(
                        format("%d", cut.minimum()), count(cut.words()), percent(cut.coverage()), percent(cut.whole())))
                .toList();
    }

    private TemplateModel sizes() {
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
        return Html.markup(SvgChart.scatter("Sizes of the pictures", "width", "height", marks));
    }

    private TemplateModel shapes() {
        NavigableMap<Integer, Integer> tenths = new TreeMap<>();
        pictures.forEach(picture -> tenths.merge(
                (int) Math.min(WIDEST, Math.round(10.0 * picture.width() / picture.height())), 1, Integer::sum));
        return columns(
                "Shapes of the pictures",
                "width ÷ height",
                "pictures",
                tenths,
                tenth -> format("%.1f", tenth / 10.0) + (tenth == WIDEST ? "+" : ""),
                (label, count) -> format("%s: %,d pictures", label, count));
    }

    private static Map<String, Object> figure(Sample sample) {
        return Map.of(
                "image", sample.photo().image(),
                "jpeg", Html.address(sample.jpeg()),
                "captions", sample.photo().captions(),
                "split", sample.photo().split().label(),
                "size", format("%d × %d", sample.facts().width(), sample.facts().height()));
    }
}
