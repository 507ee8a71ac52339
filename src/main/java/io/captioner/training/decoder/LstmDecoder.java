package io.captioner.training.decoder;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A decoder whose recurrent layer is an LSTM over the words and, with attention, a context. */
abstract sealed class LstmDecoder extends Decoder
        permits SoftAttentionLstm, VectorGateLstm, ShowAndTell, InitialStateLstm {
    final Lstm lstm;

    /** @param context width of the context, 0 without attention */
    LstmDecoder(DecoderSize size, int context) {
        super(size);
        this.lstm = new Lstm(size.embedding(), context, size.hidden());
    }

    @Override
    public final List<Integer> stateWidths() {
        return lstm.stateWidths();
    }

    @Override
    final DenseLayer inputLayer() {
        return lstm.inputLayer();
    }

    @Override
    public final Operand<TFloat32> gateInputs(DecoderLayers layers, Operand<TFloat32> embedded) {
        return lstm.gateInputs(layers, embedded);
    }

    @Override
    public final List<Operand<TFloat32>> step(
            DecoderLayers layers,
            Operand<TFloat32> gateInputs,
            AttentionOutput attention,
            List<Operand<TFloat32>> state) {
        return lstm.step(layers, gateInputs, attention.context(), state);
    }
}
