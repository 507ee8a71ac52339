package io.captioner.training.evaluation;

import io.captioner.image.ImageSize;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.jobs.StorageException;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.PictureFile;
import io.captioner.training.metrics.GeneratedCaption;
import io.captioner.training.metrics.Validation;
import io.captioner.training.report.HtmlReport;
import io.captioner.training.report.HtmlReport.ReportContent;
import io.captioner.training.report.HtmlReport.ReportContent.GalleryPhoto;
import io.captioner.training.report.RunCurves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an evaluation leaves in a directory: {@code scores.json}, {@code captions.jsonl} and {@code report.html}. The
 * gallery shows the photos whose captions have the highest and the lowest CIDEr-D of their own.
 */
public final class EvaluationReport {
    private static final int GALLERY = 12;
    private static final int PHOTO_SIDE = 224;

    private final Path directory;
    private final PhotoDecoder decoder;
    private final JsonMapper json = JsonMapper.shared();

    public EvaluationReport(Path directory, PhotoDecoder decoder) {
        this.directory = directory;
        this.decoder = decoder;
    }

    /**
     * Writes the three files.
     *
     * @param facts about model, data and run, in order
     * @param searches validations of the same photos by the name of their search, at least one; the last one's captions
     *     are the gallery
     * @param run the directory of the training run, if it is known
     * @return the page
     * @throws StorageException if they cannot be written
     */
    public Path write(
            String title,
            Map<String, String> facts,
            List<CaptionedPhoto> photos,
            Map<String, Validation> searches,
            @Nullable Path run)
            throws IOException {
        Map<String, Map<String, Double>> own = new LinkedHashMap<>();
        searches.forEach((search, validation) -> own.put(search, validation.ciderD(photos)));
        ReportContent content = content(title, facts, photos, searches, own, run);
        Path page = directory.resolve("report.html");
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("scores.json"), scores(facts, searches));
            Files.write(directory.resolve("captions.jsonl"), captions(photos, searches, own));
            Files.writeString(page, HtmlReport.of(content));
            return page;
        } catch (IOException e) {
            throw new StorageException(
                    "cannot write the report into %s; free some space or make it writable".formatted(directory), e);
        }
    }

    private String scores(Map<String, String> facts, Map<String, Validation> searches) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("facts", facts);
        Map<String, Object> figures = new LinkedHashMap<>();
        searches.forEach((search, validation) -> figures.put(search, validation.figures()));
        all.put("searches", figures);
        return json.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all) + "\n";
    }

    private List<String> captions(
            List<CaptionedPhoto> photos, Map<String, Validation> searches, Map<String, Map<String, Double>> own) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            String image = photos.get(i).image();
            for (Map.Entry<String, Validation> search : searches.entrySet()) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("image", image);
                line.put("search", search.getKey());
                line.put("caption", search.getValue().generated().get(i).text());
                line.put("CIDEr-D", own.getOrDefault(search.getKey(), Map.of()).get(image));
                lines.add(json.writeValueAsString(line));
            }
        }
        return lines;
    }

    private ReportContent content(
            String title,
            Map<String, String> facts,
            List<CaptionedPhoto> photos,
            Map<String, Validation> searches,
            Map<String, Map<String, Double>> own,
            @Nullable Path run)
            throws IOException {
        Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
        Map<String, Map<String, Double>> health = new LinkedHashMap<>();
        searches.forEach((search, validation) -> {
            scores.put(search, validation.scores().asMap());
            Map<String, Double> rest = new LinkedHashMap<>(validation.figures());
            rest.keySet().removeAll(validation.scores().asMap().keySet());
            health.put(search, rest);
        });
        String shown = List.copyOf(searches.keySet()).get(searches.size() - 1);
        List<Double> ownShown = List.copyOf(own.getOrDefault(shown, Map.of()).values());
        List<Integer> order = new ArrayList<>(IntStream.range(0, photos.size())
                .boxed()
                .sorted(Comparator.comparing(ownShown::get))
                .toList());
        int each = Math.min(GALLERY, photos.size() / 2);
        List<GeneratedCaption> generated =
                List.copyOf(searches.values()).get(searches.size() - 1).generated();
        List<GalleryPhoto> worst = gallery(order.subList(0, each), photos, generated, ownShown);
        Collections.reverse(order);
        List<GalleryPhoto> best = gallery(order.subList(0, each), photos, generated, ownShown);
        return new ReportContent(
                title, facts, scores, health, run == null ? List.of() : RunCurves.read(run), shown, best, worst);
    }

    private List<GalleryPhoto> gallery(
            List<Integer> chosen, List<CaptionedPhoto> photos, List<GeneratedCaption> generated, List<Double> own)
            throws IOException {
        List<GalleryPhoto> gallery = new ArrayList<>();
        for (int i : chosen) {
            CaptionedPhoto photo = photos.get(i);
            byte[] content = PictureFile.read(photo.file());
            Photo tiny = decoder.decode(content, new ImageSize(1, 1)); // for its proportions
            double scale = (double) PHOTO_SIDE / Math.max(tiny.width(), tiny.height());
            ImageSize size = new ImageSize((int) Math.max(1, Math.round(tiny.width() * scale)), (int)
                    Math.max(1, Math.round(tiny.height() * scale)));
            gallery.add(new GalleryPhoto(
                    photo.image(),
                    decoder.decode(content, size).pixels(),
                    generated.get(i),
                    own.get(i),
                    photo.captions()));
        }
        return gallery;
    }
}
