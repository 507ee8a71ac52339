package io.captioner.training.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.captioner.Jobs;
import io.captioner.training.download.DownloadProperties.CocoPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

class DownloadTests {
    private static final byte[] CONTENT = random(1, 3_000_000);

    @TempDir
    private Path folder;

    private final FileServer server = new FileServer();
    private final List<Duration> pauses = new ArrayList<>();
    private long room = Long.MAX_VALUE;

    @BeforeEach
    void serveAFile() {
        server.put("/file.zip", CONTENT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFileIsFetchedWholeWithItsHashBesideIt() throws Exception {
        fetch(3, null);

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(folder.resolve("file.zip.sha256")).hasContent(hash() + "  file.zip\n");
        assertThat(server.requests()).containsExactly("/file.zip");
        assertThat(names()).containsExactly("file.zip", "file.zip.sha256");
    }

    @Test
    void afterACutItGoesOnWhereItWas() throws Exception {
        server.cutAfter(1_000_000, 500_000);

        fetch(3, hash());

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(server.requests())
                .containsExactly("/file.zip", "/file.zip bytes=1000000- \"one\"", "/file.zip bytes=1500000- \"one\"");
        assertThat(pauses)
                .as("each try brought something")
                .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    @Test
    void anotherStartGoesOnWhereTheOneBeforeGaveUp() throws Exception {
        server.cutAfter(2_000_000);

        assertThatIOException()
                .isThrownBy(() -> fetch(1, null))
                .withMessageContaining("start again to go on at byte 2,000,000");
        assertThat(target()).doesNotExist();
        fetch(1, null);

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(server.requests()).containsExactly("/file.zip", "/file.zip bytes=2000000- \"one\"");
    }

    @Test
    void aServerThatKnowsNoRangesIsAskedForTheWholeFile() throws Exception {
        server.knowsRanges = false;
        server.cutAfter(1_000_000);

        fetch(3, null);

        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void aFileThatChangedMeanwhileIsFetchedAnew() throws Exception {
        byte[] changed = random(2, 2_500_000);
        for (boolean heedsIfRange : new boolean[] {true, false}) {
            server.etag = "\"one\"";
            server.put("/file.zip", CONTENT);
            server.cutAfter(1_000_000);
            assertThatIOException().isThrownBy(() -> fetch(1, null));
            server.etag = "\"two\"";
            server.heedsIfRange = heedsIfRange;
            server.put("/file.zip", changed);

            fetch(1, null);

            assertThat(target()).hasBinaryContent(changed);
            Files.delete(target());
            Files.delete(folder.resolve("file.zip.sha256"));
        }
    }

    @Test
    void aWeakTagIsNoPromiseButATimeOfChangeIs() throws Exception {
        server.etag = "W/\"one\"";
        server.lastModified = "Tue, 01 Sep 2020 00:00:00 GMT";
        server.cutAfter(1_000_000);

        fetch(3, null);

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(server.requests()).contains("/file.zip bytes=1000000- Tue, 01 Sep 2020 00:00:00 GMT");
    }

    @Test
    void withoutAVersionNothingIsPatchedTogether() throws Exception {
        server.etag = null;
        server.cutAfter(1_000_000);

        fetch(3, null);

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(server.requests()).containsExactly("/file.zip", "/file.zip");
    }

    @Test
    void aPartThatWasCompleteIsOnlyHashed() throws Exception {
        Files.write(folder.resolve("file.zip.part"), CONTENT);
        Files.writeString(folder.resolve("file.zip.part.of"), server.uri("/file.zip") + "\n\"one\"\n");

        fetch(1, hash());

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(server.requests()).containsExactly("/file.zip bytes=3000000- \"one\"");
    }

    @Test
    void aPartLongerThanTheFileIsThrownAway() throws Exception {
        Files.write(folder.resolve("file.zip.part"), random(3, 3_000_001));
        Files.writeString(folder.resolve("file.zip.part.of"), server.uri("/file.zip") + "\n\"one\"\n");

        fetch(1, null);

        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void anotherHashThanExpectedIsRefusedAndTheFileHasNotItsName() {
        assertThatIOException()
                .isThrownBy(() -> fetch(3, "0".repeat(64)))
                .withMessageContaining("has the SHA-256 " + hash())
                .withMessageContaining("file.zip.part");

        assertThat(target()).doesNotExist();
        assertThat(pauses).isEmpty();
    }

    @Test
    void theExpectedHashMayBeInCapitals() throws Exception {
        fetch(1, hash().toUpperCase(Locale.ROOT));

        assertThat(target()).exists();
    }

    @Test
    void tooLittleRoomIsRefusedBeforeAByteIsWritten() {
        room = CONTENT.length - 1;

        assertThatIOException()
                .isThrownBy(() -> fetch(3, null))
                .withMessageContaining("4 MB more are needed")
                .withMessageContaining("captioner.download.directory");

        assertThat(folder.resolve("file.zip.part")).doesNotExist();
        assertThat(pauses).isEmpty();
    }

    @Test
    void onlyTheRestNeedsRoom() throws Exception {
        server.cutAfter(2_000_000);
        assertThatIOException().isThrownBy(() -> fetch(1, null));
        room = 1_000_000;

        fetch(1, null);

        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void aFileThatIsNotThereIsRefusedAtOnce() {
        server.put("/other.zip", CONTENT);

        assertThatIOException()
                .isThrownBy(() -> download(5).fetch(server.uri("/gone.zip"), target(), null))
                .withMessageContaining("answered with 404");

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aServerInTroubleIsAskedAgainAfterLongerAndLongerPauses() throws Exception {
        server.failWith(503, 500, 429);

        fetch(4, null);

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    @Test
    void itGivesUpAfterTooManyTriesWithoutAByte() {
        server.failWith(503, 503, 503, 503);

        assertThatIOException().isThrownBy(() -> fetch(3, null)).withMessageContaining("after 3 tries");

        assertThat(server.requests()).hasSize(3);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void aFileThatIsThereIsNotFetchedButCompared() throws Exception {
        Files.write(target(), CONTENT);

        fetch(1, hash());

        assertThat(server.requests()).isEmpty();
        assertThat(folder.resolve("file.zip.sha256")).hasContent(hash() + "  file.zip\n");
        assertThatIOException()
                .isThrownBy(() -> fetch(1, "0".repeat(64)))
                .withMessageContaining("delete it and start again");
    }

    @Test
    void pausesAreAtMostTwoMinutes() {
        BackOffExecution pauses = properties(100).pausesInARow().start();
        List<Duration> all = Stream.generate(() -> Duration.ofMillis(pauses.nextBackOff()))
                .limit(99)
                .toList();

        assertThat(all.get(0)).isEqualTo(Duration.ofSeconds(2));
        assertThat(all.get(5)).isEqualTo(Duration.ofSeconds(64));
        assertThat(all.get(98)).isEqualTo(Duration.ofMinutes(2));
        assertThat(pauses.nextBackOff()).isEqualTo(BackOffExecution.STOP);
    }

    @Test
    void anInterruptEndsThePauseAndTheFetch() {
        server.failWith(503);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> fetch(3, null));

        assertThat(server.requests()).hasSize(1);
        assertThat(target()).doesNotExist();
    }

    private void fetch(int attempts, @Nullable String sha256) throws IOException, InterruptedException {
        download(attempts).fetch(server.uri("/file.zip"), target(), sha256);
    }

    private Download download(int attempts) {
        BackOff recorded = () -> {
            BackOffExecution real = properties(attempts).pausesInARow().start();
            return () -> {
                long pause = real.nextBackOff();
                if (pause != BackOffExecution.STOP) {
                    pauses.add(Duration.ofMillis(pause));
                    return 0;
                }
                return pause;
            };
        };
        return new Download(Duration.ofSeconds(20), recorded, anyFolder -> room, Jobs.silent());
    }

    private DownloadProperties properties(int attempts) {
        return new DownloadProperties(
                2017,
                folder,
                server.uri(""),
                List.of(CocoPart.VAL),
                Map.of(),
                attempts,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20));
    }

    private Path target() {
        return folder.resolve("file.zip");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random(long seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }
}
