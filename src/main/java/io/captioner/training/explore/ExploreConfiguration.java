package io.captioner.training.explore;

import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.jobs.Progress;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The job that {@code captioner.job=explore} runs. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@ConditionalOnProperty(name = "captioner.job", havingValue = "explore")
@EnableConfigurationProperties(ExploreProperties.class)
class ExploreConfiguration {
    @Bean
    ExploreJob exploreJob(ExploreProperties properties, Progress progress) {
        return new ExploreJob(properties, new PhotoDecoder(ImageLimits.defaults()), progress);
    }
}
