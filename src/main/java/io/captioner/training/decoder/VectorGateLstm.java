package io.captioner.training.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The decoder of "Show, Attend and Tell" (Xu et al. 2015) as a widely used PyTorch implementation has it
 * (sgrvinod/a-PyTorch-Tutorial-to-Image-Captioning): it attends to the annotation vectors as they are, its alignment
 * model is rectified, a sigmoid of the hidden state gates each of their channels, the initial state is linear in their
 * mean, and the logits are linear in the hidden state alone.
 */
final class VectorGateLstm extends LstmDecoder {
    private final BahdanauAttention attention;

    VectorGateLstm(DecoderSize size) {
        super(size, size.channels());
        this.attention = new BahdanauAttention(
                size.cells(), size.channels(), size.attention(), size.hidden(), size.temperature(), true);
    }

    @Override
    public boolean attends() {
        return true;
    }

    @Override
    public Map<String, long[]> weightShapes() {
        long d = size.channels();
        long h = size.hidden();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        DecoderLayers.addDenseShapes(shapes, "initial/hidden", d, h);
        DecoderLayers.addDenseShapes(shapes, "initial/cell", d, h);
        attention.addShapes(shapes);
        DecoderLayers.addDenseShapes(shapes, "gate", h, d);
        shapes.put("embedding", new long[] {size.vocabulary(), size.embedding()});
        lstm.addShapes(shapes);
        DecoderLayers.addDenseShapes(shapes, "output/logits", h, size.vocabulary());
        return shapes;
    }

    @Override
    public List<String> stepWeights() {
        List<String> names = new ArrayList<>(BahdanauAttention.STEP_WEIGHTS);
        names.addAll(List.of("gate/kernel", "gate/bias", "embedding"));
        names.addAll(Lstm.WEIGHTS);
        names.addAll(List.of("output/logits/kernel", "output/logits/bias"));
        return names;
    }

    @Override
    public DecoderContext initialState(DecoderLayers layers, Operand<TFloat32> annotations, Mode mode) {
        Operand<TFloat32> mean = mean(layers, annotations); // [N, D]
        return new DecoderContext(
                List.of(annotations, attention.keys(layers, annotations)),
                List.of(
                        layers.denseOfFewRows(mean, "initial/hidden", size.channels(), size.hidden()),
                        layers.denseOfFewRows(mean, "initial/cell", size.channels(), size.hidden())));
    }

    @Override
    public AttentionOutput attend(
            DecoderLayers layers, List<Operand<TFloat32>> perImage, RowLayout layout, Operand<TFloat32> hidden) {
        return attention.attendGated(layers, perImage, layout, hidden, size.channels());
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
