package io.captioner.archive;

import io.captioner.caption.ImageProperties;
import io.captioner.image.HeifSupport;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.DaemonThreads;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Builds the archive, if it is switched on. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@ConditionalOnProperty("captioner.archive.enabled")
@EnableConfigurationProperties(ArchiveProperties.class)
class ArchiveConfiguration {
    private static final int SWEEP_MINUTES = 60;

    /** Closed by the thread that writes. */
    @Bean(destroyMethod = "")
    AnswerStore answerStore(ArchiveProperties properties) throws IOException {
        return properties.opensearch().url() == null
                ? new LocalStore(properties, Clock.systemUTC(), System::nanoTime)
                : new OpenSearchStore(properties.opensearch(), properties.timeout());
    }

    @Bean(destroyMethod = "close")
    GroupCommit archiveWriter(AnswerStore store, ObjectProvider<ArchiveListener> listeners) {
        return new GroupCommit(
                store, ArchiveListener.all(listeners.orderedStream().toList()), System::nanoTime);
    }

    @Bean
    AnswerArchiver answerArchiver(
            AnswerStore store,
            GroupCommit writer,
            ImageProperties images,
            HeifSupport heif,
            ArchiveProperties properties,
            ObjectProvider<ArchiveListener> listeners) {
        return new AnswerArchiver(
                store,
                writer,
                new PhotoDecoder(new ImageLimits(images.maxPixels(), images.maxSide()), heif),
                properties,
                ArchiveListener.all(listeners.orderedStream().toList()),
                Clock.systemUTC(),
                System::nanoTime);
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> archiveStart(AnswerArchiver archiver) {
        return ready -> archiver.start();
    }

    /** The state of the archive, wherever it is. */
    @Bean
    ArchiveStatus.Source archiveStatus(AnswerStore store) {
        return store::status;
    }

    @Bean
    @Conditional(OnLocalArchive.class)
    CaptionArchive captionArchive(AnswerStore store, GroupCommit writer) {
        return new CaptionArchive((LocalStore) store, writer, Clock.systemUTC());
    }

    /** Closed before the thread that writes. */
    @Bean(destroyMethod = "close")
    @Conditional(OnLocalArchive.class)
    Sweeper archiveSweeper(AnswerStore store, GroupCommit writer) {
        ScheduledExecutorService thread = DaemonThreads.scheduled("archive-sweeper");
        var unused = thread.scheduleWithFixedDelay(((LocalStore) store)::sweep, 1, SWEEP_MINUTES, TimeUnit.MINUTES);
        return new Sweeper(thread);
    }

    /** What deletes old entries; no bean of an executor's type, which Spring would use for tasks of its own. */
    record Sweeper(ScheduledExecutorService thread) implements AutoCloseable {
        /** Without an interrupt, which would close files that Lucene writes. */
        @Override
        public void close() {
            thread.shutdown();
        }
    }
}
