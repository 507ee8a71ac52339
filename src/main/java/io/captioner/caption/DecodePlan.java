package io.captioner.caption;

import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeRequest;
import io.captioner.model.Manifest;
import io.captioner.model.Sampling;
import java.util.Objects;

/** From what a request wants, and a bundle's defaults, to how captions are found. */
public final class DecodePlan {
    private DecodePlan() {}

    /** @throws CaptionFailure naming a parameter that contradicts another */
    public static DecodeOptions of(CaptionOptions wanted, Manifest manifest) {
        Strategy strategy = Objects.requireNonNullElse(wanted.strategy(), Strategy.BEAM);
        requireFitting(wanted, strategy);
        int alternatives = Objects.requireNonNullElse(wanted.alternatives(), 1);
        int beamWidth = switch (strategy) {
            case BEAM ->
                Objects.requireNonNullElse(
                        wanted.beamWidth(), manifest.defaults().beamWidth());
            case GREEDY -> 1;
            case SAMPLE -> alternatives;
        };
        if (alternatives > beamWidth) {
            throw CaptionFailure.invalidParameter(
                    "alternatives",
                    "alternatives is %d, but a beam of width %d holds no more than %d captions: ask for fewer, or for a wider beam."
                            .formatted(alternatives, beamWidth, beamWidth));
        }
        return new DecodeRequest(
                        beamWidth,
                        wanted.maxWords(),
                        wanted.lengthPenalty(),
                        wanted.noRepeatNgram(),
                        strategy == Strategy.SAMPLE ? sampling(wanted.sampling()) : null)
                .resolve(manifest);
    }

    private static void requireFitting(CaptionOptions wanted, Strategy strategy) {
        Integer beamWidth = wanted.beamWidth();
        if (strategy != Strategy.BEAM && beamWidth != null && !(strategy == Strategy.GREEDY && beamWidth == 1)) {
            throw CaptionFailure.invalidParameter(
                    "beamWidth",
                    "beamWidth is for strategy=beam: leave it out, or the strategy. With strategy=sample, alternatives says how many captions are drawn.");
        }
        String given = wanted.sampling().anyGiven();
        if (strategy != Strategy.SAMPLE && given != null) {
            throw CaptionFailure.invalidParameter(
                    given, "%s is for strategy=sample: leave it out, or ask for that strategy.".formatted(given));
        }
    }

    private static Sampling sampling(SamplingOptions wanted) {
        return new Sampling(
                Objects.requireNonNullElse(wanted.temperature(), 1f),
                Objects.requireNonNullElse(wanted.topK(), 0),
                Objects.requireNonNullElse(wanted.topP(), 1f),
                Objects.requireNonNullElse(wanted.seed(), 0));
    }
}
