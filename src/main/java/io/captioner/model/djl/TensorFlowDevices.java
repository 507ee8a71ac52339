package io.captioner.model.djl;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.KernelList;

/** What TensorFlow itself says of its devices; its natives must have been found before. */
final class TensorFlowDevices {
    private TensorFlowDevices() {}

    /**
     * A device of a session.
     *
     * @param name as in {@code /job:localhost/replica:0/task:0/device:GPU:0}
     * @param type {@code CPU}, {@code GPU} or another of TensorFlow's
     */
    record Listed(String name, String type) {}

    /**
     * Opens a session without a graph and lists its devices. The first session of a process decides how GPU memory is
     * managed in all of it.
     */
    static List<Listed> list(ConfigProto config) {
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
            BytePointer bytes = new BytePointer(config.toByteArray());
            tensorflow.TF_SetConfig(options, bytes, bytes.capacity(), status);
            status.throwExceptionIfNotOK();
            TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), options, status);
            status.throwExceptionIfNotOK();
            TF_DeviceList list = tensorflow.TF_SessionListDevices(session, status);
            status.throwExceptionIfNotOK();
            try {
                return read(list, status);
            } finally {
                tensorflow.TF_DeleteDeviceList(list);
            }
        }
    }

    /** Runs a graph of one constant on the CPU. The first graph of a process makes TensorFlow log how it compiles. */
    static void runFirst() {
        ConfigProto config = ConfigProto.newBuilder().putDeviceCount("GPU", 0).build();
        try (Graph graph = new Graph();
                Session session = new Session(graph, config)) {
            session.runner().fetch(Ops.create(graph).constant(0)).run().close();
        }
    }

    /** Whether these natives were compiled for GPUs, with or without a GPU here. */
    static boolean hasGpuKernels() {
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            TF_Buffer kernels = tensorflow.TF_GetRegisteredKernelsForOp("MatMul", status);
            status.throwExceptionIfNotOK();
            try {
                return KernelList.parseFrom(kernels.dataAsByteBuffer()).getKernelList().stream()
                        .anyMatch(kernel -> kernel.getDeviceType().equals("GPU"));
            } finally {
                tensorflow.TF_DeleteBuffer(kernels);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("bug: TensorFlow's list of kernels is none", e);
        }
    }

    private static List<Listed> read(TF_DeviceList list, TF_Status status) {
        List<Listed> devices = new ArrayList<>();
        for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
            String name = tensorflow.TF_DeviceListName(list, i, status).getString();
            String type = tensorflow.TF_DeviceListType(list, i, status).getString();
            status.throwExceptionIfNotOK();
            devices.add(new Listed(name, type));
        }
        return List.copyOf(devices);
    }
}
