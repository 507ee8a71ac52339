package io.captioner;

import io.captioner.model.CaptionModel;
import io.captioner.registry.ModelListener;
import io.captioner.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Serves two fake models, "colours" by default and "blind", which has no attention. */
@TestConfiguration(proxyBeanMethods = false)
public class FakeModels {
    @Bean
    FakeCaptionModel colours() {
        return new FakeCaptionModel("colours", true);
    }

    @Bean
    @Primary
    ModelRegistry fakeRegistry(FakeCaptionModel colours) throws IOException {
        Map<String, CaptionModel> models = Map.of("colours", colours, "blind", new FakeCaptionModel("blind", false));
        return registry(UntilExit.directory(), models);
    }

    /** Returns a registry of the given models that has not loaded them yet. */
    public static ModelRegistry registry(Path root, Map<String, CaptionModel> models) throws IOException {
        for (String name : models.keySet()) {
            Path manifest = root.resolve(name).resolve("3").resolve("captioner.json");
            Files.createDirectories(manifest.getParent());
            Files.writeString(manifest, "{}");
        }
        return new ModelRegistry(
                root,
                models.containsKey("colours") ? "colours" : null,
                bundle -> {
                    CaptionModel model =
                            models.get(bundle.getName(bundle.getNameCount() - 2).toString());
                    if (model == null) {
                        throw new IllegalArgumentException("no fake for " + bundle);
                    }
                    return model;
                },
                ModelListener.NONE);
    }
}
