package io.captioner.training.weights.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.files.UnusableFileException;
import io.captioner.training.weights.NamedWeights.WeightValues;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

class PyTorchFileTests {
    private static final int MUTANTS = 1500;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasSavedIsRead(boolean legacy) throws IOException {
        Path file = folder.resolve("model.pth");
        write(file, legacy, tensors());
        try (PyTorchFile opened = PyTorchFile.open(file)) {
            Map<String, TensorView> found = StateDicts.tensors(opened.root());
            assertThat(found.keySet()).containsExactlyElementsOf(tensors().keySet());
            for (Map.Entry<String, WeightValues> tensor : tensors().entrySet()) {
                WeightValues read = opened.read(Objects.requireNonNull(found.get(tensor.getKey())));
                assertThat(read.shape()).isEqualTo(tensor.getValue().shape());
                assertThat(read.values()).isEqualTo(tensor.getValue().values());
            }
        }
    }

    /** The files of torch-files.md, written by PyTorch itself; each value of a tensor is its number, row by row. */
    @ParameterizedTest
    @CsvSource({
        "module-0.4.pth, encoder.first.weight encoder.norm.weight encoder.norm.bias encoder.norm.running_mean encoder.norm.running_var decoder.weight_ih decoder.weight_hh decoder.bias_ih decoder.bias_hh",
        "python2.pkl, weight transposed part",
        "state-dict.legacy.pth, weight transposed part half double",
        "state-dict.zip.pth, weight transposed part half double"
    })
    void filesOfPyTorchAreRead(String name, String tensors) throws IOException {
        Path file = resource(name);
        try (PyTorchFile opened = PyTorchFile.open(file)) {
            Map<String, TensorView> found = StateDicts.tensors(opened.root());
            assertThat(found.keySet()).containsExactlyInAnyOrder(tensors.split(" "));
            for (TensorView tensor : found.values()) {
                float[] values = opened.read(tensor).values();
                float[] numbers = new float[values.length];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = i;
                }
                assertThat(values).isEqualTo(numbers);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'<!DOCTYPE html><html>', HTML",
        "'version https://git-lfs.github.com/spec/v1', Git LFS",
        "'nothing of the kind', no file of torch.save",
        "'', empty"
    })
    void otherFilesAreNamed(String content, String what) throws IOException {
        Path file = folder.resolve("model.pth.tar");
        Files.writeString(file, content);
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> PyTorchFile.open(file))
                .withMessageContaining(what)
                .withMessageContaining(file.toString());
    }

    @Test
    void aTarArchiveIsNamed() throws IOException {
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        tar[0] = 's';
        Path file = folder.resolve("model.pth.tar");
        Files.write(file, tar);
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> PyTorchFile.open(file))
                .withMessageContaining("tar archive");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesThatAreCutOffAreRefused(boolean legacy) throws IOException {
        Path file = folder.resolve("model.pth");
        write(file, legacy, tensors());
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {3, whole.length / 4, whole.length / 2, whole.length - 60}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(UnusableFileException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> readAll(file));
        }
    }

    /** The list of 50 levels holds itself twice in each, so that its hash takes longer than the universe. */
    @Test
    void aListIsNoKey() throws IOException {
        TorchFiles.Pickle pickle = new TorchFiles.Pickle().raw("]q\0");
        for (int level = 0; level < 50; level++) {
            pickle.raw("]q" + (char) (level + 1) + "h" + (char) level + "ah" + (char) level + "a");
        }
        Path file = folder.resolve("vocab.pkl");
        Files.write(file, pickle.raw("}h2Ns").bytes());
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> Pickles.read(file))
                .withMessageContaining("is a key");
    }

    @Test
    void nothingIsExecutedAndUnknownClassesAreInert() throws IOException {
        Path file = folder.resolve("vocab.pkl");
        Files.write(
                file,
                new TorchFiles.Pickle()
                        .raw("cjava.lang\nRuntime\n(")
                        .text("touch /tmp/x")
                        .raw("tR")
                        .bytes());
        assertThat(Pickles.read(file)).hasToString("java.lang.Runtime");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X\u00ff\u00ff\u00ff\u007f",
                "T\u00ff\u00ff\u00ff\u007f",
                "\u008b\u00ff\u00ff\u00ff\u007f",
                "I1234567890"
            })
    void lengthsAreCheckedBeforeMemoryIsTaken(String operation) throws IOException {
        Path file = folder.resolve("vocab.pkl");
        Files.write(file, new TorchFiles.Pickle().raw(operation).bytes());
        assertThatExceptionOfType(UnusableFileException.class).isThrownBy(() -> Pickles.read(file));
    }

    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        Random random = new Random(16);
        Path file = folder.resolve("model.pth");
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            write(file, i % 2 == 0, tensors());
            byte[] content = Files.readAllBytes(file);
            for (int change = 0; change <= random.nextInt(4); change++) {
                content[random.nextInt(Math.min(content.length, 1200))] = (byte) random.nextInt(256);
            }
            Files.write(file, content);
            try {
                readAll(file);
            } catch (UnusableFileException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(MUTANTS / 10, MUTANTS);
    }

    private static void readAll(Path file) throws IOException {
        try (PyTorchFile opened = PyTorchFile.open(file)) {
            for (TensorView tensor : StateDicts.tensors(opened.root()).values()) {
                opened.read(tensor);
            }
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void write(Path file, boolean legacy, Map<String, WeightValues> tensors) throws IOException {
        if (legacy) {
            TorchFiles.writeLegacy(file, tensors);
        } else {
            TorchFiles.writeZip(file, tensors);
        }
    }

    private static Map<String, WeightValues> tensors() {
        Map<String, WeightValues> tensors = new LinkedHashMap<>();
        tensors.put("first.weight", values(2, 3, 4));
        tensors.put("first.bias", values(5));
        tensors.put("second.weight", values(1, 7));
        return tensors;
    }

    private static WeightValues values(long... sizes) {
        float[] values = new float[(int) Shape.of(sizes).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i - 1.5f;
        }
        return new WeightValues(Shape.of(sizes), values);
    }

    private Path resource(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Objects.requireNonNull(PyTorchFileTests.class.getResourceAsStream(name), name)) {
            Files.copy(in, file);
        }
        return file;
    }
}
