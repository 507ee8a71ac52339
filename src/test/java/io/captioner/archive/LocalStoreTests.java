package io.captioner.archive;

import static io.captioner.archive.Entries.START;
import static io.captioner.archive.Entries.entry;
import static io.captioner.archive.Entries.id;
import static io.captioner.archive.Entries.words;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.archive.AnswerStore.Pending;
import io.captioner.archive.ArchiveQuery.Order;
import io.captioner.archive.ArchivedCaption.Correction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

class LocalStoreTests {
    private static final byte[] THUMBNAIL = {1, 2, 3};

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private Clock clock = Clock.fixed(START, ZoneOffset.UTC);
    private LocalStore store;

    @BeforeEach
    void open() throws IOException {
        store = opened(directory.resolve("archive"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void whatIsWrittenIsFoundAtOnceByTheStemsOfItsWords() throws IOException {
        write(keep(1, "two Dogs run on a beach"), keep(2, "a dog sleeps"), keep(3, "a red car"));

        assertThat(ids(words("dog beach", Order.RELEVANCE))).containsExactly(id(1), id(2));
        assertThat(ids(words("running", Order.RELEVANCE))).containsExactly(id(1));
        assertThat(ids(words("CARS", Order.RELEVANCE))).containsExactly(id(3));
        assertThat(ids(words("cat", Order.RELEVANCE))).isEmpty();
        assertThat(ids(words("\"+-*:(", Order.RELEVANCE))).isEmpty();
        assertThat(store.has(id(2))).isTrue();
        assertThat(store.has(id(4))).isFalse();
    }

    @Test
    void entriesAreOrderedAndNarrowedByTimeAndConfidence() throws IOException {
        write(keep(10, "a dog"), keep(30, "a dog"), keep(20, "a dog"));
        Instant twenty = START.plus(Duration.ofMinutes(20));

        assertThat(ids(words(null, Order.RELEVANCE))).containsExactly(id(30), id(20), id(10));
        assertThat(ids(words("dog", Order.OLDEST))).containsExactly(id(10), id(20), id(30));
        assertThat(ids(words(null, Order.CONFIDENCE))).containsExactly(id(30), id(20), id(10));
        assertThat(ids(words(null, Order.UNCERTAINTY))).containsExactly(id(10), id(20), id(30));
        assertThat(ids(new ArchiveQuery(null, null, twenty, null, null, null, Order.OLDEST, 0, 20)))
                .containsExactly(id(20), id(30));
        assertThat(ids(new ArchiveQuery(null, null, null, twenty, null, null, Order.OLDEST, 0, 20)))
                .containsExactly(id(10));
        assertThat(ids(new ArchiveQuery(null, null, null, null, 0.2, 0.25, Order.OLDEST, 0, 20)))
                .containsExactly(id(20));
        assertThat(ids(new ArchiveQuery(null, entry(30, "").sha256(), null, null, null, null, Order.OLDEST, 0, 20)))
                .containsExactly(id(30));
    }

    @Test
    void pagesHaveEveryEntryOnceAndTheTotal() throws IOException {
        write(Stream.iterate(1, i -> i + 1).limit(25).map(i -> keep(i, "a dog")).toArray(Change[]::new));

        ArchivePage last =
                store.index().search(new ArchiveQuery("dog", null, null, null, null, null, Order.OLDEST, 2, 10));
        ArchivePage beyond =
                store.index().search(new ArchiveQuery("dog", null, null, null, null, null, Order.OLDEST, 3, 10));

        assertThat(last.total()).isEqualTo(25);
        assertThat(last.entries())
                .extracting(ArchivedCaption::id)
                .containsExactly(id(21), id(22), id(23), id(24), id(25));
        assertThat(beyond.entries()).isEmpty();
    }

    @Test
    void aCorrectionIsKeptBesideTheModelsTextAndBothAreFound() throws IOException {
        write(keep(1, "a dog"));
        write(Change.correct(id(1), new Correction("my cat Minka", START)));
        write(keep(1, "a dog"));

        ArchivedCaption entry = requireNonNull(store.index().find(id(1)));
        assertThat(entry.text()).isEqualTo("a dog");
        assertThat(requireNonNull(entry.correction()).text()).isEqualTo("my cat Minka");
        assertThat(ids(words("minka", Order.RELEVANCE))).containsExactly(id(1));
        assertThat(ids(words("dog", Order.RELEVANCE))).containsExactly(id(1));
        assertThat(store.index().thumbnail(id(1))).isEqualTo(THUMBNAIL);

        write(Change.correct(id(1), null));
        assertThat(requireNonNull(store.index().find(id(1))).correction()).isNull();
        assertThat(ids(words("minka", Order.RELEVANCE))).isEmpty();
    }

    @Test
    void anEntryThatIsDeletedIsNotFoundAndLeavesNoBytesAfterASweep() throws IOException {
        write(keep(1, "an elephant"), keep(2, "a dog"));
        write(Change.delete(id(1)), Change.delete(id(7)));
        assertThat(store.index().find(id(1))).isNull();
        assertThat(store.has(id(1))).isFalse();

        store.sweep();
        store.tick();

        assertThat(ids(words(null, Order.OLDEST))).containsExactly(id(2));
        assertThat(bytesOf(directory.resolve("archive")))
                .doesNotContain("elephant")
                .contains("a dog");
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKillAtAnyTime() throws IOException {
        write(keep(1, "a dog"));
        Path uncommitted = killed("uncommitted");
        write(keep(2, "a cat"), Change.correct(id(1), new Correction("a wolf", START)));
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        store.tick();
        Path committed = killed("committed");
        write(Change.delete(id(2)), keep(3, "a car"));
        Path again = killed("again");

        assertThat(found(uncommitted)).containsExactly("a dog");
        assertThat(found(committed)).containsExactly("a wolf", "a cat");
        assertThat(found(again)).containsExactly("a wolf", "a car");
        assertThat(found(again)).as("opened twice").containsExactly("a wolf", "a car");
    }

    @Test
    void aLineThatAKillCutOffIsNoEntryAndSpoilsNoOther() throws IOException {
        write(keep(1, "a dog"));
        Path copy = killed("cut-off");
        try (Stream<Path> files = Files.list(copy)) {
            Path log = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
            byte[] line = Files.readAllBytes(log);
            Files.write(log, Arrays.copyOf(line, line.length / 2), StandardOpenOption.APPEND);
        }

        try (LocalStore opened = opened(copy)) {
            opened.write(List.of(new Pending(keep(2, "a cat"))));
        }
        assertThat(found(copy)).containsExactly("a dog", "a cat");
    }

    @Test
    void onAFullDiskNothingIsAcknowledgedAndLaterAnswersAreKeptAgain() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "a device that is always full is only on Linux");
        Path log = directory.resolve("archive/changes-000002.jsonl");
        Files.createSymbolicLink(log, full);

        Pending lost = new Pending(keep(1, "a dog"));
        store.write(List.of(lost));

        assertThat(lost.durable()).isCompletedExceptionally();
        assertThat(store.has(id(1))).isFalse();
        assertThat(store.status().writable()).isFalse();
        assertThat(store.status().fault()).contains("No space left");

        Files.delete(log);
        write(keep(2, "a cat"));
        assertThat(store.status().writable()).isTrue();
        assertThat(store.status().fault()).isEmpty();
        assertThat(found(killed("freed"))).containsExactly("a cat");
    }

    @Test
    void anIndexThatFailedIsOpenedAgainFromTheLog() throws IOException {
        write(keep(1, "a dog"));
        store.index().close();

        write(keep(2, "a cat"));
        assertThatThrownBy(() -> store.index()).isInstanceOf(ArchiveUnavailableException.class);
        assertThat(store.status().fault()).isNotEmpty();
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        store.tick();

        assertThat(ids(words(null, Order.OLDEST))).containsExactly(id(1), id(2));
        assertThat(store.status().fault()).isEmpty();
    }

    @Test
    void anIndexThatCannotBeOpenedIsNoReasonNotToStart() throws IOException {
        Path archive = Files.createDirectories(directory.resolve("damaged"));
        Files.writeString(Files.createDirectory(archive.resolve("index")).resolve("segments_1"), "no index");

        try (LocalStore damaged = opened(archive)) {
            Pending pending = new Pending(keep(1, "a dog"));
            damaged.write(List.of(pending));

            assertThat(pending.durable()).isCompleted();
            assertThat(damaged.status().fault()).isNotEmpty();
            FileSystemUtils.deleteRecursively(archive.resolve("index"));
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            damaged.tick();
            assertThat(damaged.index().find(id(1))).isNotNull();
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedSaysSo() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> opened(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("captioner.archive.directory is " + file);
    }

    @Test
    void aSecondProcessIsToldToUseAnotherDirectory() {
        assertThatThrownBy(() -> opened(directory.resolve("archive")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("give each process a directory of its own");
    }

    @Test
    void entriesAreDeletedWhenTheyAreOldOrTheIndexIsLarge() throws IOException {
        store.close();
        clock = Clock.fixed(START.plus(Duration.ofMinutes(50)), ZoneOffset.UTC);
        store = new LocalStore(
                Entries.properties(directory.resolve("archive"), Duration.ofMinutes(30), DataSize.ofKilobytes(200)),
                clock,
                nanos::get);
        write(Stream.iterate(1, i -> i + 1)
                .limit(50)
                .map(i -> Change.keep(entry(i, "a dog"), noise(i)))
                .toArray(Change[]::new));
        assertThat(store.status().entries()).isEqualTo(50);

        store.sweep();
        store.tick();

        List<String> left = ids(new ArchiveQuery(null, null, null, null, null, null, Order.OLDEST, 0, 100));
        assertThat(left).hasSizeBetween(5, 22).doesNotContain(id(19)).endsWith(id(49), id(50));
        assertThat(store.index().bytes()).isLessThan(200_000);
    }

    /** Ten kilobytes that cannot be compressed. */
    private static byte[] noise(int seed) {
        byte[] noise = new byte[10_000];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private LocalStore opened(Path archive) throws IOException {
        return new LocalStore(Entries.properties(archive), clock, nanos::get);
    }

    private void write(Change... changes) {
        List<Pending> pending = Stream.of(changes).map(Pending::new).toList();
        store.write(pending);
        assertThat(pending).allSatisfy(change -> assertThat(change.durable()).isCompleted());
    }

    private static Change keep(int number, String text) {
        return Change.keep(entry(number, text), THUMBNAIL);
    }

    private List<String> ids(ArchiveQuery query) throws IOException {
        return store.index().search(query).entries().stream()
                .map(ArchivedCaption::id)
                .toList();
    }

    /** Returns the files as a process that is killed now would leave them. */
    private Path killed(String name) throws IOException {
        Path copy = directory.resolve(name);
        FileSystemUtils.copyRecursively(directory.resolve("archive"), copy);
        return copy;
    }

    /** Returns the texts of the entries, oldest first. */
    private List<String> found(Path archive) throws IOException {
        try (LocalStore opened = opened(archive)) {
            return opened.index().search(words(null, Order.OLDEST)).entries().stream()
                    .map(entry -> {
                        @Nullable Correction correction = entry.correction();
                        return correction == null ? entry.text() : correction.text();
                    })
                    .toList();
        }
    }

    private static String bytesOf(Path archive) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(archive)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
