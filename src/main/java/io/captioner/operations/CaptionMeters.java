package io.captioner.operations;

import static java.util.Objects.requireNonNull;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionListener;
import io.captioner.caption.CaptionQualityStats;
import io.captioner.caption.Protocol;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The meters of requests, and of the health of the captions that answer them. */
@Component
@Profile("!training")
final class CaptionMeters implements CaptionListener {
    private static final String OK = "ok";
    private static final double[] WORDS = {4, 6, 8, 10, 12, 15, 20, 30, 50};

    private final MeterRegistry registry;
    private final Map<Outcome, Timer> requests = new ConcurrentHashMap<>();
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Map<Source, Counter> found;
    private final DistributionSummary words;
    private final Counter scored;
    private final Counter unknown;
    private final Counter truncated;
    private final Counter repeated;
    private final Counter abstained;
    private final DistributionSummary confidence;
    private final DistributionSummary familiarity;
    private final DistributionSummary entropy;

    CaptionMeters(MeterRegistry registry) {
        this.registry = registry;
        request(Protocol.CAPTIONER, OK);
        for (CaptionFailure.Reason reason : CaptionFailure.Reason.values()) {
            request(Protocol.CAPTIONER, Meters.tagValue(reason));
        }
        for (Refusal why : Refusal.values()) {
            refused.put(why, Meters.refused(registry, Meters.tagValue(why)));
        }
        found = Meters.images(
                registry,
                "captioner.found",
                "Images answered, by where their captions came from",
                "source",
                Source.class);
        words = DistributionSummary.builder("captioner.caption.words")
                .description("Length of captions")
                .baseUnit("words")
                .serviceLevelObjectives(WORDS)
                .register(registry);
        scored = Meters.counter(registry, "captioner.scored", "texts", "Texts scored as captions of an image");
        unknown = Meters.counter(
                registry, "captioner.caption.unknown", "words", "Words of captions that are not in the vocabulary");
        truncated = captions(registry, "captioner.caption.truncated", "Captions cut at the maximum length");
        repeated = captions(
                registry, "captioner.caption.repeated", "Captions with a word sequence that is repeated at once");
        abstained = captions(
                registry, "captioner.caption.abstained", "Captions withheld because their confidence is too low");
        confidence = Meters.ratio(
                registry,
                "captioner.caption.confidence",
                "Probability that a caption is right; of a bundle that is not calibrated, the geometric mean of its word probabilities");
        familiarity = Meters.ratio(
                registry,
                "captioner.caption.familiarity",
                "Share of photos of the training's kind that lie at least as far from the training photos as the image");
        entropy = Meters.ratio(
                registry,
                "captioner.caption.attention.entropy",
                "Mean entropy of a caption's attention over ln(cells): 0 if all is in one cell, 1 if it is spread evenly");
    }

    @Override
    public void answered(Protocol protocol, int images, Duration took) {
        request(protocol, OK).record(took);
    }

    @Override
    public void failed(Protocol protocol, CaptionFailure.Reason reason, Duration took) {
        request(protocol, Meters.tagValue(reason)).record(took);
    }

    @Override
    public void refused(Refusal why, int images) {
        requireNonNull(refused.get(why)).increment(images);
    }

    @Override
    public void found(Source source) {
        requireNonNull(found.get(source)).increment();
    }

    @Override
    public void captioned(CaptionQualityStats best) {
        words.record(best.words());
        unknown.increment(best.unknownWords());
        if (best.truncated()) {
            truncated.increment();
        }
        if (best.repeats()) {
            repeated.increment();
        }
        if (best.abstained()) {
            abstained.increment();
        }
        confidence.record(best.confidence());
        Double familiar = best.familiarity();
        if (familiar != null) {
            familiarity.record(familiar);
        }
        Double attention = best.attentionEntropy();
        if (attention != null) {
            entropy.record(attention);
        }
    }

    @Override
    public void scored(int texts) {
        scored.increment(texts);
    }

    /** The timers of the service's own protocol exist from the start, those of others from their first request. */
    private Timer request(Protocol protocol, String outcome) {
        return requests.computeIfAbsent(
                new Outcome(protocol, outcome),
                key -> Meters.timer(
                        registry,
                        "captioner.request",
                        "How long a request takes from its permit to its answer, without the transfer of its body",
                        "outcome",
                        key.outcome(),
                        "protocol",
                        key.protocol().tag()));
    }

    private record Outcome(Protocol protocol, String outcome) {}

    private static Counter captions(MeterRegistry registry, String name, String description) {
        return Meters.counter(registry, name, "captions", description);
    }
}
