package io.captioner.bulk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.bulk.BulkProperties.Format;
import io.captioner.bulk.PhotoFiles.PhotoFile;
import io.captioner.files.FileFaults;
import io.captioner.files.UnusableFileException;
import io.captioner.image.PhotoDescription;
import io.captioner.jobs.DaemonThreads;
import io.captioner.jobs.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The caption job: captions the photos of a shard that have no caption yet, each once, into a file of JSON lines, and
 * as wanted into a table or into XMP sidecars.
 */
final class BulkJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(BulkJob.class);

    private final BulkProperties properties;
    private final CaptioningProperties captioning;
    private final Progress progress;

    BulkJob(BulkProperties properties, CaptioningProperties captioning, Progress progress) {
        this.properties = properties;
        this.captioning = captioning;
        this.progress = progress;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException, InterruptedException {
        List<PhotoFile> photos = PhotoFiles.of(properties);
        Path file = properties.lines();
        try (BulkCaptioner captioner = BulkCaptioner.open(properties.bundle(), captioning)) {
            if (properties.dryRun()) {
                run(photos, CaptionLines.done(file, captioner.origin()), captioner, null);
                return;
            }
            try (CaptionLines lines = CaptionLines.open(file, captioner.origin())) {
                run(photos, lines.done(), captioner, lines);
            }
        }
        if (properties.format() == Format.CSV) {
            CaptionTable.write(file, properties.table());
        }
    }

    private void run(
            List<PhotoFile> photos, Set<PhotoFile.Key> done, BulkCaptioner captioner, @Nullable CaptionLines lines)
            throws IOException, InterruptedException {
        List<PhotoFile> left =
                photos.stream().filter(photo -> !done.contains(photo.key())).toList();
        log.info("{} photos in shard {}, {} of them without a caption", photos.size(), shard(), left.size());
        new Run(captioner, lines, left).all();
    }

    private String shard() {
        return properties.shard().index() + "/" + properties.shard().count();
    }

    /** One pass over photos by several readers; the captions are written in the order of completion. */
    private final class Run {
        private final BulkCaptioner captioner;

        /** Null in a dry run. */
        @GuardedBy("this") private final @Nullable CaptionLines lines;

        private final Sidecars sidecars = new Sidecars(properties.sidecarName());
        private final Queue<PhotoFile> left;
        private final int total;

        @GuardedBy("this") private int failed;

        @GuardedBy("this") private int described;

        @GuardedBy("this") private int captioned;

        Run(BulkCaptioner captioner, @Nullable CaptionLines lines, List<PhotoFile> photos) {
            this.captioner = captioner;
            this.lines = lines;
            this.left = new ConcurrentLinkedQueue<>(photos);
            this.total = photos.size();
        }

        void all() throws IOException, InterruptedException {
            int readers = Objects.requireNonNullElse(
                    properties.readers(), Runtime.getRuntime().availableProcessors());
            ExecutorService threads = DaemonThreads.pool("bulk-reader", readers);
            try (Progress.Task task = progress.start("captions", total)) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < readers; i++) {
                    running.add(threads.submit(() -> read(task)));
                }
                for (Future<?> reader : running) {
                    await(reader);
                }
            } finally {
                left.clear();
                threads.shutdown();
            }
            synchronized (this) {
                log.info(
                        properties.dryRun()
                                ? "would caption {} photos, {} more have an error, {} have a description: nothing was written"
                                : "captioned {} photos, {} more have an error, {} were left out for their description",
                        captioned,
                        failed,
                        described);
            }
        }

        /** One reader's share: takes photos until none are left, or it fails and with it the others. */
        private void read(Progress.Task task) {
            Queue<PhotoFile> taken = new ArrayDeque<>();
            try {
                Iterator<PhotoCaption> captions = captioner.caption(
                        new FilesOfQueue(left, taken, captioner.bytesNeeded(), photo -> isLeftOut(photo, task)));
                while (captions.hasNext()) {
                    PhotoCaption caption = captions.next();
                    write(Objects.requireNonNull(taken.poll()), caption, task);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                // After a failure the others finish what they have, and take no more.
                left.clear();
            }
        }

        /** Returns whether a photo has a description, or a sidecar that cannot be read, and so gets no caption. */
        private boolean isLeftOut(ReadPhoto photo, Progress.Task task) throws IOException {
            try {
                if (!properties.skipsDescribed()
                        || (sidecars.description(photo.file().file()) == null
                                && (photo.content() == null
                                        || PhotoDescription.of(photo.content()).isEmpty()))) {
                    return false;
                }
                synchronized (this) {
                    described++;
                    task.step(1, suffix());
                }
            } catch (IOException e) {
                failed(photo.file(), e, task);
            }
            return true;
        }

        /** Counts a photo whose sidecar cannot be read or written; a disk that fails ends the job. */
        private synchronized void failed(PhotoFile photo, IOException sidecar, Progress.Task task) throws IOException {
            if (!(sidecar instanceof UnusableFileException || FileFaults.isPermanent(sidecar))) {
                throw sidecar;
            }
            failed++;
            log.warn("{}: no caption is written: {}", photo.key().path(), FileFaults.reason(sidecar));
            task.step(1, suffix());
        }

        /** The sidecar comes first: a photo whose line is there is not captioned again. */
        private void write(PhotoFile photo, PhotoCaption caption, Progress.Task task) throws IOException {
            if (caption.caption() != null && properties.format() == Format.XMP) {
                try {
                    writeSidecar(photo, caption.caption());
                } catch (IOException e) {
                    failed(photo, e, task);
                    return;
                }
            }
            writeLine(photo, caption, task);
        }

        private void writeSidecar(PhotoFile photo, String caption) throws IOException {
            if (properties.dryRun()) {
                log.info("would write {}: {}", sidecars.of(photo.file()), caption);
            } else {
                sidecars.write(photo.file(), caption);
            }
        }

        private synchronized void writeLine(PhotoFile photo, PhotoCaption caption, Progress.Task task)
                throws IOException {
            if (lines != null) {
                lines.write(photo.key(), caption);
            } else if (properties.format() != Format.XMP) {
                log.info("would write {}: {}", photo.key().path(), caption.caption());
            }
            PhotoCaption.Failure error = caption.error();
            if (error == null) {
                captioned++;
            } else {
                failed++;
                log.warn("{}: {} {}", photo.key().path(), error.reason(), error.message());
            }
            task.step(1, suffix());
        }

        @GuardedBy("this") private String suffix() {
            String described = this.described == 0 ? "" : this.described + " with a description";
            String failed = this.failed == 0 ? "" : this.failed + " with an error";
            return described.isEmpty() || failed.isEmpty() ? described + failed : described + ", " + failed;
        }
    }

    private static void await(Future<?> reader) throws IOException, InterruptedException {
        try {
            reader.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UncheckedIOException storage) {
                throw Objects.requireNonNull(storage.getCause());
            }
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("bug: a reader ended", cause);
        }
    }

    /** A photo and its bytes, null if it cannot be read. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once
    private record ReadPhoto(PhotoFile file, byte @Nullable [] content) {}

    /** Decides whether a photo that was read is left out. */
    private interface LeftOut {
        boolean test(ReadPhoto photo) throws IOException;
    }

    /** The bytes of photos that are taken from a queue that others share; what is taken is noted. */
    private static final class FilesOfQueue implements Iterator<byte @Nullable []> {
        private final Queue<PhotoFile> left;
        private final Queue<PhotoFile> taken;
        private final int bytes;
        private final LeftOut leftOut;
        private @Nullable ReadPhoto next;

        FilesOfQueue(Queue<PhotoFile> left, Queue<PhotoFile> taken, int bytes, LeftOut leftOut) {
            this.left = left;
            this.taken = taken;
            this.bytes = bytes;
            this.leftOut = leftOut;
        }

        @Override
        public boolean hasNext() {
            while (next == null) {
                PhotoFile photo = left.poll();
                if (photo == null) {
                    return false;
                }
                try {
                    ReadPhoto read = new ReadPhoto(photo, read(photo));
                    next = leftOut.test(read) ? null : read;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return true;
        }

        @Override
        public byte @Nullable [] next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all photos are taken");
            }
            ReadPhoto photo = Objects.requireNonNull(next);
            next = null;
            taken.add(photo.file());
            return photo.content();
        }

        private byte @Nullable [] read(PhotoFile photo) throws IOException {
            try (InputStream in = Files.newInputStream(photo.file())) {
                return in.readNBytes(bytes);
            } catch (IOException e) {
                if (FileFaults.isPermanent(e)) {
                    return null;
                }
                throw e;
            }
        }
    }

    /** The job that {@code captioner.job=caption} runs. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "caption")
    @EnableConfigurationProperties({BulkProperties.class, CaptioningProperties.class})
    static class BulkConfiguration {
        @Bean
        BulkJob bulkJob(BulkProperties properties, CaptioningProperties captioning, Progress progress) {
            return new BulkJob(properties, captioning, progress);
        }
    }
}
