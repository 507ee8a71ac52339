package io.captioner.training.graph;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;

/** The tensors that one run is fed and that are closed after it. */
final class Feed implements AutoCloseable {
    private final Session.Runner runner;
    private final List<Tensor> tensors = new ArrayList<>();

    Feed(Session.Runner runner) {
        this.runner = runner;
    }

    /** Feeds a tensor, which belongs to this feed from now on. */
    Feed put(Operand<?> input, Tensor value) {
        tensors.add(value);
        runner.feed(input, value);
        return this;
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
    }
}
