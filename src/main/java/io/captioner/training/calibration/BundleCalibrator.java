package io.captioner.training.calibration;

import io.captioner.image.ImagePreparation;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.jobs.AtomicFile;
import io.captioner.jobs.Progress;
import io.captioner.model.Bundle;
import io.captioner.model.Calibration;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Familiarity;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import io.captioner.model.ModelDevice;
import io.captioner.model.Neighbours;
import io.captioner.model.Phrases;
import io.captioner.model.TrainingPhotos;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.evaluation.BundleCaptioner;
import io.captioner.training.features.PhotoReader;
import io.captioner.training.metrics.Validation;
import io.captioner.trust.Evidence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calibration of a bundle: it captions photos with its own search, each caption is judged by those of people, and
 * the functions that turn evidence into confidence are written into the bundle.
 */
public final class BundleCalibrator {
    private static final Logger log = LoggerFactory.getLogger(BundleCalibrator.class);
    private static final int BATCH = 16;
    private static final int ODD_PICTURES = 12;
    private static final long SEED = 1;

    private final PhotoReader reader;
    private final Settings settings;
    private final Progress progress;

    /**
     * What counts as right, and which confidence has which level.
     *
     * @param rightFrom CIDEr-D against the references from which on a caption counts as right
     * @param mediumFrom confidence from which on the level is medium
     * @param highFrom confidence from which on the level is high
     * @param caution weight of wrong captions of other data sets than the first, above 0
     * @param axes most main axes of the training photos that are kept
     * @param trainingPhotos most training photos that are used
     * @param neighbours whether the bundle gets their captions
     */
    public record Settings(
            double rightFrom,
            double mediumFrom,
            double highFrom,
            double caution,
            int axes,
            int trainingPhotos,
            boolean neighbours) {
        /**
         * CIDEr-D of 0.5; medium from 0.3, high from 0.6; all captions weigh the same; 256 axes of 6,000 photos, and
         * their captions.
         */
        public static final Settings DEFAULTS = new Settings(0.5, 0.3, 0.6, 1, 256, 6000, true);
    }

    /**
     * Photos with captions that the bundle was not trained on.
     *
     * @param name for people
     * @param photos at least two
     */
    public record DataSet(String name, List<CaptionedPhoto> photos) {}

