package io.captioner;

import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.model.ModelFailedException;
import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A caption model without a network: it says "a red picture" of red pixels, finds no words for black ones, and fails on
 * white ones. Attention lies in the quarter of its 2 x 2 grid that is the word's index, with weights 0.1 elsewhere. A
 * test can hold the device.
 */
public final class FakeCaptionModel implements CaptionModel {
    public static final int SIZE = 8;
    public static final int MAX_WORDS = 20;
    static final Vocabulary VOCABULARY = Vocabulary.ofWords(List.of("a", "red", "green", "blue", "picture", "again"));

    private final String name;
    private final boolean attentive;
    private final Semaphore device = new Semaphore(1, true);
    private volatile int failFrom = Integer.MAX_VALUE;
    private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
    private final List<DecodeOptions> asked = new CopyOnWriteArrayList<>();

    private final @Nullable String language;
    private volatile String place = "cpu";

    public FakeCaptionModel(String name, boolean attentive) {
        this(name, attentive, null);
    }

    /** @param language BCP 47 tag that the manifest says; null for none */
    public FakeCaptionModel(String name, boolean attentive, @Nullable String language) {
        this.name = name;
        this.attentive = attentive;
        this.language = language;
    }

    /** Has the model say that it runs on a GPU. */
    public void moveToGpu() {
        place = "gpu:0 (fake)";
    }

    @Override
    public String device() {
        return place;
    }

    /** Returns the sizes of all batches so far. */
    public List<Integer> batchSizes() {
        return batchSizes;
    }

    /** Returns how captions were searched for in all batches so far. */
    public List<DecodeOptions> asked() {
        return asked;
    }

    /** A time in which every batch waits. */
    public final class Hold implements AutoCloseable {
        private boolean over;

        private Hold() {
            device.acquireUninterruptibly();
        }

        /** Returns whether a batch waits. */
        public boolean isReached() {
            return device.hasQueuedThreads();
        }

        /** Lets the batches go on. */
        @Override
        public void close() {
            if (!over) {
                over = true;
                device.release();
            }
        }
    }

    /** Makes every batch wait until the result is closed. */
    public Hold hold() {
        return new Hold();
    }

    /** Makes batches of this size and larger fail. */
    public void failFrom(int size) {
        failFrom = size;
    }

    @Override
    public Manifest manifest() {
        return new Manifest(
                1,
                name,
                "3",
                "a fake",
                "none",
                "none",
                new Manifest.Input(SIZE, SIZE, "stretch", "x", null, null),
                attentive ? new Manifest.Grid(2, 2) : null,
                new Manifest.SpecialIds(0, 1, 2, 3),
                MAX_WORDS,
                new DecodeOptions(3, MAX_WORDS, 0.5f),
                new Manifest.TrainingData("none", "none", List.of(), 0, 0),
                Map.of(),
                Map.of(),
                language,
                null,
                Map.of());
    }

    @Override
    public Vocabulary vocabulary() {
        return VOCABULARY;
    }

    @Override
    public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
        device.acquireUninterruptibly();
        try {
            if (batch.size() >= failFrom) {
                throw new ModelFailedException("too many", new IllegalStateException("too many"));
            }
            batchSizes.add(batch.size());
            asked.add(options);
            return batch.stream().map(pixels -> hypotheses(pixels, options)).toList();
        } finally {
            device.release();
        }
    }

    private List<Hypothesis> hypotheses(Pixels pixels, DecodeOptions options) {
        long[] sums = new long[3];
        for (int i = 0; i < pixels.rgb().length; i++) {
            sums[i % 3] += pixels.rgb()[i] & 0xff;
        }
        long brightest = Math.max(sums[0], Math.max(sums[1], sums[2]));
        long darkest = Math.min(sums[0], Math.min(sums[1], sums[2]));
        long full = 240L * pixels.width() * pixels.height();
        if (darkest > full) {
            throw new ModelFailedException("white is too much", new IllegalStateException("white"));
        }
        String colour = brightest == sums[0] ? "red" : brightest == sums[1] ? "green" : "blue";
        List<Hypothesis> beam = new ArrayList<>();
        for (int k = 0; k < options.beamWidth(); k++) {
            List<String> words = new ArrayList<>(brightest < full / 20 ? List.of() : List.of("a", colour, "picture"));
            for (int again = 0; again < k && !words.isEmpty(); again++) {
                words.add("again");
            }
            beam.add(hypothesis(words.subList(0, Math.min(words.size(), options.maxWords()))));
        }
        return beam;
    }

    private Hypothesis hypothesis(List<String> words) {
        int length = words.size();
        int[] tokens = new int[length];
        float[] logProbabilities = new float[length];
        float[][] attention = new float[attentive ? length : 0][];
        float sum = 0;
        for (int i = 0; i < length; i++) {
            tokens[i] = VOCABULARY.id(words.get(i));
            logProbabilities[i] = (float) Math.log(i == 0 ? 0.5 : 0.25);
            sum += logProbabilities[i];
            if (attentive) {
                attention[i] = new float[] {0.1f, 0.1f, 0.1f, 0.1f};
                attention[i][i % 4] = 0.7f;
            }
        }
        return new Hypothesis(tokens, logProbabilities, sum, sum, attention, true);
    }

    /** A word that the picture's own caption has in the same place is as likely as there, any other a hundredth. */
    private Hypothesis scored(Pixels pixels, int[] tokens) {
        Hypothesis own = hypotheses(pixels, new DecodeOptions(1, MAX_WORDS, 0)).get(0);
        Hypothesis given =
                hypothesis(Arrays.stream(tokens).mapToObj(VOCABULARY::word).toList());
        float sum = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (i >= own.tokens().length || tokens[i] != own.tokens()[i]) {
                given.logProbabilities()[i] = (float) Math.log(0.01);
            }
            sum += given.logProbabilities()[i];
        }
        return new Hypothesis(tokens, given.logProbabilities(), sum, sum, given.attention(), true);
    }

    @Override
    public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
        device.acquireUninterruptibly();
        try {
            if (batch.size() >= failFrom) {
                throw new ModelFailedException("too many", new IllegalStateException("too many"));
            }
            batchSizes.add(batch.size());
            return IntStream.range(0, batch.size())
                    .mapToObj(image -> captions.get(image).stream()
                            .map(tokens -> scored(batch.get(image), tokens))
                            .toList())
                    .toList();
        } finally {
            device.release();
        }
    }

    @Override
    public void close() {}
}
