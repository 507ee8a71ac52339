package io.captioner.registry;

import io.captioner.model.CaptionModel;
import io.captioner.model.ModelDevice;
import io.captioner.model.ModelPrecision;
import io.captioner.model.djl.DeviceSettings;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.model.gpu.GpuProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.system.ApplicationHome;

/**
 * Which models are served, and on what.
 *
 * @param models directory of the bundles, {@code <name>/<version>/}; unset: {@code models} in the working directory,
 *     or, where there is none, beside the jar. Hidden names, files of NAS systems and desktops, and names that cannot
 *     be read are skipped; a version that cannot be read is refused, and the others are served
 * @param defaultModel name of the model for requests that name none; unset: the first name
 * @param device where models run: {@code auto} takes GPUs where TensorFlow sees them, {@code cpu} hides them, and with
 *     {@code gpu} a model is refused unless a GPU is there, holds its graph and really runs it
 * @param precision what models compute in: {@code float32}, or {@code mixed}, which is faster where the device has
 *     units for half precision, and makes words near in probability change places
 * @param gpu how GPUs are used
 */
@ConfigurationProperties(ModelProperties.PREFIX)
record ModelProperties(
        @Nullable Path models,
        @Nullable String defaultModel,
        @DefaultValue("auto") ModelDevice device,
        @DefaultValue("float32") ModelPrecision precision,
        @NestedConfigurationProperty @DefaultValue GpuProperties gpu) {
    static final String PREFIX = "captioner";

    DeviceSettings devices() {
        return new DeviceSettings(device, precision, gpu);
    }

    CaptionModel.Loader loader() {
        return bundle -> DjlBundleLoader.load(bundle, devices());
    }

    Path directory() {
        if (models != null) {
            return models;
        }
        Path here = Path.of("models").toAbsolutePath();
        Path besideTheJar =
                new ApplicationHome(ModelProperties.class).getDir().toPath().resolve("models");
        return Files.isDirectory(here) || !Files.isDirectory(besideTheJar) ? here : besideTheJar;
    }
}
