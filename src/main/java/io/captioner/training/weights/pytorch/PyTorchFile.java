package io.captioner.training.weights.pytorch;

import io.captioner.files.FileKind;
import io.captioner.files.UnusableFileException;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.pytorch.TensorView.Storage;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;

/**
 * A file of {@code torch.save}: the pickles of PyTorch before 1.6, or the zip archive since. Its objects are read at
 * once and nothing in them is executed; the values of tensors stay in the file until they are asked for. For one
 * thread.
 */
public final class PyTorchFile implements AutoCloseable {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final String OBJECT = "data.pkl";
    private static final String REMEDY = "name the file that torch.save wrote";
    private static final int TAR_MARK = 257;

    private final Path file;
    private final @Nullable Object root;
    private final Source source;

    /** The bytes of storages. */
    private interface Source extends AutoCloseable {
        /** Returns a stream from the first byte of a whole storage on. */
        InputStream open(Storage storage) throws IOException;

        @Override
        void close() throws IOException;
    }

    private PyTorchFile(Path file, @Nullable Object root, Source source) {
        this.file = file;
        this.root = root;
        this.source = source;
    }

    /**
     * Opens a file and reads its objects.
     *
     * @throws UnusableFileException if it is no such file, or cut off, or damaged; says what it is and what to do
     * @throws IOException if it cannot be read
     */
    public static PyTorchFile open(Path file) throws IOException {
        FileKind kind = FileKind.of(file);
        if (kind == FileKind.ZIP) {
            return openZip(file);
        }
        if (kind == FileKind.PYTHON) {
            return openLegacy(file);
        }
        if (isTar(file)) {
            throw new UnusableFileException(
                    "%s is a tar archive; unpack it if the checkpoint is a file in it. PyTorch before 0.1.10 wrote tar archives: load such a file there and save it again with torch.save"
                            .formatted(file));
        }
        throw kind == FileKind.OTHER
                ? new UnusableFileException("%s is no file of torch.save; %s".formatted(file, REMEDY))
                : kind.refusal(file, REMEDY);
    }

