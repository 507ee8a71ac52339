package io.captioner.training.decoder;

import java.util.function.Function;

/** The decoders that can be trained and served. */
public enum DecoderKind {
    /** "Show, Attend and Tell" (Xu et al. 2015), deterministic soft attention over an annotation grid. */
    SOFT_ATTENTION_LSTM("soft attention LSTM", SoftAttentionLstm::new),
    /** "Show, Attend and Tell" over the annotation vectors themselves, with a gate for each of their channels. */
    VECTOR_GATE_LSTM("soft attention LSTM, vector gate", VectorGateLstm::new),
    /** Bahdanau attention over an annotation grid, and a GRU. */
    SOFT_ATTENTION_GRU("soft attention GRU", SoftAttentionGru::new),
    /** "Show and Tell" (Vinyals et al. 2015): the image is the first input of an LSTM. */
    SHOW_AND_TELL("Show and Tell LSTM", size -> new ShowAndTell(size, true)),
    /** "Show and Tell" as its authors published it in im2txt: the image's embedding is not normalised. */
    SHOW_AND_TELL_LINEAR("Show and Tell LSTM, linear image embedding", size -> new ShowAndTell(size, false)),
    /** The image passes through a bottleneck into the initial state of an LSTM. */
    INITIAL_STATE_LSTM("initial state LSTM", InitialStateLstm::new);

    private final String label;
    private final Function<DecoderSize, Decoder> constructor;

    DecoderKind(String label, Function<DecoderSize, Decoder> constructor) {
        this.label = label;
        this.constructor = constructor;
    }

    /** Returns its name in manifests. */
    public String label() {
        return label;
    }

    /**
     * Returns a decoder of this kind.
     *
     * @throws IllegalArgumentException if it does not fit the encoder
     */
    public Decoder of(DecoderSize size) {
        return constructor.apply(size);
    }
}
