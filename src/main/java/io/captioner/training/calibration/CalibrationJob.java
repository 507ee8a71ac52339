package io.captioner.training.calibration;

import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Calibration;
import io.captioner.model.ModelCard;
import io.captioner.model.TrainingPhotos;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The job that calibrates a bundle's confidence with captioned photos, and prints how well that does. */
final class CalibrationJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(CalibrationJob.class);

    private final CalibrationProperties properties;
    private final BundleCalibrator calibrator;

    CalibrationJob(CalibrationProperties properties, BundleCalibrator calibrator) {
        this.properties = properties;
        this.calibrator = calibrator;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (properties.mediumFrom() > properties.highFrom()) {
            throw new UnusableJobException(
                    "captioner.calibration.medium-from is %s, above high-from, %s: lower the one or raise the other"
                            .formatted(properties.mediumFrom(), properties.highFrom()));
        }
        List<CaptionDataset> open = new ArrayList<>();
        try {
            List<BundleCalibrator.DataSet> data = new ArrayList<>();
            for (CalibrationProperties.DataSet settings : properties.data()) {
                data.add(new BundleCalibrator.DataSet(settings.name(), photos(settings, Split.VALIDATION, open)));
            }
            CalibrationProperties.DataSet training = properties.training();
            TrainingPhotos trainingPhotos = training == null
                    ? null
                    : calibrator.trainingPhotos(properties.bundle(), photos(training, Split.TRAIN, open), data.get(0));
            Calibration calibration =
                    calibrator.calibrate(properties.bundle(), trainingPhotos, data, properties.language());
            CalibrationReport.lines(calibration).forEach(line -> log.info("{}", line));
            log.info("calibrated {}; wrote {}", properties.bundle(), ModelCard.write(properties.bundle(), List.of()));
        } finally {
            for (CaptionDataset dataset : open) {
                dataset.close();
            }
        }
    }

    private static List<CaptionedPhoto> photos(
            CalibrationProperties.DataSet settings, Split otherwise, List<CaptionDataset> open) throws IOException {
        CaptionDataset dataset = CaptionDataset.read(settings.files(), settings.lint(), null);
        open.add(dataset);
        dataset.faults().forEach(fault -> log.warn("left out: {}", fault));
        Split split = Objects.requireNonNullElse(settings.split(), otherwise);
        List<CaptionedPhoto> photos = dataset.photos(split);
        if (photos.size() < 2) {
            throw new UnusableJobException(
                    "split '%s' of data set '%s' has %d photos, and at least 2 are needed: set its split, or name other captions"
                            .formatted(split.label(), settings.name(), photos.size()));
        }
        return photos;
    }

    /** The job that {@code captioner.job=calibrate} runs. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "calibrate")
    @EnableConfigurationProperties(CalibrationProperties.class)
    static class CalibrationConfiguration {
        @Bean
        CalibrationJob calibrationJob(CalibrationProperties properties, Progress progress) {
            return new CalibrationJob(
                    properties,
                    new BundleCalibrator(new PhotoDecoder(ImageLimits.defaults()), properties.settings(), progress));
        }
    }
}
