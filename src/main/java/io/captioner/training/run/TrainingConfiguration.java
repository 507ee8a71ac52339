package io.captioner.training.run;

import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.jobs.Progress;
import io.captioner.training.encoder.Encoders;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The beans of the training job. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@ConditionalOnProperty(name = "captioner.job", havingValue = "train", matchIfMissing = true)
@EnableConfigurationProperties(TrainingProperties.class)
class TrainingConfiguration {
    @Bean
    TrainingJob trainingJob(TrainingProperties properties, ObjectProvider<GitProperties> git, Progress progress)
            throws IOException {
        GitProperties build = git.getIfAvailable();
        String commit = build == null ? "unknown" : String.valueOf(build.getCommitId());
        return new TrainingJob(
                properties,
                Encoders.create(properties.encoder()),
                file -> Encoders.readWeights(properties.encoder().name(), file),
                new PhotoDecoder(ImageLimits.defaults()),
                commit,
                progress);
    }
}
