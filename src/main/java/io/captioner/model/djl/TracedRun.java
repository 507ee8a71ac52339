package io.captioner.model.djl;

import ai.djl.tensorflow.engine.SavedModelBundle;
import ai.djl.tensorflow.engine.javacpp.JavacppUtils;
import ai.djl.util.Pair;
import com.google.protobuf.InvalidProtocolBufferException;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Manifest;
import io.captioner.model.ModelFailedException;
import io.captioner.model.Signatures;
import io.captioner.model.gpu.DeviceUse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.AbstractTF_Tensor;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * A run of the captioning signature over black images under TensorFlow's full trace, in the very session that serves;
 * DJL itself takes no options of a run and gives back no trace.
 */
final class TracedRun {
    private static final RunOptions TRACED = RunOptions.newBuilder()
            .setTraceLevel(RunOptions.TraceLevel.FULL_TRACE)
            .setOutputPartitionGraphs(true)
            .build();

    private final SavedModelBundle bundle;
    private final SignatureDef signature;
    private final Manifest manifest;

    private TracedRun(SavedModelBundle bundle, Manifest manifest) {
        this.bundle = bundle;
        this.signature = Objects.requireNonNull(
                bundle.getMetaGraphDef().getSignatureDefMap().get(Signatures.CAPTION));
        this.manifest = manifest;
    }

    /**
     * Runs a batch; the bundle must stay open meanwhile.
     *
     * @throws ModelFailedException if the device fails
     */
    static DeviceUse run(SavedModelBundle bundle, Manifest manifest, int images) {
        try {
            return DeviceUse.of(new TracedRun(bundle, manifest).trace(images));
        } catch (RuntimeException e) {
            throw new ModelFailedException("a traced run failed: " + e.getMessage(), e);
        }
    }

    private RunMetadata trace(int images) {
        try (PointerScope scope = new PointerScope()) {
            List<TensorInfo> fed = new ArrayList<>();
            List<TF_Tensor> values = new ArrayList<>();
            for (Map.Entry<String, TensorInfo> input : signature.getInputsMap().entrySet()) {
                fed.add(input.getValue());
                values.add(value(input.getKey(), input.getValue().getDtype(), images));
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

    private TF_Tensor value(String input, DataType type, int images) {
        if (input.equals(Signatures.IMAGE)) {
            Manifest.Input taken = manifest.input();
            long[] shape = {
                images, taken.height(), taken.width(), taken.preparation().channels()
            };
            long bytes = shape[0] * shape[1] * shape[2] * shape[3];
            TF_Tensor tensor = AbstractTF_Tensor.allocateTensor(type.getNumber(), shape, bytes);
            data(tensor, bytes).put(new byte[(int) bytes]);
            return tensor;
        }
        TF_Tensor tensor = AbstractTF_Tensor.allocateTensor(type.getNumber(), new long[0], Integer.BYTES);
        ByteBuffer data = data(tensor, Integer.BYTES);
        double value = option(input);
        if (type == DataType.DT_FLOAT) {
            data.putFloat((float) value);
        } else {
            data.putInt((int) value);
        }
        return tensor;
    }

    private double option(String input) {
        DecodeOptions options = manifest.defaults();
        return switch (input) {
            case Signatures.BEAM_WIDTH, Signatures.ALTERNATIVES -> options.beamWidth();
            case Signatures.MAX_LENGTH -> options.maxWords();
            case Signatures.LENGTH_PENALTY -> options.lengthPenalty();
            case Signatures.TOP_P -> 1;
            default -> 0; // no sampling, and nothing forbidden
        };
    }

    private static ByteBuffer data(TF_Tensor tensor, long bytes) {
        return tensorflow.TF_TensorData(tensor).capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
