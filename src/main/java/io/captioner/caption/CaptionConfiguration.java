package io.captioner.caption;

import io.captioner.batching.Admission;
import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.captioner.batching.DynamicBatcher;
import io.captioner.image.HeifSupport;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.model.Hypothesis;
import io.captioner.registry.ModelRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/** Builds what a request goes through, from the configuration. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties({
    BatchingProperties.class,
    CacheProperties.class,
    ImageProperties.class,
    RequestProperties.class,
    TrustProperties.class
})
class CaptionConfiguration {
    private static final Logger log = LoggerFactory.getLogger(CaptionConfiguration.class);
    private static final String CONCURRENT_BATCHES = "captioner.batching.concurrent-batches";
    private static final String FORMER_CONCURRENT_BATCHES = "captioner.batching.runs-at-once"; // former name

    @Bean
    BatchSettings batchSettings(BatchingProperties properties, Environment environment) {
        Binder binder = Binder.get(environment);
        BindResult<Integer> former = binder.bind(FORMER_CONCURRENT_BATCHES, Integer.class);
        if (!former.isBound()) {
            return properties.settings();
        }
        log.warn(
                "{} is deprecated and goes away with the next version: set {} instead",
                FORMER_CONCURRENT_BATCHES,
                CONCURRENT_BATCHES);
        return binder.bind(CONCURRENT_BATCHES, Integer.class).isBound()
                ? properties.settings()
                : properties.withConcurrentBatches(former.get()).settings();
    }

    @Bean
    Admission admission(BatchSettings settings, RequestProperties requests) {
        if (requests.maxImages() > settings.queueCapacity()) {
            throw new IllegalArgumentException(
                    "captioner.request.max-images (%d) is above captioner.batching.queue-capacity (%d): lower the one or raise the other"
                            .formatted(requests.maxImages(), settings.queueCapacity()));
        }
        return new Admission(settings.queueCapacity(), settings.maxBatchSize(), System::nanoTime);
    }

    /** The batcher is closed before the models that it runs. */
    @Bean(destroyMethod = "close")
    @DependsOn("modelRegistry")
    DynamicBatcher<InferenceTask.BatchKey, InferenceTask.Input, List<Hypothesis>> captionBatcher(
            BatchSettings settings, ObjectProvider<BatchListener> listeners) {
        return new DynamicBatcher<>(
                "captions",
                settings,
                InferenceTask.BatchKey::run,
                CaptionConfiguration::isOutOfMemory,
                Runnable::run, // the threads of the requests wait for their futures: nothing runs on completion
                System::nanoTime,
                BatchListener.all(listeners.orderedStream().toList()));
    }

    @Bean
    HeifSupport heifSupport(ImageProperties images) {
        return images.heif() == ImageProperties.Heif.OFF ? HeifSupport.off() : HeifSupport.installed();
    }

    @Bean
    BoundedImageDecoder imageDecoder(ImageProperties images, HeifSupport heif) {
        int slots = Objects.requireNonNullElse(
                images.decoders(), Runtime.getRuntime().availableProcessors());
        return new BoundedImageDecoder(
                new PhotoDecoder(new ImageLimits(images.maxPixels(), images.maxSide()), heif), slots);
    }

    @Bean
    CaptionPictures captionPictures(BoundedImageDecoder decoder, RequestProperties requests) {
        return new CaptionPictures(decoder, requests, System::nanoTime);
    }

    @Bean
    CaptionService captionService(
            ModelRegistry models,
            BoundedImageDecoder decoder,
            Admission admission,
            DynamicBatcher<InferenceTask.BatchKey, InferenceTask.Input, List<Hypothesis>> batcher,
            ObjectProvider<CaptionListener> listeners,
            ObjectProvider<AnswerKeeper> keepers,
            CacheProperties cache,
            RequestProperties requests,
            TrustProperties trust) {
        return new CaptionService(
                models,
                decoder,
                admission,
                batcher,
                new ResultCache(cache, System::nanoTime),
                CaptionListener.all(listeners.orderedStream().toList()),
                keepers.getIfAvailable(() -> AnswerKeeper.NONE),
                requests,
                trust,
                System::nanoTime);
    }

    /** Returns whether TensorFlow failed because a batch does not fit into the memory; it has two messages for that. */
    static boolean isOutOfMemory(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toUpperCase(Locale.ROOT);
            if (cause instanceof OutOfMemoryError
                    || message.contains("RESOURCE_EXHAUSTED")
                    || message.contains("OOM WHEN ALLOCATING")) {
                return true;
            }
        }
        return false;
    }
}
