package io.captioner.training.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A GRU with Bahdanau attention over projected annotation vectors, which starts from zeros: the decoder that
 * TensorFlow's captioning tutorial describes. The tutorial's own GRU is not given its previous state; this one is.
 */
final class SoftAttentionGru extends Decoder {
    private final BahdanauAttention attention;
    private final Gru gru;

    SoftAttentionGru(DecoderSize size) {
        super(size);
        this.attention = BahdanauAttention.of(size);
        this.gru = new Gru(size.embedding(), size.features(), size.hidden());
    }

    @Override
    public boolean attends() {
        return true;
    }

    @Override
    public Map<String, long[]> weightShapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        DecoderLayers.addDenseShapes(shapes, "features", size.channels(), size.features());
        attention.addShapes(shapes);
        shapes.put("embedding", new long[] {size.vocabulary(), size.embedding()});
        gru.addShapes(shapes);
        DecoderLayers.addDenseShapes(shapes, "output/hidden", size.hidden(), size.output());
        DecoderLayers.addDenseShapes(shapes, "output/logits", size.output(), size.vocabulary());
        return shapes;
    }

    @Override
    public List<String> stepWeights() {
        List<String> names = new ArrayList<>(BahdanauAttention.STEP_WEIGHTS);
        names.add("embedding");
        names.addAll(Gru.WEIGHTS);
        names.addAll(
                List.of("output/hidden/kernel", "output/hidden/bias", "output/logits/kernel", "output/logits/bias"));
        return names;
    }

    @Override
    public List<Integer> stateWidths() {
        return List.of(size.hidden());
    }

    @Override
    public DecoderContext initialState(DecoderLayers layers, Operand<TFloat32> annotations, Mode mode) {
        Operand<TFloat32> a = project(layers, annotations, mode); // [N, L, P]
        Operand<TFloat32> zeros = layers.zeros(a, size.hidden());
        return new DecoderContext(List.of(a, attention.keys(layers, a)), List.of(zeros));
    }

    @Override
    DenseLayer inputLayer() {
        return gru.inputLayer();
    }

    @Override
    public Operand<TFloat32> gateInputs(DecoderLayers layers, Operand<TFloat32> embedded) {
        return gru.gateInputs(layers, embedded);
    }

    @Override
    public AttentionOutput attend(
            DecoderLayers layers, List<Operand<TFloat32>> perImage, RowLayout layout, Operand<TFloat32> hidden) {
        return attention.attend(layers, perImage.get(0), perImage.get(1), layout, hidden);
    }

    @Override
    public List<Operand<TFloat32>> step(
            DecoderLayers layers,
            Operand<TFloat32> gateInputs,
            AttentionOutput attention,
            List<Operand<TFloat32>> state) {
        return List.of(gru.step(layers, gateInputs, attention.context().get(0), state.get(0)));
    }

    @Override
    public Operand<TFloat32> logits(
            DecoderLayers layers,
            Operand<TFloat32> embedded,
            List<Operand<TFloat32>> context,
            Operand<TFloat32> hidden,
            Mode mode) {
        Operand<TFloat32> o =
                mode.dropOutput(layers.denseOfFewRows(hidden, "output/hidden", size.hidden(), size.output()));
        return layers.denseOfFewRows(o, "output/logits", size.output(), size.vocabulary());
    }
}
