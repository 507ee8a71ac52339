package io.captioner.training.encoder;

import io.captioner.files.UnusableFileException;
import io.captioner.image.ImageSize;
import io.captioner.model.Bundle;
import io.captioner.training.encoder.EncoderSettings.Scaling;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * A signature of a SavedModel without variables as encoder. Its weights are constants of its graph, so it asks for
 * none; its graph becomes a function of the graph it is added to.
 */
public final class SavedModelEncoder implements Encoder {
    private static final String IMAGES = "images";
    private static final String FEATURES = "features";

    private final FrozenGraph frozen;
    private final String name;
    private final ImageSize inputSize;
    private final Scaling scaling;
    private final Grid grid;

    /** The layout of the output. */
    private record Grid(int rows, int columns, int channels) {
        static Grid of(Path directory, Shape shape, @Nullable Integer rows) throws IOException {
            if (shape.numDimensions() < 2 || shape.numDimensions() > 4) {
                throw new UnusableFileException(
                        "%s gives %s, not [N, rows, columns, C], [N, L, C] or [N, C]: name another captioner.training.encoder.saved-model.output"
                                .formatted(directory, shape));
            }
            int channels = (int) shape.get(shape.numDimensions() - 1);
            if (shape.numDimensions() == 4) {
                return new Grid((int) shape.get(1), (int) shape.get(2), channels);
            }
            int cells = shape.numDimensions() == 3 ? (int) shape.get(1) : 1;
            int lines = rows == null ? (int) Math.sqrt(cells) : rows;
            if (cells % lines != 0 || (rows == null && lines * lines != cells)) {
                throw new UnusableFileException(
                        "%s gives %d vectors, no grid of %d rows: set captioner.training.encoder.saved-model.rows"
                                .formatted(directory, cells, lines));
            }
            return new Grid(lines, cells / lines, channels);
        }
    }

    private SavedModelEncoder(FrozenGraph frozen, String name, ImageSize inputSize, Scaling scaling, Grid grid) {
        this.frozen = frozen;
        this.name = name;
        this.inputSize = inputSize;
        this.scaling = scaling;
        this.grid = grid;
    }

    /**
     * Reads a SavedModel.
     *
     * @param directory where its {@code saved_model.pb} lies
     * @param side of the input, if the signature leaves it open
     * @throws UnusableFileException if it is damaged, has variables, or its signature is not that of an encoder; says
     *     what to do
     * @throws IOException if it is absent or cannot be read
     */
    static SavedModelEncoder read(Path directory, EncoderSettings.SavedModel settings, @Nullable Integer side)
            throws IOException {
        FrozenGraph model = FrozenGraph.read(directory, settings.signature(), settings.input(), settings.output());
        DataType type = model.input().getDtype();
        if (type != DataType.DT_UINT8 && type != DataType.DT_FLOAT) {
            throw new UnusableFileException("%s takes %s, not uint8 or float32 images".formatted(directory, type));
        }
        if (type == DataType.DT_UINT8 && settings.scaling() != Scaling.NONE) {
            throw new UnusableFileException(
                    "%s takes uint8 and scales by itself: leave out captioner.training.encoder.saved-model.scaling"
                            .formatted(directory));
        }
        if (model.output().getDtype() != DataType.DT_FLOAT) {
            throw new UnusableFileException("%s gives %s, not float32"
                    .formatted(directory, model.output().getDtype()));
        }
        ImageSize size = inputSize(directory, model.input().getTensorShape(), side);
        String name = "saved_model_%s_%s_%dx%d"
                .formatted(
                        model.output().getName().replaceAll("\\W", "_"),
                        settings.scaling().name().toLowerCase(Locale.ROOT),
                        size.width(),
                        size.height());
        return new SavedModelEncoder(
                model,
                name,
                size,
                settings.scaling(),
                Grid.of(directory, outputShape(directory, model, size), settings.rows()));
    }

    /** Asks the model itself, with a black image: the shapes that files declare are often open. */
    private static Shape outputShape(Path directory, FrozenGraph model, ImageSize size) throws IOException {
        Shape image = Shape.of(1, size.height(), size.width(), 3);
        try (Graph graph = new Graph()) {
            graph.importGraphDef(model.graph());
            try (Session session = new Session(graph);
                    Tensor black = Tensor.of(type(model), image);
                    Result result = session.runner()
                            .feed(model.input().getName(), black)
                            .fetch(model.output().getName())
                            .run()) {
                return result.get(0).shape();
            }
        } catch (TensorFlowException | IllegalArgumentException e) {
            throw new UnusableFileException(
                    "%s does not run on an image of %d x %d pixels: %s; name its image input and its features in captioner.training.encoder.saved-model"
                            .formatted(directory, size.width(), size.height(), e.getMessage()),
                    e);
        }
    }

    private static Class<? extends TType> type(FrozenGraph model) {
        return model.input().getDtype() == DataType.DT_UINT8 ? TUint8.class : TFloat32.class;
    }

    /** Returns the weights to fit: none, but with the hash that tells one SavedModel from another. */
    static NamedWeights weights(Path directory) throws IOException {
        return new NamedWeights(directory.toString(), Bundle.sha256(directory.resolve(FrozenGraph.FILE)), Map.of());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ImageSize inputSize() {
        return inputSize;
    }

    @Override
    public int rows() {
        return grid.rows();
    }

    @Override
    public int columns() {
        return grid.columns();
    }

    @Override
    public int channels() {
        return grid.channels();
    }

    @Override
    public String scale() {
        return scaling.formula();
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Operand<?> input = frozen.input().getDtype() == DataType.DT_UINT8 ? images : scaling.apply(tf, images);
        try (Graph body = new Graph()) {
            body.importGraphDef(frozen.graph());
            Signature signature = Signature.builder()
                    .key("encoder")
                    .input(
                            IMAGES,
                            body.operation(FrozenGraph.node(frozen.input())).output(0))
                    .output(FEATURES, output(body, frozen))
                    .build();
            try (ConcreteFunction function = ConcreteFunction.create(signature, body)) {
                Output<TFloat32> features = function.call(tf, input).asOutput().expect(TFloat32.class);
                return tf.reshape(features, tf.array(-1, grid.rows() * grid.columns(), grid.channels()));
            }
        }
    }

    private static Output<?> output(Graph graph, FrozenGraph frozen) {
        return graph.operation(FrozenGraph.node(frozen.output())).output(FrozenGraph.index(frozen.output()));
    }

    private static ImageSize inputSize(Path directory, TensorShapeProto shape, @Nullable Integer side)
            throws IOException {
        long height = shape.getDimCount() == 4 ? shape.getDim(1).getSize() : -1;
        long width = shape.getDimCount() == 4 ? shape.getDim(2).getSize() : -1;
        if (side == null && (height < 1 || width < 1)) {
            throw new UnusableFileException(
                    "%s takes images of any size: set captioner.training.encoder.input-size".formatted(directory));
        }
        if (side != null && (height > 0 && height != side || width > 0 && width != side)) {
            throw new UnusableFileException(
                    "%s takes images of %d x %d pixels: leave out captioner.training.encoder.input-size"
                            .formatted(directory, width, height));
        }
        return side == null ? new ImageSize((int) width, (int) height) : new ImageSize(side, side);
    }
}
