package io.captioner.registry;

import io.captioner.model.CaptionModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The registry of the service; training creates its models itself. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(ModelProperties.class)
class ModelConfiguration {
    @Bean(destroyMethod = "close")
    ModelRegistry modelRegistry(
            ModelProperties properties,
            ObjectProvider<CaptionModel.Loader> preloader,
            ObjectProvider<ModelListener> listener) {
        return new ModelRegistry(
                properties.directory(),
                properties.defaultModel(),
                preloader.getIfAvailable(properties::loader),
                listener.getIfAvailable(() -> ModelListener.NONE));
    }
}
