package io.captioner.registry;

import io.captioner.model.djl.DjlEngine;
import io.captioner.model.djl.NativeEnvironment;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Sets how much TensorFlow writes of itself, and begins to load the models as soon as the properties are known: putting
 * the rest of the service together takes about as long, and a second core is there.
 */
public final class ModelPreloadListener implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final String NAME = "headStart";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        NativeEnvironment.setLogLevel(context.getEnvironment());
        if (context.getEnvironment().matchesProfiles("training")) {
            return;
        }
        ModelProperties properties;
        try {
            properties =
                    Binder.get(context.getEnvironment()).bindOrCreate(ModelProperties.PREFIX, ModelProperties.class);
        } catch (BindException saidWithTheOthers) {
            return; // the context is about to refuse them, and says which and why
        }
        ModelPreloader headStart = new ModelPreloader(properties.loader());
        headStart.begin(properties.directory(), () -> DjlEngine.start(properties.devices()));
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        beans.registerSingleton(NAME, headStart);
        beans.registerDisposableBean(NAME, headStart::close);
    }
}
