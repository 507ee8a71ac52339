package io.captioner.model;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import java.util.List;

/** A model that says its bundle's name as its device, and writes down that it was closed. */
public record NamedModel(String device, List<String> closed) implements CaptionModel {
    @Override
    public Manifest manifest() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Vocabulary vocabulary() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Hypothesis> score(List<Pixels> batch, List<int[]> captions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed.add(device);
    }
}
