package io.captioner.model;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import java.util.List;

/** A model whose device is its bundle's name, and which adds that name to a list each time it is closed. */
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
    public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed.add(device);
    }
}
