package io.captioner.training.run;

import io.captioner.jobs.JobExitCodes;
import io.captioner.jobs.JobProperties;
import io.captioner.training.evaluation.EvaluationJob;
import io.captioner.training.evaluation.EvaluationProperties;
import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.training.encoder.Encoders;
import io.captioner.jobs.Progress;
import io.captioner.jobs.ProgressBar;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The jobs of the {@code training} profile; {@code captioner.job} says which one runs. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@EnableConfigurationProperties(JobProperties.class)
class TrainingConfiguration {
    @Bean
    Progress progress() {
        return ProgressBar.standard();
    }

    @Bean
    JobExitCodes jobExitCodes() {
        return new JobExitCodes();
    }

    /** The job that makes a bundle. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "train", matchIfMissing = true)
    @EnableConfigurationProperties(TrainingProperties.class)
    static class Train {
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

    /** The job that scores a running service or a bundle. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "evaluate")
    @EnableConfigurationProperties(EvaluationProperties.class)
    static class Evaluate {
        @Bean
        EvaluationJob evaluationJob(EvaluationProperties properties, Progress progress) {
            return new EvaluationJob(properties, new PhotoDecoder(ImageLimits.defaults()), progress);
        }
    }
}
