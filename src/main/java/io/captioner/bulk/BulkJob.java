package io.captioner.bulk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.bulk.PhotoFiles.PhotoFile;
import io.captioner.files.FileFaults;
import io.captioner.jobs.DaemonThreads;
import io.captioner.jobs.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
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

/** The caption job: captions the photos of a shard that have no caption yet, each once, into a file of JSON lines. */
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
        try (BulkCaptioner captioner = BulkCaptioner.open(properties.bundle(), captioning);
                CaptionLines lines = CaptionLines.open(
                        properties.output().resolve(properties.shard().fileName()), captioner.origin())) {
            List<PhotoFile> left = photos.stream()
                    .filter(photo -> !lines.done().contains(photo.key()))
                    .toList();
            log.info("{} photos in shard {}, {} of them without a caption", photos.size(), shard(), left.size());
            new Run(captioner, lines, left).all();
        }
    }

    private String shard() {
        return properties.shard().index() + "/" + properties.shard().count();
    }

    /** One pass over photos by several readers; the captions are written in the order of completion. */
    private final class Run {
        private final BulkCaptioner captioner;

        @GuardedBy("this") private final CaptionLines lines;

        private final Queue<PhotoFile> left;
        private final int total;

        @GuardedBy("this") private int failed;

        Run(BulkCaptioner captioner, CaptionLines lines, List<PhotoFile> photos) {
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
                log.info("captioned {} photos, {} more have an error", total - failed, failed);
            }
        }

        /** One reader's share: takes photos until none are left, or it fails and with it the others. */
        private void read(Progress.Task task) {
            Queue<PhotoFile> taken = new ArrayDeque<>();
            try {
                Iterator<PhotoCaption> captions =
                        captioner.caption(new FilesOfQueue(left, taken, captioner.bytesNeeded()));
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

        private synchronized void write(PhotoFile photo, PhotoCaption caption, Progress.Task task) throws IOException {
            lines.write(photo.key(), caption);
            PhotoCaption.Failure error = caption.error();
            if (error != null) {
                failed++;
                log.warn("{}: {} {}", photo.key().path(), error.reason(), error.message());
            }
            task.step(1, failed == 0 ? "" : failed + " with an error");
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

    /** The bytes of photos that are taken from a queue that others share; what is taken is noted. */
    private static final class FilesOfQueue implements Iterator<byte @Nullable []> {
        private final Queue<PhotoFile> left;
        private final Queue<PhotoFile> taken;
        private final int bytes;
        private @Nullable PhotoFile next;

        FilesOfQueue(Queue<PhotoFile> left, Queue<PhotoFile> taken, int bytes) {
            this.left = left;
            this.taken = taken;
            this.bytes = bytes;
        }

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = left.poll();
            }
            return next != null;
        }

        @Override
        public byte @Nullable [] next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all photos are taken");
            }
            PhotoFile photo = Objects.requireNonNull(next);
            next = null;
            taken.add(photo);
            try (InputStream in = Files.newInputStream(photo.file())) {
                return in.readNBytes(bytes);
            } catch (IOException e) {
                if (FileFaults.isPermanent(e)) {
                    return null;
                }
                throw new UncheckedIOException(e);
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
