package io.captioner.model.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.tensorflow.engine.SavedModelBundle;
import ai.djl.tensorflow.engine.TfNDArray;
import ai.djl.tensorflow.engine.javacpp.JavacppUtils;
import ai.djl.util.Pair;
import com.google.protobuf.InvalidProtocolBufferException;
import io.captioner.model.gpu.DeviceUse;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * A run of a signature under TensorFlow's full trace, in the very session that serves; DJL itself takes no options of a
 * run and gives back no trace.
 */
final class TracedRun {
    private static final RunOptions TRACED = RunOptions.newBuilder()
            .setTraceLevel(RunOptions.TraceLevel.FULL_TRACE)
            .setOutputPartitionGraphs(true)
            .build();

    private final SavedModelBundle bundle;
    private final SignatureDef signature;

    private TracedRun(SavedModelBundle bundle, SignatureDef signature) {
        this.bundle = bundle;
        this.signature = signature;
    }

    /**
     * Runs a batch; the bundle must stay open meanwhile.
     *
     * @param signature of the bundle
     * @param inputs all its inputs, by their names
     */
    static DeviceUse run(SavedModelBundle bundle, SignatureDef signature, NDList inputs) {
        return DeviceUse.of(new TracedRun(bundle, signature).trace(inputs));
    }

    private RunMetadata trace(NDList given) {
        try (PointerScope scope = new PointerScope()) {
            List<TensorInfo> fed = new ArrayList<>();
            List<TF_Tensor> values = new ArrayList<>();
            for (NDArray input : given) {
                fed.add(signature.getInputsOrThrow(input.getName()));
                values.add(JavacppUtils.resolveTFETensor(((TfNDArray) input).getHandle()));
            }
            TF_Output inputs = places(fed);
            TF_Output outputs = places(List.copyOf(signature.getOutputsMap().values()));
            int answers = signature.getOutputsCount();
            PointerPointer<TF_Tensor> inputValues = new PointerPointer<>(values.size());
            for (int i = 0; i < values.size(); i++) {
                inputValues.put(i, values.get(i));
            }
            PointerPointer<TF_Tensor> outputValues = new PointerPointer<>(answers);
            TF_Buffer options = TF_Buffer.newBufferFromString(TRACED);
            TF_Buffer trace = TF_Buffer.newBuffer();
            TF_Status status = TF_Status.newStatus();
            tensorflow.TF_SessionRun(
                    bundle.getSession(),
                    options,
                    inputs,
                    inputValues,
                    values.size(),
                    outputs,
                    outputValues,
                    answers,
                    new PointerPointer<TF_Operation>(0),
                    0,
                    trace,
                    status);
            status.throwExceptionIfNotOK();
            for (int i = 0; i < answers; i++) {
                outputValues.get(TF_Tensor.class, i).withDeallocator(); // freed with the scope
            }
            return RunMetadata.parseFrom(trace.dataAsByteBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("bug: TensorFlow's trace is none", e);
        }
    }

    private TF_Output places(List<TensorInfo> tensors) {
        TF_Output places = new TF_Output(tensors.size());
        for (int i = 0; i < tensors.size(); i++) {
            Pair<TF_Operation, Integer> place = JavacppUtils.getGraphOperationByName(
                    bundle.getGraph(), tensors.get(i).getName());
            places.position(i).oper(place.getKey()).index(place.getValue());
        }
        return places.position(0);
    }
}
