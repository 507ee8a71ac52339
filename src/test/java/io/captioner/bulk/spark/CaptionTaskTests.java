package io.captioner.bulk.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaptionTaskTests {
    private int open;

    @Test
    void eachRowHasItsOwnCaptionHoweverFarTheCaptionerReadsAhead() {
        List<String> photos = IntStream.range(0, 10).mapToObj(i -> "photo " + i).toList();

        for (int ahead : new int[] {1, 3, 4, 10, 11}) {
            Iterator<String> rows = CaptionTask.captioned(
                    photos.iterator(),
                    path -> path.endsWith("5") ? null : bytes(path),
                    files -> readAhead(files, ahead),
                    (path, caption) -> path + ": " + caption);

            List<String> all = new ArrayList<>();
            rows.forEachRemaining(all::add);
            assertThat(all)
                    .containsExactlyElementsOf(photos.stream()
                            .map(path -> path + (path.endsWith("5") ? ": unreadable" : ": caption of " + path))
                            .toList());
        }
    }

    @Test
    void noPhotoIsReadBeforeItIsAskedFor() {
        List<String> read = new ArrayList<>();
        Iterator<String> rows = CaptionTask.captioned(
                List.of("a", "b").iterator(),
                path -> {
                    read.add(path);
                    return bytes(path);
                },
                files -> readAhead(files, 1),
                (path, caption) -> caption);

        assertThat(read).isEmpty();
        rows.next();
        assertThat(read).containsExactly("a");
    }

    @Test
    void ofAFileThatIsTooLongOneByteMoreIsReadThanIsAllowed() {
        assertThat(CaptionTask.read("a", () -> stream(100), 40)).hasSize(41);
        assertThat(CaptionTask.read("a", () -> stream(41), 40)).hasSize(41);
        assertThat(CaptionTask.read("a", () -> stream(40), 40)).hasSize(40);
        assertThat(CaptionTask.read("a", () -> stream(0), 40)).isEmpty();
        assertThat(open).as("streams that were left open").isZero();
    }

    @Test
    void aFileThatIsGoneOrForbiddenIsLeftToTheCaptioner() {
        assertThat(CaptionTask.read("a", failing(new FileNotFoundException("gone")), 40))
                .isNull();
        assertThat(CaptionTask.read("a", failing(new AccessControlException("forbidden")), 40))
                .isNull();
    }

    @Test
    void aFileSystemThatFailsFailsTheTask() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> CaptionTask.read("a", failing(new IOException("no answer")), 40))
                .withMessage("cannot read a");
    }

    private static CaptionTask.Source failing(IOException failure) {
        return () -> {
            throw failure;
        };
    }

    private InputStream stream(int bytes) {
        open++;
        return new ByteArrayInputStream(new byte[bytes]) {
            @Override
            public void close() {
                open--;
            }
        };
    }

    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    /** Takes some photos before it gives their captions, as a captioner does that works in batches. */
    private static Iterator<String> readAhead(Iterator<byte @Nullable []> files, int ahead) {
        List<String> ready = new ArrayList<>();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !ready.isEmpty() || files.hasNext();
            }

            @Override
            public String next() {
                while (ready.size() < ahead && files.hasNext()) {
                    byte @Nullable [] file = files.next();
                    ready.add(file == null ? "unreadable" : "caption of " + new String(file, StandardCharsets.UTF_8));
                }
                return ready.remove(0);
            }
        };
    }
}