    private static boolean isTar(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(TAR_MARK + 5);
            return new String(head, StandardCharsets.ISO_8859_1).endsWith("ustar");
        }
    }

    private static PyTorchFile openZip(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw Pickles.damaged(file, e);
        }
        try {
            ZipEntry pickle = zip.stream()
                    .filter(entry -> entry.getName().matches("[^/]*/" + OBJECT))
                    .findFirst()
                    .orElse(null);
            if (pickle == null) {
                throw new UnusableFileException(
                        "%s is a zip archive without %s, so none of torch.save; unpack it if the checkpoint is a file in it"
                                .formatted(file, OBJECT));
            }
            String prefix = pickle.getName().substring(0, pickle.getName().length() - OBJECT.length());
            requireLittleEndian(file, zip, zip.getEntry(prefix + "byteorder"));
            try (InputStream in = new BufferedInputStream(zip.getInputStream(pickle))) {
                Object root = Pickles.read(file, in, new SafeUnpickler());
                return new PyTorchFile(file, root, new Archive(zip, prefix));
            }
        } catch (ZipException | EOFException | RuntimeException e) {
            zip.close();
            throw Pickles.damaged(file, e);
        } catch (IOException e) {
            zip.close();
            throw e;
        }
    }

    private static void requireLittleEndian(Path file, ZipFile zip, @Nullable ZipEntry order) throws IOException {
        if (order != null) {
            try (InputStream in = zip.getInputStream(order)) {
                requireLittleEndian(file, new String(in.readNBytes(8), StandardCharsets.US_ASCII).startsWith("little"));
            }
        }
    }

    private static void requireLittleEndian(Path file, boolean isLittle) throws UnusableFileException {
        if (!isLittle) {
            throw new UnusableFileException(
                    "%s was written on a big-endian machine; load it there and save it on a little-endian one"
                            .formatted(file));
        }
    }

    private static PyTorchFile openLegacy(Path file) throws IOException {
        try (CountingStream in = new CountingStream(new BufferedInputStream(Files.newInputStream(file)))) {
            Object magic = Pickles.read(file, in, new SafeUnpickler());
            if (!MAGIC.equals(magic)) {
                throw new UnusableFileException("%s is a pickle, but none of torch.save; %s".formatted(file, REMEDY));
            }
            Pickles.read(file, in, new SafeUnpickler()); // the version of the format has been 1001 all along
            Object system = Pickles.read(file, in, new SafeUnpickler());
            requireLittleEndian(
                    file, !(system instanceof Map<?, ?> map) || !Boolean.FALSE.equals(map.get("little_endian")));
            SafeUnpickler objects = new SafeUnpickler();
            Object root = Pickles.read(file, in, objects);
            Object keys = Pickles.read(file, in, new SafeUnpickler());
            return new PyTorchFile(
                    file, root, new Concatenated(file, starts(file, in.count, keys, objects.storages())));
        }
    }

    /** Returns where each storage begins in a legacy file. */
    private static Map<String, Long> starts(Path file, long from, @Nullable Object keys, Map<String, Storage> storages)
            throws IOException {
        if (!(keys instanceof List<?> list)) {
            throw Pickles.damaged(file, new IllegalArgumentException("it lists no storages"));
        }
        long size = Files.size(file);
        Map<String, Long> starts = new HashMap<>();
        long at = from;
        for (Object key : list) {
            Storage storage = key instanceof String ? storages.get(key) : null;
            if (storage == null) {
                throw Pickles.damaged(file, new IllegalArgumentException("it lists a storage that no tensor has"));
            }
            at += Long.BYTES; // the count of its elements, which the pickle says too
            starts.put(storage.key(), at);
            long left = size - at;
            if (storage.count() > left / storage.type().bytes) {
                throw Pickles.damaged(
                        file,
                        new EOFException("storage %s of %d values does not fit the %d bytes left"
                                .formatted(storage.key(), storage.count(), Math.max(0, left))));
            }
            at += storage.count() * storage.type().bytes;
        }
        return starts;
    }

    /**
     * Returns the object that was saved: maps, lists, arrays for tuples, {@link TensorView} and {@link PythonObject}.
     */
    public @Nullable Object root() {
        return root;
    }

    /**
     * Reads a tensor's values, row by row, whatever their type.
     *
     * @throws UnusableFileException if the file does not hold them
     */
    public WeightValues read(TensorView tensor) throws IOException {
        Storage storage = tensor.storage();
        Shape shape = tensor.shape();
        long span = 1;
        for (int axis = 0; axis < shape.numDimensions(); axis++) {
            span += Math.max(0, shape.get(axis) - 1) * tensor.stride(axis);
        }
        int elements = Math.toIntExact(shape.size());
        if (elements == 0) {
            return new WeightValues(shape, new float[0]);
        }
        int bytes = storage.type().bytes;
        byte[] content = new byte[Math.toIntExact(Math.multiplyExact(span, bytes))];
        try (InputStream in = source.open(storage)) {
            in.skipNBytes((storage.start() + tensor.offset()) * bytes);
            if (in.readNBytes(content, 0, content.length) < content.length) {
                throw new EOFException("storage %s is cut off".formatted(storage.key()));
            }
        } catch (EOFException | ZipException e) {
            throw Pickles.damaged(file, e);
        }
        float[] values = new float[elements];
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (span == elements && storage.type() == ElementType.FLOAT && tensor.isRowMajor()) {
            buffer.asFloatBuffer().get(values);
        } else {
            int[] place = new int[shape.numDimensions()];
            for (int i = 0; i < elements; i++) {
                long at = 0;
                for (int axis = 0; axis < place.length; axis++) {
                    at += place[axis] * tensor.stride(axis);
                }
                values[i] = storage.type().at(buffer, (int) at);
                for (int axis = place.length - 1; axis >= 0 && ++place[axis] == shape.get(axis); axis--) {
                    place[axis] = 0;
                }
            }
        }
        return new WeightValues(shape, values);
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Storages as entries of an archive, stored or deflated. */
    private record Archive(ZipFile zip, String prefix) implements Source {
        @Override
        public InputStream open(Storage storage) throws IOException {
            ZipEntry entry = zip.getEntry(prefix + "data/" + storage.key());
            if (entry == null) {
                throw new EOFException("there is no storage " + storage.key());
            }
            return new BufferedInputStream(Objects.requireNonNull(zip.getInputStream(entry)));
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    /** Storages one after another, behind the pickles. */
    private record Concatenated(Path file, Map<String, Long> starts) implements Source {
        @Override
        public InputStream open(Storage storage) throws IOException {
            Long start = starts.get(storage.key());
            if (start == null) {
                throw new EOFException("there is no storage " + storage.key());
            }
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(start);
            return in;
        }

        @Override
        public void close() {}
    }

    private static final class CountingStream extends FilterInputStream {
        private long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
