package io.captioner.training.evaluation;

import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.jobs.Progress;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The job that scores a running service or a bundle. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@ConditionalOnProperty(name = "captioner.job", havingValue = "evaluate")
@EnableConfigurationProperties(EvaluationProperties.class)
class EvaluationConfiguration {
    @Bean
    EvaluationJob evaluationJob(EvaluationProperties properties, Progress progress) {
        return new EvaluationJob(properties, new PhotoDecoder(ImageLimits.defaults()), progress);
    }
}
