package io.captioner.training.encoder;

import io.captioner.files.Sha256;
import io.captioner.files.UnusableFileException;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.pytorch.PyTorchFile;
import io.captioner.training.weights.pytorch.StateDicts;
import io.captioner.training.weights.pytorch.TensorView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of {@link ResNet}'s weights and those that torchvision gives them. */
public final class TorchvisionNames {
    private static final Pattern BLOCK = Pattern.compile("conv(\\d)_block(\\d+)_(\\d)_(conv|bn)");
    private static final Map<String, String> VARIABLES = Map.of(
            "kernel", "weight",
            "gamma", "weight",
            "beta", "bias",
            "moving_mean", "running_mean",
            "moving_variance", "running_var");

    private TorchvisionNames() {}

    /** Returns torchvision's name of a weight of {@link ResNet}, such as {@code layer1.0.conv1.weight}. */
    public static String of(String weight) {
        int slash = weight.lastIndexOf('/');
        String layer = weight.substring(0, slash);
        String variable = VARIABLES.getOrDefault(weight.substring(slash + 1), "");
        Matcher block = BLOCK.matcher(layer);
        if (!block.matches()) {
            return layer.substring(layer.indexOf('_') + 1) + "1." + variable;
        }
        boolean isNorm = block.group(4).equals("bn");
        String part = block.group(3).equals("0") ? "downsample." + (isNorm ? 1 : 0) : block.group(4) + block.group(3);
        return "layer%d.%d.%s.%s"
                .formatted(Integer.parseInt(block.group(1)) - 1, Integer.parseInt(block.group(2)) - 1, part, variable);
    }

    /**
     * Reads the {@code .pth} file of a torchvision ResNet: a state_dict, with or without its classifier.
     *
     * @throws UnusableFileException if it is no such file
     */
    static NamedWeights read(Path file) throws IOException {
        Map<String, String> ours = new LinkedHashMap<>();
        ResNet.of(ResNet.Variant.TORCHVISION, 152, null).weights().keySet().forEach(name -> ours.put(of(name), name));
        Map<String, WeightValues> values = new LinkedHashMap<>();
        try (PyTorchFile opened = PyTorchFile.open(file)) {
            for (Map.Entry<String, TensorView> tensor : tensors(file, opened).entrySet()) {
                String name = tensor.getKey();
                if (!name.startsWith("fc.") && !name.endsWith(".num_batches_tracked")) {
                    WeightValues read = opened.read(tensor.getValue());
                    values.put(Optional.ofNullable(ours.get(name)).orElse(name), kernel(read));
                }
            }
        }
        return new NamedWeights(file.toString(), Sha256.of(file), values);
    }

    private static Map<String, TensorView> tensors(Path file, PyTorchFile opened) throws UnusableFileException {
        try {
            return StateDicts.tensors(opened.root());
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static WeightValues kernel(WeightValues values) {
        return values.shape().numDimensions() == 4 ? Tensors.transposed(values, 2, 3, 1, 0) : values;
    }
}
