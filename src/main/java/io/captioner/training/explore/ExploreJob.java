package io.captioner.training.explore;

import io.captioner.attention.Thumbnails;
import io.captioner.image.ImageSize;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.ImageValidator.ImageFacts;
import io.captioner.training.data.ImageValidator;
import io.captioner.training.data.PictureFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The explore job: reads a data set leniently and writes one page about what is in it and what is wrong with it. */
final class ExploreJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(ExploreJob.class);
    private static final int SHOWN = 10;
    private static final int LONGER_SIDE = 360;

    private final ExploreProperties properties;
    private final PhotoDecoder decoder;
    private final Progress progress;

    ExploreJob(ExploreProperties properties, PhotoDecoder decoder, Progress progress) {
        this.properties = properties;
        this.decoder = decoder;
        this.progress = progress;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        ImageValidator validator =
                new ImageValidator(decoder, properties.cacheDirectory().resolve("pictures.jsonl"), progress);
        try (CaptionDataset data = CaptionDataset.read(properties.files(), LintMode.LENIENT, validator)) {
            data.faults().forEach(fault -> log.warn("{}", fault));
            Map<Path, ImageFacts> pictures = validator
                    .validate(data.photos().stream().map(CaptionedPhoto::file).toList())
                    .readable();
            String page = new ExplorePage(
                            properties.name(),
                            CaptionStatistics.of(data.photos()),
                            List.copyOf(pictures.values()),
                            sample(data.photos(), pictures),
                            data.faults(),
                            data.unused())
                    .html();
            write(properties.output(), page);
        }
        log.info("wrote {}", properties.output());
    }

    private List<ExplorePage.Sample> sample(List<CaptionedPhoto> photos, Map<Path, ImageFacts> pictures)
            throws IOException {
        List<CaptionedPhoto> shuffled = new ArrayList<>(photos);
        Collections.shuffle(shuffled, new Random(properties.seed()));
        List<ExplorePage.Sample> samples = new ArrayList<>();
        for (CaptionedPhoto photo : shuffled.subList(0, Math.min(SHOWN, shuffled.size()))) {
            ImageFacts facts = pictures.get(photo.file());
            if (facts != null) {
                byte[] bytes = PictureFile.read(photo.file());
                byte[] jpeg =
                        Thumbnails.photo(decoder.decode(bytes, thumbnail(facts)).pixels());
                samples.add(new ExplorePage.Sample(photo, facts, jpeg));
            }
        }
        return samples;
    }

    private static ImageSize thumbnail(ImageFacts facts) {
        double scale = Math.min(1, (double) LONGER_SIDE / Math.max(facts.width(), facts.height()));
        return new ImageSize(Math.max(1, (int) Math.round(scale * facts.width())), Math.max(1, (int)
                Math.round(scale * facts.height())));
    }

    private static void write(Path file, String page) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, page, StandardCharsets.UTF_8);
    }

    /** The job that {@code captioner.job=explore} runs. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "explore")
    @EnableConfigurationProperties(ExploreProperties.class)
    static class ExploreConfiguration {
        @Bean
        ExploreJob exploreJob(ExploreProperties properties, Progress progress) {
            return new ExploreJob(properties, new PhotoDecoder(ImageLimits.defaults()), progress);
        }
    }
}
