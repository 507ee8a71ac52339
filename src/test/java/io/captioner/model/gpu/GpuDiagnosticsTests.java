package io.captioner.model.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GpuDiagnosticsTests {
    private static final CudaProbe.Driver GOOD = new CudaProbe.Driver(0, 12_040, List.of("Some GPU"));

    @Test
    void nativesForTheCpuAreToldWhateverElseIsMissing() {
        assertThat(GpuDiagnostics.why(false, machine(GOOD, null))).contains("build with ./mvnw -Pgpu package");
        assertThat(GpuDiagnostics.why(false, machine(GOOD, null, CudaProbe.DRIVER)))
                .contains("natives here are those for the CPU");
    }

    @Test
    void aMissingDriverIsNamedBeforeTheLibraries() {
        assertThat(GpuDiagnostics.why(true, machine(GOOD, null, CudaProbe.DRIVER, "libcudnn.so.9")))
                .startsWith("there is no NVIDIA driver: libcuda.so.1 cannot be loaded (libcuda.so.1: not found)")
                .contains("docker run --gpus all")
                .doesNotContain("cudnn");
    }

    @Test
    void aDriverThatSeesNoGpuSaysWhoHidesIt() {
        CudaProbe.Driver none = new CudaProbe.Driver(100, 12_040, List.of());
        assertThat(GpuDiagnostics.why(true, machine(none, null))).contains("sees no GPU: plug one in");
        assertThat(GpuDiagnostics.why(true, machine(none, ""))).contains("under CUDA_VISIBLE_DEVICES=''");
        assertThat(GpuDiagnostics.why(true, machine(new CudaProbe.Driver(0, 12_040, List.of()), "7")))
                .contains("under CUDA_VISIBLE_DEVICES='7'");
    }

    @Test
    void aDriverThatDoesNotStartIsToldByItsNumber() {
        assertThat(GpuDiagnostics.why(true, machine(new CudaProbe.Driver(803, 0, List.of()), null)))
                .contains("cuInit gives CUDA error 803");
    }

    @Test
    void aDriverThatIsTooOldSaysWhichIsNeeded() {
        assertThat(GpuDiagnostics.why(true, machine(new CudaProbe.Driver(0, 11_080, List.of("Old GPU")), null)))
                .contains("runs CUDA up to 11.8, and TensorFlow needs 12: install driver 525.60");
    }

    @Test
    void everyLibraryThatCannotBeLoadedIsNamed() {
        assertThat(GpuDiagnostics.why(true, machine(GOOD, null, "libcudnn.so.9", "libcufft.so.11")))
                .contains(
                        "cannot be loaded: libcufft.so.11 (libcufft.so.11: not found), libcudnn.so.9 (libcudnn.so.9: not found);")
                .doesNotContain("libcudart");
    }

    @Test
    void whenAllIsThereTensorFlowsOwnLinesAreReferredTo() {
        assertThat(GpuDiagnostics.why(true, machine(GOOD, null)))
                .contains("TensorFlow says in its own lines of the log");
    }

    @Test
    void thisMachineIsAskedWithoutHarm() {
        CudaProbe.OfThisMachine machine = new CudaProbe.OfThisMachine();
        assertThat(machine.loadFailure("libc.so.6")).isNull();
        assertThat(machine.loadFailure("libcaptioner-is-no-library.so.9"))
                .contains("libcaptioner-is-no-library.so.9: cannot open shared object file");
    }

    private static CudaProbe machine(CudaProbe.Driver driver, @Nullable String visible, String... missing) {
        return new CudaProbe() {
            @Override
            public @Nullable String loadFailure(String library) {
                return Set.of(missing).contains(library) ? library + ": not found" : null;
            }

            @Override
            public Driver driver() {
                return driver;
            }

            @Override
            public @Nullable String visibleDevices() {
                return visible;
            }
        };
    }
}
