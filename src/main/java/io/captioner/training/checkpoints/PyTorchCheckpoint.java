package io.captioner.training.checkpoints;

import io.captioner.files.UnusableFileException;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.pytorch.PyTorchFile;
import io.captioner.training.weights.pytorch.StateDicts;
import io.captioner.training.weights.pytorch.TensorView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * One or several files of {@code torch.save}, whole modules or state_dicts. Where there are several, or one of them
 * holds the tensors of an encoder or a decoder alone, their names begin with that word.
 */
final class PyTorchCheckpoint implements Checkpoint {
    private final List<Path> files;
    private final List<PyTorchFile> opened = new ArrayList<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private record Tensor(PyTorchFile file, TensorView view) {}

    private PyTorchCheckpoint(List<Path> files) {
        this.files = files;
    }

    static PyTorchCheckpoint open(List<Path> files) throws IOException {
        PyTorchCheckpoint checkpoint = new PyTorchCheckpoint(files);
        try {
            for (Path file : files) {
                checkpoint.add(file);
            }
            return checkpoint;
        } catch (IOException | RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private void add(Path path) throws IOException {
        PyTorchFile file = PyTorchFile.open(path);
        opened.add(file);
        Map<String, TensorView> found;
        try {
            found = StateDicts.tensors(file.root());
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException("%s is no checkpoint: %s".formatted(path, e.getMessage()), e);
        }
        if (found.isEmpty()) {
            throw new UnusableFileException(
                    "%s holds no tensors of a module or a state_dict; name the checkpoint of the network"
                            .formatted(path));
        }
        String prefix = prefix(path, found);
        for (Map.Entry<String, TensorView> tensor : found.entrySet()) {
            String name = prefix + tensor.getKey();
            if (tensors.put(name, new Tensor(file, tensor.getValue())) != null) {
                throw new UnusableFileException(
                        "%s holds %s, which another of the files holds too".formatted(path, name));
            }
        }
    }

    private String prefix(Path path, Map<String, TensorView> found) {
        if (found.keySet().stream().anyMatch(name -> name.startsWith("encoder.") || name.startsWith("decoder."))) {
            return "";
        }
        String name = path.getFileName().toString();
        boolean alone = files.size() == 1;
        return name.startsWith("encoder")
                ? "encoder."
                : name.startsWith("decoder") ? "decoder." : alone ? "" : name + ".";
    }

    @Override
    public String origin() {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    @Override
    public List<Path> files() {
        return files;
    }

    @Override
    public Map<String, Shape> tensors() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.view().shape()));
        return shapes;
    }

    @Override
    public WeightValues read(String name) throws IOException {
        Tensor tensor = Objects.requireNonNull(tensors.get(name), name);
        return tensor.file().read(tensor.view());
    }

    @Override
    public void close() throws IOException {
        for (PyTorchFile file : opened) {
            file.close();
        }
    }
}
