package io.captioner.model.gpu;

import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this process can find of CUDA: shared libraries, and the answers of the NVIDIA driver. */
public interface CudaProbe {
    /** The driver's library, installed on the machine. */
    String DRIVER = "libcuda.so.1";

    /** Returns why a shared library cannot be loaded, or null if it can. */
    @Nullable String loadFailure(String library);

    /**
     * Asks the driver.
     *
     * @throws UnsatisfiedLinkError if it cannot be loaded
     */
    Driver driver();

    /** Returns the variable {@code CUDA_VISIBLE_DEVICES}, null if it is not set. */
    @Nullable String visibleDevices();

    /**
     * What the driver answers.
     *
     * @param error CUDA's number of why it cannot start, 0 if it can
     * @param version newest CUDA that it can run, as in 12040 for 12.4; 0 if it does not say
     * @param gpus names of the GPUs that this process may use, in their order
     */
    record Driver(int error, int version, List<String> gpus) {}

    /** Asks the machine. */
    final class OfThisMachine implements CudaProbe {
        private static final int NAME_BYTES = 256;

        @Override
        public @Nullable String loadFailure(String library) {
            try {
                NativeLibrary.getInstance(library);
                return null;
            } catch (UnsatisfiedLinkError e) {
                // JNA's own line comes first, then the linker's reason.
                return String.valueOf(e.getMessage())
                        .lines()
                        .filter(line -> !line.endsWith(":"))
                        .findFirst()
                        .orElse("no reason given");
            }
        }

        @Override
        public Driver driver() {
            NativeLibrary driver = NativeLibrary.getInstance(DRIVER);
            int error = call(driver, "cuInit", 0);
            int[] answer = new int[1];
            int version = call(driver, "cuDriverGetVersion", answer) == 0 ? answer[0] : 0;
            List<String> gpus = new ArrayList<>();
            if (error == 0 && call(driver, "cuDeviceGetCount", answer) == 0) {
                int count = answer[0];
                for (int gpu = 0; gpu < count; gpu++) {
                    gpus.add(name(driver, gpu));
                }
            }
            return new Driver(error, version, List.copyOf(gpus));
        }

        @Override
        public @Nullable String visibleDevices() {
            return System.getenv("CUDA_VISIBLE_DEVICES");
        }

        private static String name(NativeLibrary driver, int gpu) {
            int[] device = new int[1];
            byte[] name = new byte[NAME_BYTES];
            if (call(driver, "cuDeviceGet", device, gpu) != 0
                    || call(driver, "cuDeviceGetName", name, NAME_BYTES, device[0]) != 0) {
                return "";
            }
            String text = new String(name, StandardCharsets.US_ASCII);
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }

        private static int call(NativeLibrary driver, String function, Object... arguments) {
            return driver.getFunction(function).invokeInt(arguments);
        }
    }
}