    /** A calibrator that reads photos as the service does. */
    public BundleCalibrator(PhotoDecoder photos, Settings settings, Progress progress) {
        this.reader = (bytes, size) -> photos.decode(bytes, size).pixels();
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Calibrates a bundle, and writes what it knows of its training photos and its manifest anew, with the scores of
     * the first data set: training photos and the prior of words change the captions.
     *
     * @param trainingPhotos as {@link #trainingPhotos} gives them; null to calibrate without familiarity and support
     * @param data at least one; the first one is of the training's kind
     * @param language BCP 47 tag that the manifest gets; null for that which it has
     */
    public Calibration calibrate(
            Path bundle, @Nullable TrainingPhotos trainingPhotos, List<DataSet> data, @Nullable String language)
            throws IOException {
        List<JudgedCaption> judged = new ArrayList<>();
        List<Validation> scored = new ArrayList<>();
        try (CaptionModel model = DjlBundleLoader.load(bundle, ModelDevice.AUTO)) {
            for (int number = 0; number < data.size(); number++) {
                DataSet set = data.get(number);
                List<List<Hypothesis>> found = caption(model, trainingPhotos, set);
                Validation validation = Validation.of(
                        set.photos(),
                        found.stream()
                                .map(ofPhoto -> BundleCaptioner.generated(model, ofPhoto.get(0)))
                                .toList());
                scored.add(validation);
                List<Double> ciderD =
                        List.copyOf(validation.ciderD(set.photos()).values());
                judged.addAll(judge(model, trainingPhotos, number, found, ciderD));
            }
            judged.addAll(drawn(model, trainingPhotos));
        }
        Calibration calibration = calibration(judged, data);
        Manifest manifest = ManifestFile.read(bundle).withScores(scored.get(0).figures());
        write(bundle, trainingPhotos, manifest, calibration, language);
        return calibration;
    }

    /**
     * Returns what a bundle is to know of the photos that it was trained on.
     *
     * @param training those photos, at least two
     * @param heldOut photos of the same kind that it was not trained on
     */
    public TrainingPhotos trainingPhotos(Path bundle, List<CaptionedPhoto> training, DataSet heldOut)
            throws IOException {
        List<CaptionedPhoto> chosen = new ArrayList<>(training);
        Collections.shuffle(chosen, new Random(SEED));
        chosen = chosen.subList(0, Math.min(chosen.size(), settings.trainingPhotos()));
        try (CaptionModel model = DjlBundleLoader.load(bundle, ModelDevice.AUTO)) {
            float[][] features = features(model, chosen, "training photos");
            Familiarity familiarity = TrainingSpace.of(
                    features, features(model, heldOut.photos(), "photos of " + heldOut.name()), settings.axes());
            float[][] directions = Arrays.stream(features)
                    .map(photo -> familiarity.direction(familiarity.position(photo)))
                    .toArray(float[][]::new);
            int[][][] captions = chosen.stream()
                    .map(photo -> photo.captions().stream()
                            .map(caption -> ids(caption, model.vocabulary()))
                            .toArray(int[][]::new))
                    .toArray(int[][][]::new);
            return new TrainingPhotos(
                    familiarity,
                    settings.neighbours() ? Neighbours.of(directions, captions) : null,
                    Phrases.of(directions, captions, RidgeRegression::slopes));
        }
    }

    private static int[] ids(String caption, Vocabulary vocabulary) {
        return CaptionTokenizer.words(caption).stream().mapToInt(vocabulary::id).toArray();
    }

    private float[][] features(CaptionModel model, List<CaptionedPhoto> photos, String task) throws IOException {
        List<float[]> features = new ArrayList<>();
        eachBatch(model, photos, task, (batch, pixels) -> features.addAll(List.of(model.features(pixels))));
        return features.toArray(float[][]::new);
    }

    private List<List<Hypothesis>> caption(CaptionModel model, @Nullable TrainingPhotos trainingPhotos, DataSet data)
            throws IOException {
        List<List<Hypothesis>> found = new ArrayList<>();
        eachBatch(
                model,
                data.photos(),
                "captions of " + data.name(),
                (batch, pixels) -> found.addAll(caption(model, trainingPhotos, pixels)));
        return found;
    }

    private List<JudgedCaption> judge(
            CaptionModel model,
            @Nullable TrainingPhotos trainingPhotos,
            int number,
            List<List<Hypothesis>> found,
            List<Double> scores) {
        List<JudgedCaption> judged = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).get(0).tokens().length > 0) {
                judged.add(judged(model, trainingPhotos, found.get(i), number, scores.get(i)));
            }
        }
        return judged;
    }

    private List<JudgedCaption> drawn(CaptionModel model, @Nullable TrainingPhotos trainingPhotos) {
        ImagePreparation preparation = model.manifest().input().preparation();
        List<Pixels> pictures = OddPictures.draw(SEED, ODD_PICTURES, preparation.size()).stream()
                .map(picture -> picture.withChannels(preparation.channels()))
                .toList();
        List<JudgedCaption> judged = new ArrayList<>();
        for (int from = 0; from < pictures.size(); from += BATCH) {
            List<Pixels> batch = pictures.subList(from, Math.min(pictures.size(), from + BATCH));
            for (List<Hypothesis> hypotheses : caption(model, trainingPhotos, batch)) {
                if (hypotheses.get(0).tokens().length > 0) {
                    judged.add(judged(model, trainingPhotos, hypotheses, JudgedCaption.DRAWN, 0));
                }
            }
        }
        return judged;
    }

    private static List<List<Hypothesis>> caption(
            CaptionModel model, @Nullable TrainingPhotos trainingPhotos, List<Pixels> pixels) {
        DecodeOptions options = model.manifest().defaults();
        List<List<Hypothesis>> answers = model.caption(pixels, options);
        // What an earlier calibration knew is not taken over.
        return trainingPhotos == null
                ? answers.stream()
                        .map(ofImage -> ofImage.stream()
                                .map(one -> one.at(new float[0], null, null))
                                .toList())
                        .toList()
                : trainingPhotos.place(answers, model.features(pixels), options.byConsensus());
    }

    private JudgedCaption judged(
            CaptionModel model,
            @Nullable TrainingPhotos trainingPhotos,
            List<Hypothesis> hypotheses,
            int dataSet,
            double ciderD) {
        Hypothesis best = hypotheses.get(0);
        return new JudgedCaption(
                Evidence.of(best, hypotheses, model),
                dataSet,
                ciderD,
                ciderD >= settings.rightFrom(),
                best.confidence(),
                trainingPhotos == null
                        ? Double.NaN
                        : trainingPhotos.familiarity().share(Familiarity.distance(best.position())));
    }

    private Calibration calibration(List<JudgedCaption> judged, List<DataSet> data) {
        CalibrationFit fit = new CalibrationFit(judged, settings.caution(), true);
        double[] all = fit.crossFitted(SEED);
        List<JudgedCaption> photos = new ArrayList<>();
        List<Double> confidence = new ArrayList<>();
        List<Double> drawn = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            if (judged.get(i).dataSet() == JudgedCaption.DRAWN) {
                drawn.add(all[i]);
            } else {
                photos.add(judged.get(i));
                confidence.add(all[i]);
            }
        }
        double[] ofPhotos = confidence.stream().mapToDouble(value -> value).toArray();
        List<Calibration.DataSet> sets = new ArrayList<>();
        for (int number = 0; number < data.size(); number++) {
            sets.add(dataSet(data.get(number).name(), photos, ofPhotos, number));
        }
        Calibration.Figures figures = CalibrationFit.figures(photos, ofPhotos);
        log.info(
                "drawn pictures (noise, one colour, gradients, stripes, text): mean confidence {}",
                number(drawn.stream().mapToDouble(value -> value).average().orElse(Double.NaN)));
        return new Calibration(
                String.format(Locale.ROOT, "CIDEr-D of at least %s against the references", settings.rightFrom()),
                fit.fit(),
                new CalibrationFit(judged, settings.caution(), false).fit(),
                settings.mediumFrom(),
                settings.highFrom(),
                sets,
                figures);
    }

    private static Calibration.DataSet dataSet(
            String name, List<JudgedCaption> photos, double[] confidence, int number) {
        double[] right = new double[confidence.length];
        double[] likelihood = new double[confidence.length];
        double[] familiarity = new double[confidence.length];
        int count = 0;
        for (int i = 0; i < confidence.length; i++) {
            JudgedCaption caption = photos.get(i);
            right[i] = caption.right() ? 1 : 0;
            likelihood[i] = caption.likelihood();
            familiarity[i] = caption.familiarity();
            count += caption.dataSet() == number ? 1 : 0;
        }
        double familiar = CalibrationFit.mean(photos, familiarity, number);
        return new Calibration.DataSet(
                name,
                count,
                CalibrationFit.mean(photos, right, number),
                CalibrationFit.mean(photos, confidence, number),
                CalibrationFit.mean(photos, likelihood, number),
                Double.isNaN(familiar) ? null : familiar);
    }

    private static void write(
            Path bundle,
            @Nullable TrainingPhotos trainingPhotos,
            Manifest manifest,
            Calibration calibration,
            @Nullable String language)
            throws IOException {
        if (trainingPhotos == null) {
            TrainingPhotos.delete(bundle);
        } else {
            trainingPhotos.write(bundle);
        }
        Manifest calibrated =
                manifest.with(language == null ? manifest.language() : language, calibration, Bundle.hashes(bundle));
        AtomicFile.write(bundle.resolve(Bundle.MANIFEST), file -> ManifestFile.writeTo(file, calibrated));
    }

    /** Uses a batch of photos. */
    @FunctionalInterface
    private interface BatchUse {
        void accept(List<CaptionedPhoto> photos, List<Pixels> pixels);
    }

    private void eachBatch(CaptionModel model, List<CaptionedPhoto> photos, String task, BatchUse use)
            throws IOException {
        ImagePreparation preparation = model.manifest().input().preparation();
        try (Progress.Task steps = progress.start(task, photos.size())) {
            for (int from = 0; from < photos.size(); from += BATCH) {
                List<CaptionedPhoto> batch = photos.subList(from, Math.min(photos.size(), from + BATCH));
                List<Pixels> pixels = new ArrayList<>();
                for (CaptionedPhoto photo : batch) {
                    pixels.add(reader.read(photo.file(), preparation));
                }
                use.accept(batch, pixels);
                steps.step(batch.size(), "");
            }
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
