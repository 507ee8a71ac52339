package io.captioner.caption;

import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;

/** What the images of one batch have in common: the model, compared by identity, and how captions are searched for. */
record BatchKey(CaptionModel model, DecodeOptions options) {}
