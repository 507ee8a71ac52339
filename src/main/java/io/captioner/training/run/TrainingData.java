package io.captioner.training.run;

import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Manifest;
import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import io.captioner.training.data.VocabularyBuilder;
import io.captioner.training.features.EpochPlan.Example;
import io.captioner.training.metrics.CaptionReward;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data of a run without the pixels.
 *
 * @param examples training captions, with the numbers of their photos
 * @param training the training photos, by number
 * @param validation the validation photos, by number
 * @param grid the places of annotation vectors in a photo
 */
record TrainingData(
        List<Example> examples,
        List<CaptionedPhoto> training,
        List<CaptionedPhoto> validation,
        Vocabulary vocabulary,
        Manifest.Grid grid) {
    private static final Logger log = LoggerFactory.getLogger(TrainingData.class);

    /**
     * Builds the vocabulary of the training captions, and the examples; an example weighs the more, the more its
     * caption agrees with the photo's others, as {@code optimiser.consensus-weight} has it (Phan et al. 2017,
     * arXiv:1712.09532: weighted cross-entropy).
     *
     * @param given the vocabulary to take instead; null for none
     * @throws UnusableJobException if a split has no photo, no word is frequent enough, or every caption is too long
     */
    static TrainingData of(
            CaptionDataset dataset, TrainingProperties properties, Manifest.Grid grid, @Nullable Vocabulary given) {
        TrainingProperties.Data settings = properties.data();
        List<CaptionedPhoto> training = photos(dataset, Split.TRAIN, settings);
        List<CaptionedPhoto> validation = photos(dataset, Split.VALIDATION, settings);
        List<List<String>> tokenized = new ArrayList<>();
        training.forEach(photo -> photo.captions().forEach(caption -> tokenized.add(CaptionTokenizer.words(caption))));
        Vocabulary vocabulary = given == null ? vocabulary(tokenized, settings) : given;
        List<Example> examples = examples(
                training,
                vocabulary,
                settings.maxWords(),
                weights(training, properties.optimiser().consensusWeight()));
        if (examples.isEmpty()) {
            throw new UnusableJobException(
                    "no training caption has 1 to %d words: raise captioner.training.data.max-words"
                            .formatted(settings.maxWords()));
        }
        log.info(
                "{} training photos with {} captions, {} validation photos; a vocabulary of {} entries; {} captions of more than {} words are left out",
                training.size(),
                tokenized.size(),
                validation.size(),
                vocabulary.size(),
                tokenized.size() - examples.size(),
                settings.maxWords());
        return new TrainingData(examples, training, validation, vocabulary, grid);
    }

    private static List<CaptionedPhoto> photos(CaptionDataset dataset, Split split, TrainingProperties.Data settings) {
        List<CaptionedPhoto> photos = dataset.photos(split);
        if (photos.isEmpty()) {
            throw new UnusableJobException(
                    "there is no photo in split '%s' of %s: name one in the captions, or with captioner.training.data.splits"
                            .formatted(split.label(), settings.captions()));
        }
        return photos;
    }

    private static Vocabulary vocabulary(List<List<String>> tokenized, TrainingProperties.Data settings) {
        try {
            return VocabularyBuilder.build(tokenized, settings.minimumCount(), settings.maxVocabulary());
        } catch (IllegalArgumentException e) {
            throw new UnusableJobException("captioner.training.data.minimum-count is %d, but %s"
                    .formatted(settings.minimumCount(), e.getMessage()));
        }
    }

    /** Returns the weight of each caption of each photo; their mean over a photo is 1. */
    static List<List<Float>> weights(List<CaptionedPhoto> photos, float consensus) {
        if (consensus == 0) {
            return photos.stream()
                    .map(photo -> Collections.nCopies(photo.captions().size(), 1f))
                    .toList();
        }
        CaptionReward reward =
                new CaptionReward(photos.stream().map(CaptionedPhoto::captions).toList(), 0);
        List<List<Float>> weights = new ArrayList<>();
        for (int photo = 0; photo < photos.size(); photo++) {
            List<Double> agreement = reward.agreement(photo);
            double mean = agreement.stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(0);
            weights.add(agreement.stream()
                    .map(of -> (float) (mean > 0 ? 1 - consensus + consensus * of / mean : 1))
                    .toList());
        }
        return weights;
    }

    private static List<Example> examples(
            List<CaptionedPhoto> photos, Vocabulary vocabulary, int maxWords, List<List<Float>> weights) {
        List<Example> examples = new ArrayList<>();
        for (int photo = 0; photo < photos.size(); photo++) {
            List<String> captions = photos.get(photo).captions();
            for (int i = 0; i < captions.size(); i++) {
                int[] words = CaptionTokenizer.words(captions.get(i)).stream()
                        .mapToInt(vocabulary::id)
                        .toArray();
                if (words.length > 0 && words.length <= maxWords) {
                    examples.add(new Example(photo, words, weights.get(photo).get(i)));
                }
            }
        }
        return examples;
    }

    /** Returns how many captions the training photos have. */
    int trainingCaptions() {
        return training.stream().mapToInt(photo -> photo.captions().size()).sum();
    }
}
