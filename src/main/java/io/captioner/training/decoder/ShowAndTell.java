package io.captioner.training.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The decoder of "Show and Tell" (Vinyals et al. 2015): an LSTM whose first input is the image (section 3.1, equations
 * 10 to 12), and no attention. The image's embedding passes through batch normalisation, as in widely used
 * implementations, or is a product with a matrix alone, as in the authors' own. The output of the LSTM after the image
 * alone is not trained: the paper's loss, equation 13, begins with the first word.
 */
final class ShowAndTell extends LstmDecoder {
    private final boolean normalised;

    /** @param normalised whether the image's embedding has a bias and batch normalisation */
    ShowAndTell(DecoderSize size, boolean normalised) {
        super(size, 0);
        this.normalised = normalised;
    }

    @Override
    public boolean attends() {
        return false;
    }

    @Override
    public Map<String, long[]> weightShapes() {
        long e = size.embedding();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        if (normalised) {
            DecoderLayers.addDenseShapes(shapes, "image", size.channels(), e);
            Mode.addNormalisationShapes(shapes, "image/norm", e);
        } else {
            shapes.put("image/kernel", new long[] {size.channels(), e});
        }
        shapes.put("embedding", new long[] {size.vocabulary(), e});
        lstm.addShapes(shapes);
        DecoderLayers.addDenseShapes(shapes, "output/logits", size.hidden(), size.vocabulary());
        return shapes;
    }

    @Override
    public List<String> stepWeights() {
        List<String> names = new ArrayList<>(List.of("embedding"));
        names.addAll(Lstm.WEIGHTS);
        names.addAll(List.of("output/logits/kernel", "output/logits/bias"));
        return names;
    }

    @Override
    public DecoderContext initialState(DecoderLayers layers, Operand<TFloat32> annotations, Mode mode) {
        Operand<TFloat32> mean = mean(layers, annotations);
        Operand<TFloat32> embedded = normalised
                ? mode.normalise(
                        layers,
                        layers.dense(mean, "image", size.channels(), size.embedding()),
                        "image/norm",
                        size.embedding())
                : layers.product(mean, "image/kernel", size.channels(), size.embedding()); // [N, E]
        Operand<TFloat32> zeros = layers.zeros(embedded, size.hidden());
        return new DecoderContext(
                List.of(), lstm.step(layers, lstm.gateInputs(layers, embedded), List.of(), List.of(zeros, zeros)));
    }

    @Override
    public Operand<TFloat32> logits(
            DecoderLayers layers,
            Operand<TFloat32> embedded,
            List<Operand<TFloat32>> context,
            Operand<TFloat32> hidden,
            Mode mode) {
        return layers.denseOfFewRows(mode.dropOutput(hidden), "output/logits", size.hidden(), size.vocabulary());
    }
}
