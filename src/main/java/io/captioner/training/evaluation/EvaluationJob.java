package io.captioner.training.evaluation;

import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.ModelCard;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.source.ObjectBoxes;
import io.captioner.training.metrics.GeneratedCaption;
import io.captioner.training.metrics.Pointing;
import io.captioner.training.metrics.Validation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The evaluation job: has the photos of a split captioned, scores captions and attention, and writes a report. */
final class EvaluationJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(EvaluationJob.class);

    private final EvaluationProperties properties;
    private final PhotoDecoder decoder;
    private final Progress progress;

    EvaluationJob(EvaluationProperties properties, PhotoDecoder decoder, Progress progress) {
        this.properties = properties;
        this.decoder = decoder;
        this.progress = progress;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException, InterruptedException {
        try (CaptionDataset data = CaptionDataset.read(properties.files(), properties.lint(), null)) {
            data.faults().forEach(fault -> log.warn("left out: {}", fault));
            evaluate(data.photos(properties.split()));
        }
    }

    private void evaluate(List<CaptionedPhoto> photos) throws IOException, InterruptedException {
        if (photos.isEmpty()) {
            throw new UnusableJobException("there is no photo in split '%s' of %s; set captioner.evaluation.split"
                    .formatted(properties.split().label(), names(properties.captions())));
        }
        Map<String, ObjectBoxes> boxes = boxes(photos);
        try (PhotoCaptioner captioner = captioner()) {
            Map<String, Validation> searches = new LinkedHashMap<>();
            for (Integer beamWidth : properties.searches()) {
                String search = beamWidth == null ? "own search" : beamWidth == 1 ? "greedy" : "beam " + beamWidth;
                Validation validation =
                        Validation.of(photos, captioner.caption(photos, beamWidth, "captions, " + search), boxes);
                log.info("{} photos, {}: {}", photos.size(), search, validation.summary());
                Pointing pointing = validation.pointing();
                if (pointing != null && pointing.words() == 0) {
                    log.warn(
                            "no caption has a word with attention for what {} has boxes of in its photo: the names and synonyms of categories must be words of captions",
                            properties.boxes());
                }
                searches.put(search, validation);
            }
            Path page = new EvaluationReport(properties.output(), decoder)
                    .write(captioner.name(), facts(captioner, photos), photos, searches, properties.runDirectory());
            log.info("wrote {}", page);
            Path bundle = properties.bundle();
            if (captioner instanceof BundleCaptioner model && bundle != null && properties.card()) {
                String data = "%d photos, split %s of %s"
                        .formatted(photos.size(), properties.split().label(), names(properties.captions()));
                log.info(
                        "wrote {}",
                        ModelCard.write(bundle, MeasuredSections.of(data, photos, searches, model.runs(photos))));
            }
        }
    }

    private Map<String, ObjectBoxes> boxes(List<CaptionedPhoto> photos) throws IOException {
        Path file = properties.boxes();
        if (file == null) {
            return Map.of();
        }
        Map<String, ObjectBoxes> boxes = ObjectBoxes.read(file);
        if (photos.stream().noneMatch(photo -> boxes.containsKey(photo.image()))) {
            throw new UnusableJobException(
                    "%s has no photo of split '%s', such as %s: its file_name must be the name in the captions file"
                            .formatted(
                                    file,
                                    properties.split().label(),
                                    photos.get(0).image()));
        }
        return boxes;
    }

    private PhotoCaptioner captioner() {
        Path bundle = properties.bundle();
        if (bundle == null && properties.card()) {
            throw new UnusableJobException(
                    "captioner.evaluation.card=true writes the card of a bundle on disk: set captioner.evaluation.bundle");
        }
        return bundle == null
                ? new ServiceCaptioner(properties.url(), properties.lengthPenalty(), properties.concurrency(), progress)
                : new BundleCaptioner(bundle, properties.lengthPenalty(), decoder, progress);
    }

    private Map<String, String> facts(PhotoCaptioner captioner, List<CaptionedPhoto> photos) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", captioner.name());
        facts.put("captions", names(properties.captions()));
        facts.put("split", properties.split().label());
        facts.put("photos", Integer.toString(photos.size()));
        facts.put(
                "length penalty",
                properties.lengthPenalty() == null
                        ? "the model's own"
                        : properties.lengthPenalty().toString());
        return facts;
    }

    private static String names(List<SplitFile> files) {
        return files.stream()
                .map(file -> String.valueOf(file.file().getFileName()))
                .collect(Collectors.joining(", "));
    }

    /** The job that scores a running service or a bundle. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "evaluate")
    @EnableConfigurationProperties(EvaluationProperties.class)
    static class EvaluationConfiguration {
        @Bean
        EvaluationJob evaluationJob(EvaluationProperties properties, Progress progress) {
            return new EvaluationJob(properties, new PhotoDecoder(ImageLimits.defaults()), progress);
        }
    }

    /** Something that captions photos: a running service, or a bundle in this process. */
    interface PhotoCaptioner extends AutoCloseable {
        /** Returns what captions, for people. */
        String name();

        /**
         * Captions photos.
         *
         * @param beamWidth hypotheses kept at each step; 1 is greedy search, null the model's own
         * @param task what the progress is called
         * @return the best caption of each photo, in order
         */
        List<GeneratedCaption> caption(List<CaptionedPhoto> photos, @Nullable Integer beamWidth, String task)
                throws IOException, InterruptedException;

        @Override
        void close();
    }
}
