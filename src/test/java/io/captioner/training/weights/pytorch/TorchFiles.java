package io.captioner.training.weights.pytorch;

import io.captioner.training.weights.NamedWeights.WeightValues;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes state_dicts as {@code torch.save} does, as a zip archive or in the layout before PyTorch 1.6. */
public final class TorchFiles {
    private TorchFiles() {}

    /** Writes an archive. */
    public static void writeZip(Path file, Map<String, WeightValues> tensors) throws IOException {
        Pickle pickle = new Pickle();
        List<byte[]> storages = pickle.stateDict(tensors, false);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, "archive/data.pkl", pickle.bytes());
            put(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < storages.size(); i++) {
                put(zip, "archive/data/" + i, storages.get(i));
            }
            put(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Writes five pickles and the storages behind them. */
    public static void writeLegacy(Path file, Map<String, WeightValues> tensors) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(new Pickle().magic().bytes());
            out.write(new Pickle().number(1001).bytes());
            out.write(new Pickle().system().bytes());
            Pickle pickle = new Pickle();
            List<byte[]> storages = pickle.stateDict(tensors, true);
            out.write(pickle.bytes());
            out.write(new Pickle().keys(storages.size()).bytes());
            for (byte[] storage : storages) {
                out.write(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(storage.length / Float.BYTES)
                        .array());
                out.write(storage);
            }
        }
    }

    /** One pickle of protocol 2. */
    static final class Pickle {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        Pickle() {
            raw("\u0080\2");
        }

        Pickle raw(String latin1) {
            try {
                out.write(latin1.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        Pickle text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            raw("X").little(utf8.length);
            bytes.writeBytes(utf8);
            return this;
        }

        Pickle number(long value) {
            return value == (int) value
                    ? raw("J").little((int) value)
                    : raw("\u008a\10").little((int) value).little((int) (value >> 32));
        }

        private Pickle little(int value) {
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
            return this;
        }

        Pickle magic() {
            return raw("\u008a\n\u006c\u00fc\u009c\u0046\u00f9\u0020\u006a\u00a8\u0050\u0019");
        }

        Pickle system() {
            return raw("}(").text("little_endian").raw("\u0088u");
        }

        Pickle keys(int count) {
            raw("](");
            for (int i = 0; i < count; i++) {
                text(Integer.toString(i));
            }
            return raw("e");
        }

        List<byte[]> stateDict(Map<String, WeightValues> tensors, boolean legacy) {
            List<byte[]> storages = new ArrayList<>();
            raw("ccollections\nOrderedDict\n)R(");
            tensors.forEach((name, tensor) -> {
                text(name)
                        .raw("ctorch._utils\n_rebuild_tensor_v2\n((")
                        .text("storage")
                        .raw("ctorch\nFloatStorage\n");
                text(Integer.toString(storages.size())).text("cpu").number(tensor.values().length);
                raw(legacy ? "Nt" : "t").raw("Q").number(0).raw("(");
                long[] sizes = tensor.shape().asArray();
                for (long size : sizes) {
                    number(size);
                }
                raw("t(");
                long stride = tensor.values().length;
                for (long size : sizes) {
                    stride /= size;
                    number(stride);
                }
                raw("t\u0089ccollections\nOrderedDict\n)RtR");
                ByteBuffer storage = ByteBuffer.allocate(tensor.values().length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
                storage.asFloatBuffer().put(tensor.values());
                storages.add(storage.array());
            });
            raw("u");
            return storages;
        }

        byte[] bytes() {
            raw(".");
            return bytes.toByteArray();
        }
    }
}
