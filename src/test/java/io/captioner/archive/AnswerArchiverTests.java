package io.captioner.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.archive.ArchiveListener.Miss;
import io.captioner.archive.ArchiveProperties.OpenSearch;
import io.captioner.caption.AnswerKeeper.Original;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionListener.Source;
import io.captioner.caption.CaptionResponse;
import io.captioner.caption.ImageUpload;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.model.DecodeOptions;
import io.captioner.trust.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class AnswerArchiverTests {
    private static final CaptionResponse RESPONSE = new CaptionResponse(
            new CaptionResponse.Model("colours", "1", "b".repeat(64), "cpu"),
            new DecodeOptions(3, 20, 0.7f),
            List.of(new CaptionResponse.CaptionedImage(
                    null,
                    10,
                    10,
                    Source.DEVICE,
                    List.of(new CaptionResponse.Caption(
                            "a dog",
                            -1,
                            new Trust(0.5, false, null, 0.5, null, List.of(), null),
                            null,
                            null,
                            List.of())),
                    null)),
            new CaptionResponse.Timing(0, 0, 0));

    private final List<Miss> missed = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final ArchiveListener listener = new ArchiveListener() {
        @Override
        public void missed(Miss why) {
            missed.add(why);
        }
    };
    private final BrokenStore store = new BrokenStore();
    private final GroupCommit writer = new GroupCommit(store, listener, nanos::get);

    @AfterEach
    void close() throws IOException {
        writer.close();
    }

    @Test
    void anAnswerThatCannotBeKeptIsAnsweredWithoutAnId() {
        AnswerArchiver archiver = archiver(false);

        assertThat(id(archiver.keep(RESPONSE, originals("1")))).isNull();
        assertThat(missed).containsExactly(Miss.UNAVAILABLE);
    }

    @Test
    void afterAFailureTheNextAnswersDoNotWaitForAnother() {
        AnswerArchiver archiver = archiver(false);
        archiver.keep(RESPONSE, originals("1"));
        store.broken = false;

        assertThat(id(archiver.keep(RESPONSE, originals("2")))).isNull();
        assertThat(store.writes).isEqualTo(1);

        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(id(archiver.keep(RESPONSE, originals("2")))).isNotNull();
        assertThat(missed).containsExactly(Miss.UNAVAILABLE, Miss.UNAVAILABLE);
    }

    @Test
    void whereTheArchiveIsRequiredTheRequestFailsAndMayBeTriedAgain() {
        AnswerArchiver archiver = archiver(true);

        assertThatThrownBy(() -> archiver.keep(RESPONSE, originals("1")))
                .isInstanceOfSatisfying(CaptionFailure.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(CaptionFailure.Reason.NOT_READY);
                    assertThat(failure.retryAfter()).isNotNull();
                });
    }

    @Test
    void whatTheServiceSendsItselfBeforeItIsReadyIsNotKept() {
        store.broken = false;
        AnswerArchiver archiver = unstarted(false);

        assertThat(archiver.keep(RESPONSE, originals("1"))).isSameAs(RESPONSE);
        assertThat(store.writes).isZero();
    }

    private AnswerArchiver archiver(boolean required) {
        AnswerArchiver archiver = unstarted(required);
        archiver.start();
        return archiver;
    }

    private AnswerArchiver unstarted(boolean required) {
        ArchiveProperties properties = new ArchiveProperties(
                true,
                Path.of("unused"),
                required,
                Duration.ofSeconds(30),
                true,
                Duration.ZERO,
                DataSize.ofBytes(0),
                0,
                new OpenSearch(null, "captions", null));
        return new AnswerArchiver(
                store,
                writer,
                new PhotoDecoder(ImageLimits.defaults()),
                properties,
                listener,
                Clock.systemUTC(),
                nanos::get);
    }

    private static @Nullable String id(CaptionResponse response) {
        return response.results().get(0).archiveId();
    }

    private static List<Original> originals(String sha256) {
        return List.of(new Original(
                new ImageUpload() {
                    @Override
                    public @Nullable String filename() {
                        return null;
                    }

                    @Override
                    public long size() {
                        return 1;
                    }

                    @Override
                    public byte[] bytes() {
                        return new byte[1];
                    }
                },
                sha256,
                null));
    }

    private static final class BrokenStore implements AnswerStore {
        private volatile boolean broken = true;
        private volatile int writes;

        @Override
        public boolean has(String id) {
            return false;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void write(List<Pending> changes) {
            writes++;
            for (Pending pending : changes) {
                if (broken) {
                    pending.durable().completeExceptionally(new IOException("No space left on device"));
                } else {
                    pending.durable().complete(null);
                }
            }
        }

        @Override
        public void tick() {}

        @Override
        public ArchiveStatus status() {
            return new ArchiveStatus(!broken, "", 0, 0);
        }

        @Override
        public void close() {}
    }
}
