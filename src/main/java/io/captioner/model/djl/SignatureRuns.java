package io.captioner.model.djl;

import ai.djl.tensorflow.engine.SavedModelBundle;
import ai.djl.tensorflow.engine.TfSymbolBlock;
import io.captioner.model.Signatures;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * How a graph captions and how it scores. Where the same nodes do both, it is by runs of the same inputs and outputs:
 * TensorFlow prepares a graph anew for each set of them, which takes longer than loading it, and keeps a copy of what
 * it has computed from the weights.
 *
 * @param captions the signature of the captioner
 * @param scores the signature of the scorer
 */
record SignatureRuns(TfSymbolBlock captioner, SignatureDef captions, TfSymbolBlock scorer, SignatureDef scores) {
    private static final String BOTH = "caption_or_score";
    private static final String FIRST_OUTPUT = ":0";

    /** Returns the runs of a bundle that is loaded. */
    static SignatureRuns of(TfSymbolBlock captioner) {
        SavedModelBundle bundle = captioner.getSavedModelBundle();
        MetaGraphDef graph = bundle.getMetaGraphDef();
        SignatureDef caption = graph.getSignatureDefOrThrow(Signatures.CAPTION);
        SignatureDef score = graph.getSignatureDefOrThrow(Signatures.SCORE);
        if (!score.containsInputs(Signatures.IMAGE_INDEX) || !isOf(caption, score, graph)) {
            return new SignatureRuns(captioner, caption, new TfSymbolBlock(bundle, Signatures.SCORE), score);
        }
        SignatureDef both = caption.toBuilder()
                .putInputs(Signatures.TOKENS, score.getInputsOrThrow(Signatures.TOKENS))
                .putInputs(Signatures.IMAGE_INDEX, score.getInputsOrThrow(Signatures.IMAGE_INDEX))
                .putOutputs(Signatures.VOCABULARY_SIZE, score.getOutputsOrThrow(Signatures.VOCABULARY_SIZE))
                .build();
        MetaGraphDef withBoth = graph.toBuilder().putSignatureDef(BOTH, both).build();
        TfSymbolBlock block =
                new TfSymbolBlock(new SavedModelBundle(bundle.getGraph(), bundle.getSession(), withBoth), BOTH);
        return new SignatureRuns(block, both, block, both);
    }

    /** Whether what is scored is what captioning finds, without the axis of hypotheses. */
    private static boolean isOf(SignatureDef caption, SignatureDef score, MetaGraphDef graph) {
        return score.getOutputsMap().entrySet().stream()
                .filter(output -> caption.containsOutputs(output.getKey()))
                .allMatch(output -> squeezed(graph, output.getValue())
                        .equals(node(caption.getOutputsOrThrow(output.getKey()).getName())));
    }

    /** Returns what a node squeezes, or an empty name. */
    private static String squeezed(MetaGraphDef graph, TensorInfo tensor) {
        String name = node(tensor.getName());
        return graph.getGraphDef().getNodeList().stream()
                .filter(one -> one.getName().equals(name) && one.getOp().equals("Squeeze"))
                .map(one -> node(one.getInput(0)))
                .findFirst()
                .orElse("");
    }

    /** Returns the node whose first output is a tensor. */
    private static String node(String tensor) {
        return tensor.endsWith(FIRST_OUTPUT) ? tensor.substring(0, tensor.length() - FIRST_OUTPUT.length()) : tensor;
    }
}
