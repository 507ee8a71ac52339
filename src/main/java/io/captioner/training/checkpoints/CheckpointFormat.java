package io.captioner.training.checkpoints;

import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The kinds of checkpoints that can be named, each with a name map, and the way from a path to the files of one. */
enum CheckpointFormat {
    /** What the names of its tensors say. */
    AUTO(""),
    /** sgrvinod's and foamliu's. */
    SGRVINOD("decoder.f_beta.weight"),
    /** yunjey's. */
    YUNJEY("decoder.lstm.weight_ih_l0"),
    /** im2txt's. */
    IM2TXT("seq_embedding/map");

    private final String mark;

    CheckpointFormat(String mark) {
        this.mark = mark;
    }

    /** Returns the name map; by the tensors of a checkpoint if the format is {@link #AUTO}. */
    NameMap map(Checkpoint checkpoint) throws IOException {
        CheckpointFormat format = this;
        if (this == AUTO) {
            format = Arrays.stream(values())
                    .filter(one -> checkpoint.tensors().containsKey(one.mark))
                    .findFirst()
                    .orElseThrow(() -> new UnusableFileException(
                            "%s is none of the checkpoints of sgrvinod, yunjey and im2txt: it holds %s; for a network of your own name its name map in captioner.import.map"
                                    .formatted(checkpoint.origin(), some(checkpoint))));
        }
        return NameMap.published(format.name().toLowerCase(Locale.ROOT));
    }

    private static String some(Checkpoint checkpoint) {
        List<String> names = List.copyOf(checkpoint.tensors().keySet());
        return names.size() <= 8 ? names.toString() : names.subList(0, 8) + " and %d more".formatted(names.size() - 8);
    }

    /**
     * Opens a checkpoint.
     *
     * @param paths files of PyTorch, a folder with them, or the prefix, one of the files or the folder of a checkpoint
     *     of TensorFlow
     */
    static Checkpoint open(List<Path> paths) throws IOException {
        if (paths.size() == 1) {
            Path path = paths.get(0);
            if (Files.isDirectory(path)) {
                return openFolder(path);
            }
            Path prefix = prefix(path);
            if (Files.exists(Path.of(prefix + TensorFlowCheckpoint.INDEX))) {
                return TensorFlowCheckpoint.open(prefix);
            }
            if (!prefix.equals(path)) {
                throw new UnusableFileException("%s has no %s%s beside it; keep the files of a checkpoint together"
                        .formatted(path, prefix.getFileName(), TensorFlowCheckpoint.INDEX));
            }
            if (isVersion1(path)) {
                return TensorFlowCheckpoint.open(path);
            }
            return PyTorchCheckpoint.open(withPartner(path));
        }
        return PyTorchCheckpoint.open(paths);
    }

    private static Path prefix(Path path) {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        String prefix = name.replaceFirst("\\.(index|meta|data-\\d{5}-of-\\d{5})$", "");
        return prefix.equals(name) ? path : path.resolveSibling(prefix);
    }

    private static Checkpoint openFolder(Path folder) throws IOException {
        List<Path> indexes = files(folder, ".*\\.index");
        if (indexes.size() == 1) {
            return TensorFlowCheckpoint.open(prefix(indexes.get(0)));
        }
        List<Path> files = files(folder, ".*\\.(pkl|ckpt|pth|pt|tar)");
        files.removeIf(file -> file.getFileName().toString().startsWith("vocab"));
        if (files.isEmpty() || !indexes.isEmpty() || files.size() > 2) {
            throw new UnusableFileException(
                    "%s holds %d checkpoints; name the files of one".formatted(folder, indexes.size() + files.size()));
        }
        return PyTorchCheckpoint.open(files);
    }

    private static List<Path> files(Path folder, String pattern) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(
                    files.filter(file -> file.getFileName().toString().matches(pattern))
                            .sorted()
                            .toList());
        }
    }

    /** Encoder and decoder are often two files: of one that is named the other is found by its name. */
    private static List<Path> withPartner(Path path) {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        String other = name.startsWith("encoder")
                ? name.replaceFirst("encoder", "decoder")
                : name.startsWith("decoder") ? name.replaceFirst("decoder", "encoder") : name;
        Path partner = path.resolveSibling(other);
        return !other.equals(name) && Files.exists(partner) ? List.of(path, partner) : List.of(path);
    }

    /** Whether a file is a table of TensorFlow: its last eight bytes say so. */
    private static boolean isVersion1(Path path) throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) < Long.BYTES) {
            return false;
        }
        try (var channel = Files.newByteChannel(path)) {
            var last = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.position(channel.size() - Long.BYTES).read(last);
            return last.flip().getLong() == 0xdb4775248b80fb57L;
        }
    }
}
