package io.captioner.training.run;

import io.captioner.model.Manifest;
import io.captioner.text.Vocabulary;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.features.Example;
import java.util.List;

/**
 * What is trained on, the pixels aside.
 *
 * @param examples training captions, with the numbers of their photos
 * @param training the training photos, by number
 * @param validation the validation photos, by number
 * @param grid how the annotation vectors lie in a photo
 */
record TrainingData(
        List<Example> examples,
        List<CaptionedPhoto> training,
        List<CaptionedPhoto> validation,
        Vocabulary vocabulary,
        Manifest.Grid grid) {}
