package io.captioner.training.checkpoints;

import io.captioner.files.UnusableFileException;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** A checkpoint of TensorFlow, version 2 or 1, read by TensorFlow itself. For one thread. */
final class TensorFlowCheckpoint implements Checkpoint {
    static final String INDEX = ".index";
    private static final String REMEDY = "fetch its .index and .data files again and keep them together";

    private final Path prefix;
    private final TF_CheckpointReader reader;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    private TensorFlowCheckpoint(Path prefix, TF_CheckpointReader reader) {
        this.prefix = prefix;
        this.reader = reader;
    }

    /**
     * Opens a checkpoint.
     *
     * @param prefix the path without {@code .index} and {@code .data-00000-of-00001}; of version 1 the file itself
     * @throws UnusableFileException if it is no checkpoint, or cut off or damaged
     */
    static TensorFlowCheckpoint open(Path prefix) throws IOException {
        long bytes = size(prefix);
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            TF_CheckpointReader reader = tensorflow.TF_NewCheckpointReader(new BytePointer(prefix.toString()), status);
            require(prefix, status);
            reader.retainReference();
            TensorFlowCheckpoint checkpoint = new TensorFlowCheckpoint(prefix, reader);
            try {
                checkpoint.readShapes(bytes);
            } catch (IOException | RuntimeException e) {
                checkpoint.close();
                throw e;
            }
            return checkpoint;
        }
    }

    /** Returns the bytes of its values. */
    private static long size(Path prefix) throws IOException {
        long bytes = 0;
        for (Path file : files(prefix)) {
            bytes += file.toString().endsWith(INDEX) ? 0 : Files.size(file);
        }
        if (bytes == 0) {
            throw new UnusableFileException("%s.data-00000-of-00001 is missing or empty beside %s%s; keep them together"
                    .formatted(prefix, prefix, INDEX));
        }
        return bytes;
    }

    private void readShapes(long bytes) throws IOException {
        int count = tensorflow.TF_CheckpointReaderSize(reader);
        long left = bytes;
        for (int i = 0; i < count; i++) {
            String name = tensorflow.TF_CheckpointReaderGetVariable(reader, i).getString();
            int type = tensorflow.TF_CheckpointReaderGetVariableDataType(reader, name);
            int rank = tensorflow.TF_CheckpointReaderGetVariableNumDims(reader, name);
            if (type != DataType.DT_FLOAT_VALUE && type != DataType.DT_HALF_VALUE) {
                continue; // counters of steps
            }
            if (rank < 0 || rank > 8) {
                throw damaged(prefix, "%s has %d dimensions".formatted(name, rank));
            }
            Shape shape = shape(name, rank);
            left -= elements(shape) * (type == DataType.DT_FLOAT_VALUE ? Float.BYTES : Short.BYTES);
            if (left < 0) {
                throw damaged(prefix, "%s does not fit the bytes that there are".formatted(name));
            }
            shapes.put(name, shape);
        }
    }

    private Shape shape(String name, int rank) throws IOException {
        try (PointerScope scope = new PointerScope();
                LongPointer sizes = new LongPointer(Math.max(1, rank))) {
            TF_Status status = TF_Status.newStatus();
            tensorflow.TF_CheckpointReaderGetVariableShape(reader, new BytePointer(name), sizes, rank, status);
            require(prefix, status);
            long[] dimensions = new long[rank];
            for (int axis = 0; axis < rank; axis++) {
                dimensions[axis] = sizes.get(axis);
            }
            return Shape.of(dimensions);
        }
    }

    private long elements(Shape shape) throws IOException {
        long elements = 1;
        for (long size : shape.asArray()) {
            if (size < 0 || size > LARGEST || elements * size > LARGEST) {
                throw damaged(prefix, "a tensor is of shape %s".formatted(shape));
            }
            elements *= size;
        }
        return elements;
    }

    private static List<Path> files(Path prefix) throws IOException {
        if (Files.isRegularFile(prefix)) {
            return List.of(prefix); // version 1 is one file
        }
        String name = String.valueOf(prefix.getFileName());
        Path folder = Objects.requireNonNullElse(prefix.toAbsolutePath().getParent(), prefix);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String other = String.valueOf(file.getFileName());
                        return other.equals(name + INDEX) || other.startsWith(name + ".data-");
                    })
                    .sorted()
                    .toList();
        }
    }

    @Override
    public List<Path> files() throws IOException {
        return files(prefix);
    }

    @Override
    public String origin() {
        return prefix.toString();
    }

    @Override
    public Map<String, Shape> tensors() {
        return shapes;
    }

    @Override
    public WeightValues read(String name) throws IOException {
        Shape shape = Objects.requireNonNull(shapes.get(name), name);
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            TF_Tensor tensor = tensorflow.TF_CheckpointReaderGetTensor(reader, new BytePointer(name), status);
            require(prefix, status);
            try {
                int type = tensorflow.TF_TensorType(tensor);
                int size = type == DataType.DT_FLOAT_VALUE ? Float.BYTES : Short.BYTES;
                long bytes = shape.size() * size;
                if (tensorflow.TF_TensorByteSize(tensor) != bytes) {
                    throw damaged(prefix, "%s has %d bytes".formatted(name, tensorflow.TF_TensorByteSize(tensor)));
                }
                ByteBuffer content = new BytePointer(tensorflow.TF_TensorData(tensor))
                        .capacity(bytes)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder());
                float[] values = new float[(int) shape.size()];
                if (size == Float.BYTES) {
                    content.asFloatBuffer().get(values);
                } else {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = Tensors.half(content.getShort(2 * i));
                    }
                }
                return new WeightValues(shape, values);
            } finally {
                tensorflow.TF_DeleteTensor(tensor);
            }
        }
    }

    private static void require(Path prefix, TF_Status status) throws UnusableFileException {
        if (tensorflow.TF_GetCode(status) != tensorflow.TF_OK) {
            throw damaged(prefix, String.valueOf(tensorflow.TF_Message(status).getString()));
        }
    }

    private static UnusableFileException damaged(Path prefix, String what) {
        return new UnusableFileException(
                "%s is no checkpoint of TensorFlow, cut off or damaged (%s); %s".formatted(prefix, what, REMEDY));
    }

    @Override
    public void close() {
        tensorflow.TF_DeleteCheckpointReader(reader);
        reader.releaseReference();
    }
}
